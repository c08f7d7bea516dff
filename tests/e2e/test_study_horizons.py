"""The same people before outcomes further ahead: only the labels change, and what is known too late is left out."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from demo_folder import Demo
from earlywarn.config import load_config
from earlywarn.features.build import Matrix
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples, label_rows, plan
from earlywarn.run.opening import instruments_beside, opened
from earlywarn.study.horizons import at_horizons, with_horizon
from earlywarn.terms import outcome_window


@pytest.fixture(scope="module")
def sources(demo: Demo, quick_configs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    file = quick_configs / "pupil-absence.yaml"
    private = tmp_path_factory.mktemp("private")
    with opened(demo.data, load_config(file), instruments_beside(file), private) as found:
        yield found


def test_only_labels_change_and_horizons_that_close_too_late_are_left_out(sources: Sources) -> None:
    rows = label_rows(sources, plan(sources)[0])
    nothing = Matrix(rows.people, (), np.zeros((len(rows.people), 0), np.float32))
    examples = Examples(rows.plan, rows.people, rows.then, rows.now, nothing, None)
    found = dict(at_horizons(sources, examples, (2, 12, 38)))
    assert set(found) == {2, 12}  # in a year's time the training labels are not known before the test date
    for ahead in found.values():
        assert ahead.people is examples.people
        assert ahead.matrix is examples.matrix
    assert not np.array_equal(found[2].now.outcome, found[12].now.outcome, equal_nan=True)


def test_a_horizon_is_four_school_weeks_that_many_weeks_on(sources: Sources) -> None:
    outcome = with_horizon(sources.config, 6).outcome
    calendar = next(iter(sources.calendars.values()))
    as_of = calendar.weeks_of(2024)[9].astype(object)
    window = outcome_window(outcome, calendar, as_of)
    assert window is not None
    weeks = calendar.weeks[
        (calendar.weeks >= np.datetime64(window.start)) & (calendar.weeks < np.datetime64(window.end))
    ]
    assert [calendar.place_in_year(week.astype(object)) for week in weeks] == [16, 17, 18, 19]
