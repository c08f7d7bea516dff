"""The studies of the model skip the files of a made-up trust: what they learn from must be the same all the same."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from earlywarn.cohort import cohorts
from earlywarn.features.build import build_matrix
from earlywarn.labels import find_labels
from earlywarn.model.examples import load_sources
from earlywarn.paths import shipped_instruments
from earlywarn.simulate import Plan, simulate
from earlywarn.simulate.trust import make_trust
from earlywarn.surveys.instrument import load_instruments
from earlywarn.tables.store import open_store

ROOT = Path(__file__).parents[2]
SMALL = Plan(schools=8, pupils=600, years=3, current_weeks=0, seed=3)


def test_rows_from_memory_are_those_of_the_written_and_checked_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.models.country import NEXT_YEAR, THIS_YEAR, rows_of, shipped_config

    dates = (*THIS_YEAR, *NEXT_YEAR)
    features, rows = rows_of(make_trust(SMALL), dates)

    config, instruments = shipped_config(dates), load_instruments(shipped_instruments())
    data, private = simulate(SMALL, tmp_path / "data").folder, tmp_path / "private"
    with open_store(data, private=private, config=config, instruments=instruments) as store:
        sources = load_sources(store, config)
        people = cohorts(store, config, dates)
        matrix = build_matrix(sources, people, features)
        tomorrow = store.today + timedelta(days=1)
        labels = find_labels(store, sources.register, sources.calendars, config, people, tomorrow)

    assert rows.outcome.tolist() == (labels.outcome[labels.known] > 0).tolist()
    np.testing.assert_allclose(rows.values, matrix.values[labels.known], rtol=1e-5)
