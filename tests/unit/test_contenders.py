"""Who is held against the model, and what each of them may look at; the model of older data; mornings in between."""

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from earlywarn.config import Config
from earlywarn.evaluate.between import halfway
from earlywarn.features.build import Matrix
from earlywarn.features.feature import Feature
from earlywarn.labels import Labels
from earlywarn.model.calibrate import fit_calibration
from earlywarn.model.contenders import Contender, entries
from earlywarn.model.earlier import fit_earlier
from earlywarn.model.examples import Examples
from earlywarn.model.fit import TreeSettings
from earlywarn.model.fitted import Fitted
from earlywarn.model.folds import Plan, PlannedDate
from earlywarn.model.recipe import Trees
from earlywarn.model.train import Trained
from earlywarn.terms import SchoolCalendar, from_days

FIRST, SECOND, TEST = date(2022, 10, 3), date(2023, 10, 2), date(2024, 10, 7)
PEOPLE = 240


def feature(name: str, block: str, risk: Literal[-1, 0, 1] = 0) -> Feature:
    return Feature(name, "movement", block, "count", name, "never", lambda seen: np.zeros(seen.size, np.float32), risk)


OF_PUPILS = (
    feature("absence_rate_this_year", "attendance", 1),
    feature("at_school", "context"),
    feature("pupil_belonging", "survey", -1),
    feature("events_behaviour", "events"),
)
OF_STAFF = (
    feature("tenure_years", "staff"),
    feature("staff_leadership", "survey", -1),
    feature("staff_answered", "survey"),
    feature("staff_answered_share", "survey"),
)


def examples(features: tuple[Feature, ...], dates: tuple[date, ...] = (FIRST, SECOND)) -> Examples:
    """Return people of six schools on some training dates and a test date; the first feature goes with the outcome."""
    days = [*dates, TEST]
    count = PEOPLE * len(days)
    people = pd.DataFrame(
        {
            "person_id": [f"p{number}" for _ in days for number in range(PEOPLE)],
            "school_id": [f"s{number % 6}" for _ in days for number in range(PEOPLE)],
            "as_of": pd.to_datetime([day for day in days for _ in range(PEOPLE)]),
        }
    )
    rng = np.random.default_rng(1)
    values = rng.normal(size=(count, len(features))).astype(np.float32)
    labels = Labels((values[:, 0] + rng.normal(size=count) > 0.8).astype(float), np.full(count, "", object))
    plan = Plan((*(PlannedDate(day, None, "training") for day in dates), PlannedDate(TEST, None, "test")))
    return Examples(plan, people, labels, labels, Matrix(people, features, values), None)


def trained(rows: Examples, characteristics: tuple[Feature, ...] = (), *, monotone: bool = True) -> Trained:
    """Return a small model of all features but the characteristics."""
    used = tuple(one for one in rows.matrix.features if one not in characteristics)
    recipe = Trees(used, TreeSettings(trees=5, min_people=10, monotone=monotone), (), 1)
    values, outcome = rows.matrix.choose([one.name for one in used]), rows.now.outcome > 0
    model = recipe.fit(values[rows.training], outcome[rows.training])
    fitted = Fitted(model, fit_calibration(model.raw_score(values[rows.training]), outcome[rows.training]))
    half = np.arange(int(rows.training.sum()))
    folds = ((half[::2], half[1::2]), (half[1::2], half[::2]))
    raw = model.raw_score(values[rows.test])
    return Trained(
        recipe, folds, "by person", fitted, fitted, raw, fitted.calibration.apply(raw), characteristics, (), 0.0
    )


def contenders(rows: Examples, model: Trained, population: str = "pupils") -> dict[str, Contender]:
    outcome = {"kind": "absence_rate" if population == "pupils" else "leaves"}
    config = Config.model_validate(
        {"name": "made-up", "population": population, "as_of": {"every_weeks": 4}, "outcome": outcome}
    )
    return {found.name: found for found in (enter() for enter in entries(rows, model, config))}


def test_pupils_are_also_ranked_without_surveys_by_attendance_alone_and_without_constraints() -> None:
    rows = examples(OF_PUPILS)
    found = contenders(rows, trained(rows))
    assert list(found) == [
        "logistic", "without_surveys", "attendance_alone", "unconstrained", "unseen_schools", "rate_to_date",
        "school_average",
    ]  # fmt: skip
    assert [name for name, one in found.items() if one.is_rule] == ["rate_to_date", "school_average"]
    assert [name for name, one in found.items() if one.probability is not None] == ["logistic"]
    assert all(len(one.risk) == PEOPLE and np.isfinite(one.risk).all() for one in found.values())


def test_staff_are_also_ranked_by_answers_alone_and_by_who_took_part_alone() -> None:
    rows = examples(OF_STAFF)
    found = contenders(rows, trained(rows), "staff")
    assert list(found) == [
        "logistic", "without_surveys", "answers_alone", "participation_alone", "unconstrained", "unseen_schools",
        "school_average", "newest_first",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reads"),
    [("answers_alone", {"staff_leadership"}), ("participation_alone", {"staff_answered", "staff_answered_share"})],
)
def test_a_part_alone_reads_nothing_else(name: str, reads: set[str]) -> None:
    rows = examples(OF_STAFF)
    values = rows.matrix.values.copy()
    others = [at for at, one in enumerate(OF_STAFF) if one.name not in reads]
    values[np.ix_(rows.test, others)] = np.nan
    blind = Examples(rows.plan, rows.people, rows.then, rows.now, Matrix(rows.people, OF_STAFF, values), None)
    model = trained(rows)
    assert np.array_equal(
        contenders(rows, model, "staff")[name].risk, contenders(blind, model, "staff")[name].risk
    )  # fmt: skip


def test_a_model_without_constraints_has_no_twin_that_lacks_them() -> None:
    rows = examples(OF_PUPILS)
    assert "unconstrained" not in contenders(rows, trained(rows, monotone=False))


def test_what_is_for_the_audit_only_is_added_to_one_contender() -> None:
    rows = examples((*OF_PUPILS, feature("sen_K", "characteristics")))
    assert "with_characteristics" in contenders(rows, trained(rows, rows.matrix.features[-1:]))


def test_no_part_is_shown_twice() -> None:
    rows = examples(OF_PUPILS[:3])  # without surveys, attendance is all there is
    found = contenders(rows, trained(rows))
    assert "without_surveys" in found
    assert "attendance_alone" not in found


def test_the_earlier_model_is_the_same_recipe_without_the_latest_year() -> None:
    rows = examples(OF_PUPILS)
    model = trained(rows)
    found = fit_earlier(rows, model.recipe)
    assert (found.trained_on, found.left_out) == ((FIRST,), (SECOND,))
    older = rows.on([FIRST])
    again = model.recipe.fit(rows.matrix.values[older], rows.then.outcome[older] > 0)
    assert np.array_equal(found.raw, again.raw_score(rows.matrix.values[rows.test]))
    assert "without 2023/24" in found.words


def test_with_one_year_of_training_it_is_said_that_nothing_can_be_shown() -> None:
    rows = examples(OF_PUPILS, (SECOND,))
    found = fit_earlier(rows, trained(rows).recipe)
    assert found.raw is None
    assert found.words.startswith("All training dates lie in 2023/24: there is no older year to fit without it")


def test_too_few_outcomes_in_older_years_are_not_fitted() -> None:
    rows = examples(OF_PUPILS)
    few = rows.then.outcome.copy()
    few[rows.on([FIRST])] = 0
    found = fit_earlier(
        Examples(rows.plan, rows.people, Labels(few, rows.then.why_empty), rows.now, rows.matrix, None),
        trained(rows).recipe,
    )
    assert found.raw is None
    assert found.words.startswith("Before 2023/24 there are too few people with the outcome")


def weekly(holiday: tuple[str, str] = ("2024-10-28", "2024-11-01")) -> SchoolCalendar:
    days = pd.bdate_range("2024-09-02", "2025-07-18").difference(pd.bdate_range(*holiday))
    return from_days(days.date)


@pytest.mark.parametrize(
    ("tested", "between"),
    [
        (["2024-10-07", "2024-10-14"], []),  # weekly: no school week lies between
        (["2024-10-07", "2024-10-21"], ["2024-10-14"]),
        (["2024-10-07", "2024-11-11"], ["2024-10-21"]),  # four school weeks: the holiday is none of them
        (["2024-10-07", "2025-03-03"], ["2024-10-21"]),  # far apart: no further than a model may score
        (["2024-10-21", "2024-11-04"], []),  # only the holiday lies between
        (["2024-10-07"], []),
    ],
)
def test_mornings_between_are_halfway_in_school_weeks(tested: list[str], between: list[str]) -> None:
    assert [str(day) for day in halfway([date.fromisoformat(day) for day in tested], weekly())] == between
