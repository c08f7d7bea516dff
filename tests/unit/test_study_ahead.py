"""How early: the horizon at which answers add most is named, and one that the data do not reach says so."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from earlywarn.config import Study, load_config
from earlywarn.features.build import build_matrix
from earlywarn.labels import closes_on
from earlywarn.model.examples import Examples, features_for, label_rows
from earlywarn.model.folds import plan_dates
from earlywarn.simulate import Plan as SimulatedTrust
from earlywarn.simulate.trust import make_trust
from earlywarn.study.ahead import ahead_tables, horizon_table, named_horizon
from earlywarn.study.comparisons import Line
from earlywarn.study.steps import Step
from earlywarn.study.table import Table
from earlywarn.terms import as_of_dates, trust_calendar
from study_world import TREES, config_of, made_up, sources

ROOT = Path(__file__).parents[2]
KNOWN = (
    "absence_rate_this_year", "possible_sessions_this_year", "absence_rate_last_year", "pupil_answered",
    "pupil_cognitive", "pupil_emotional", "pupil_behavioural", "pupil_belonging",
)  # fmt: skip


def line(weeks: int, gain: float, spread: float) -> Line:
    """Return a horizon with a gain in AUC and how far it moves as schools are left out."""
    away = spread * np.sin(np.arange(20))
    lower = np.full(21, 0.7)
    upper = lower + gain + np.concatenate([[0], away - away.mean()])
    step = Step("everyone", "level", "participation", "auc", upper, lower, 5000, 900, 20, "schools")
    return Line(step, {"weeks": weeks, "trained_on": "2024-10-07", "tested_on": "2025-10-06"})


CONFIG = config_of(horizons=(2, 6, 12, 36))


def test_the_horizon_with_the_largest_gain_is_named() -> None:
    found = {2: line(2, 0.010, 0.0005), 6: line(6, 0.020, 0.0005), 12: line(12, 0.008, 0.0005)}
    table = horizon_table(found, CONFIG)
    assert [row["weeks"] for row in table.rows] == [2, 6, 12, 36]
    assert [row["weeks"] for row in table.rows if row["named"]] == [6]
    assert table.says[0].startswith("Answers add most before the 4 school weeks that begin 6 weeks on, among everyone:")
    assert "interval" in table.says[0]


def test_a_horizon_that_the_data_do_not_reach_has_a_row_without_numbers() -> None:
    table = horizon_table({2: line(2, 0.010, 0.0005)}, CONFIG)
    unreached = table.rows[-1]
    assert unreached["weeks"] == 36
    assert unreached.get("gain") is None
    assert "fewer than 100 with the outcome" in str(unreached["why"])


def test_no_horizon_is_named_where_no_gain_could_be_shown() -> None:
    found = {2: line(2, 0.001, 0.004), 6: line(6, 0.002, 0.004)}
    assert named_horizon({weeks: each.step.gain for weeks, each in found.items()}) is None
    table = horizon_table(found, CONFIG)
    assert not any(row["named"] for row in table.rows)
    assert table.says[0].startswith("At no horizon could it be shown")


def test_without_marks_nothing_is_said_of_horizons() -> None:
    assert ahead_tables(sources(), made_up(0.9), CONFIG, TREES) == ()


@pytest.fixture(scope="module")
def horizons() -> Table:
    """Look ahead in a simulated trust whose engagement acts strongly on absence."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        from benchmarks.models.in_memory import sources_of
    shipped = load_config(ROOT / "configs" / "lead-indicators.yaml")
    config = shipped.model_copy(update={"study": Study(horizons=(2, 30, 36))})
    trust = make_trust(SimulatedTrust(schools=12, pupils=1440, years=3, engagement_effect=5, seed=5))
    with sources_of(trust, config) as made:
        dates = as_of_dates(config.as_of, trust_calendar(made.calendars), made.store.today)
        closes = {day: closes_on(config, made.calendars, day) for day in dates}
        planned = plan_dates(closes, today=made.store.today, history_from=date(2023, 9, 1))
        rows = label_rows(made, planned)
        features = tuple(each for each in features_for(made, rows) if each.name in KNOWN)
        matrix = build_matrix(made, rows.people, features)
        examples = Examples(planned, rows.people, rows.then, rows.now, matrix, None)
        (table,) = ahead_tables(made, examples, config, replace(TREES, features=features))
    return table


def test_late_horizons_are_asked_about_from_lists_made_early_in_the_year(horizons: Table) -> None:
    rows = {row["weeks"]: row for row in horizons.rows}
    assert rows[2]["tested_on"] == "2025-10-06, 2026-01-26"
    assert rows[30]["trained_on"] == "2024-10-07"
    assert rows[30]["tested_on"] == "2025-10-06"
    assert rows[36].get("gain") is None  # beyond the summer: not known in time to learn from


def test_answers_that_act_on_absence_tell_of_it_ahead(horizons: Table) -> None:
    rows = {row["weeks"]: row for row in horizons.rows}
    gain = rows[2]["gain"]
    assert isinstance(gain, float)
    assert gain > 0.005
    assert (rows[2]["rung"], rows[2]["over"]) == ("level", "participation")
