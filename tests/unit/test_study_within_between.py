"""What comes first within a pupil: found in made-up trusts where it was planted, and not where it was not."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from earlywarn.config import AsOf, Config
from earlywarn.evaluate.intervals import clusters_of
from earlywarn.simulate import Plan
from earlywarn.simulate.trust import make_trust
from earlywarn.study.panel_gather import TOGETHER, Panel, gather_panels
from earlywarn.study.panel_paths import DIRECTIONS, cross_lagged_table
from earlywarn.study.panel_views import beside_alike
from earlywarn.study.table import Table, Value
from earlywarn.study.within_between import coefficients, mean_so_far, within_between_table

ROOT = Path(__file__).parents[2]
CONFIG = Config(name="test", as_of=AsOf(weeks_of_year=(10,)))
EFFECTS = (0.0, 2.0)


def made_up(effect: float) -> Panel:
    """Return the pupils of 20 schools over a year, with engagement as one number and effort alone."""
    from benchmarks.models.in_memory import sources_of

    plan = Plan(schools=20, pupils=3000, years=1, current_weeks=0, seed=5, engagement_effect=effect)
    with sources_of(make_trust(plan), CONFIG) as sources:
        (panel,) = gather_panels(sources)
    kept = tuple(scale for scale in panel.instrument.scales if scale.name in ("emotional", "behavioural"))
    return replace(panel, instrument=panel.instrument.model_copy(update={"scales": kept}))


@pytest.fixture(scope="module")
def panels() -> Iterator[Mapping[float, Panel]]:
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(ROOT))
        yield {effect: made_up(effect) for effect in EFFECTS}


@pytest.fixture(scope="module")
def paths(panels: Mapping[float, Panel]) -> Mapping[float, Table]:
    """Return the table of paths of each effect, of engagement as one number."""
    alone = {effect: replace(panel, scores={TOGETHER: panel.scores[TOGETHER]}) for effect, panel in panels.items()}
    return {effect: cross_lagged_table([panel], CONFIG) for effect, panel in alone.items()}


def row(table: Table, **wanted: str) -> Mapping[str, Value]:
    (found,) = [one for one in table.rows if all(one[name] == value for name, value in wanted.items())]
    return found


def interval(row: Mapping[str, Value], name: str = "path") -> tuple[float, float]:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    assert isinstance(low, float) and isinstance(high, float)
    return low, high


def test_engagement_that_lowers_absence_is_found_to_come_first(paths: Mapping[float, Table]) -> None:
    low, high = interval(row(paths[2.0], direction="engagement to absence"))
    assert low < high < 0
    assert paths[2.0].says[0].startswith("Within a pupil, engagement below the pupil's own usual level is followed by")


def test_without_an_effect_engagement_does_not_come_first(paths: Mapping[float, Table]) -> None:
    low, high = interval(row(paths[0.0], direction="engagement to absence"))
    assert low < 0 < high
    assert "could not be shown" in paths[0.0].says[0]


@pytest.mark.parametrize("effect", EFFECTS)
def test_absence_that_lowers_answers_is_found_to_come_first(paths: Mapping[float, Table], effect: float) -> None:
    low, high = interval(row(paths[effect], direction="absence to engagement"))
    assert low < high < 0


def test_every_interval_of_the_paths_can_be_made_again_from_its_replicates(paths: Mapping[float, Table]) -> None:
    table = paths[2.0]
    assert {(each.row, each.column) for each in table.replicates} == {
        (place, column) for place in range(len(DIRECTIONS)) for column in ("path", "carried", "usual")
    }
    for each in table.replicates:
        whole, without = each.values[0], np.array(each.values[1:])
        assert table.rows[each.row][each.column] == whole
        assert len(without) == table.rows[each.row]["schools"]
        error = np.sqrt((len(without) - 1) * without.var())
        low, high = interval(table.rows[each.row], each.column)
        assert (high - low) / 2 == pytest.approx(2.093 * error, rel=1e-3)  # Student's t of 19 degrees
        if each.column == "path":
            assert table.rows[each.row]["se"] == pytest.approx(error)


def test_every_column_is_explained_and_every_row_is_of_its_columns(
    paths: Mapping[float, Table], panels: Mapping[float, Panel]
) -> None:
    for table in (paths[0.0], within_between_table([panels[0.0]], CONFIG)):
        assert all(set(one) == set(table.columns) for one in table.rows)
        assert all(table.columns.values())


def test_a_drop_and_a_low_level_are_told_apart(panels: Mapping[float, Panel]) -> None:
    table = within_between_table([panels[2.0]], CONFIG)
    assert [one["measure"] for one in table.rows] == [TOGETHER, "emotional", "behavioural"]
    found = row(table, measure=TOGETHER)
    assert interval(found, "within")[1] < 0
    assert found["gap"] == pytest.approx(found["within"] - found["between"])  # type: ignore[operator]
    assert "higher until the next wave" in table.says[0]


def test_least_squares_is_that_of_numpy_with_all_and_without_each_school() -> None:
    random = np.random.default_rng(1)
    school = np.repeat(np.arange(12), 20)
    values = random.normal(size=(240, 4))
    found = coefficients(values, clusters_of(school, np.arange(240)))
    for place, rows in enumerate([np.ones(240, bool), *(school != each for each in range(12))]):
        design = np.column_stack([np.ones(rows.sum()), values[rows, 1:]])
        assert found[place] == pytest.approx(np.linalg.lstsq(design, values[rows, 0], rcond=None)[0][1:])


def test_columns_that_say_the_same_have_no_coefficients() -> None:
    values = np.repeat(np.arange(40.0)[:, None], 4, axis=1)
    assert np.isnan(coefficients(values, clusters_of(np.zeros(40), np.arange(40)))).all()


def test_what_is_answered_later_does_not_move_the_mean_so_far() -> None:
    scores = np.random.default_rng(2).uniform(0, 10, (50, 4))
    later = scores.copy()
    later[:, 3] = 0
    np.testing.assert_array_equal(mean_so_far(scores)[:, :3], mean_so_far(later)[:, :3])


def test_too_few_answers_are_not_estimable_and_say_why(panels: Mapping[float, Panel]) -> None:
    panel = panels[0.0]
    arrays = ("person", "school", "alike", "possible", "absent")
    few = replace(panel, **{name: getattr(panel, name)[:60] for name in arrays})
    few = replace(few, scores={name: score[:60] for name, score in panel.scores.items()})
    for table, column in (
        (within_between_table([few], CONFIG), "within"),
        (cross_lagged_table([few], CONFIG), "path"),
    ):
        assert all(one[column] is None and one["why"] for one in table.rows)
        assert not table.replicates
        assert "could not be" in table.says[0]


def test_values_are_beside_those_of_the_same_year_group(panels: Mapping[float, Panel]) -> None:
    panel = panels[0.0]
    beside = beside_alike(panel.scores[TOGETHER], panel)
    for group in np.unique(panel.alike):
        assert np.nanmean(beside[panel.alike == group], axis=0) == pytest.approx(0, abs=1e-9)
