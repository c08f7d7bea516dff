"""Where a gap comes from: the parts add up, and each finds what was put into a made-up trust."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from earlywarn.audit.subjects import MODEL, Subjects, subjects_of
from earlywarn.audit.why import Part, parts_of_gaps
from earlywarn.config import Fairness
from earlywarn.evaluate.measures import Bools, Floats

BY_PREMIUM = Fairness(groups=("premium",), intersections=())
PEOPLE, SCHOOLS = 20_000, 20


def odds_of(seed: int = 1) -> tuple[Bools, Floats, "np.random.Generator"]:
    random = np.random.default_rng(seed)
    return random.random(PEOPLE) < 0.4, random.normal(-2, 1.2, PEOPLE), random


def trust(premium: Bools, true: Floats, seen: Floats, random: np.random.Generator) -> Subjects:
    people = pd.DataFrame({
        "premium": premium, "school_id": random.integers(SCHOOLS, size=PEOPLE), "as_of": 0,
        "person_id": np.arange(PEOPLE),
    })  # fmt: skip
    outcome = random.random(PEOPLE) < probability(true)
    return subjects_of(people, outcome, {MODEL: seen}, {"everyone": np.ones(PEOPLE, dtype=np.bool_)}, BY_PREMIUM)


def probability(odds: Floats) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-odds))


def named(parts: tuple[Part, ...], measure: str = "recall") -> dict[str, float]:
    return {part.part: part.value for part in parts if part.key.measure == measure and part.value is not None}


def recall_gap(subjects: Subjects) -> float:
    listed = subjects.listed(subjects.ranks[MODEL], "everyone")
    yes = subjects.groups["premium"] == "yes"
    return float(listed[yes & subjects.outcome].mean() - listed[~yes & subjects.outcome].mean())


def test_the_parts_add_up_to_the_gap() -> None:
    premium, true, random = odds_of()
    subjects = trust(premium, true + 0.5 * premium, true + random.normal(0, 1, PEOPLE), random)
    parts = named(parts_of_gaps(subjects))
    assert sum(parts.values()) == pytest.approx(recall_gap(subjects), abs=1e-9)
    selection = named(parts_of_gaps(subjects), "selection")
    listed, yes = subjects.listed(subjects.ranks[MODEL], "everyone"), subjects.groups["premium"] == "yes"
    assert sum(selection.values()) == pytest.approx(listed[yes].mean() - listed[~yes].mean(), abs=1e-9)


def test_a_group_with_more_absence_and_no_other_difference_is_found_more_for_its_base_rate() -> None:
    premium, true, random = odds_of()
    true = true + 1.0 * premium
    parts = named(parts_of_gaps(trust(premium, true, true, random)))
    assert parts["base_rates"] > 0.08
    assert abs(parts["rating"]) < 0.03 and abs(parts["telling_apart"]) < 0.03


def test_a_group_that_the_model_rates_too_low_is_missed_for_its_rating() -> None:
    premium, true, random = odds_of()
    parts = named(parts_of_gaps(trust(premium, true, true - 1.0 * premium, random)))
    assert parts["rating"] < -0.1
    assert abs(parts["base_rates"]) < 0.02


def test_base_rates_are_those_that_came_not_those_that_the_model_saw() -> None:
    premium, true, random = odds_of()
    true = true + 0.5 * premium
    parts = named(parts_of_gaps(trust(premium, true, true - 1.0 * premium, random)))
    assert parts["base_rates"] > 0.02 and parts["rating"] < -0.1


def test_a_group_whose_risks_the_model_cannot_spread_is_missed_for_that() -> None:
    premium, _, random = odds_of()
    risks = np.where(premium, random.normal(-2, 0.6, PEOPLE), random.normal(-2, 1.6, PEOPLE))
    parts = named(parts_of_gaps(trust(premium, risks, risks, random)))
    assert parts["telling_apart"] < -0.1
    assert abs(parts["rating"]) < 0.05


def test_silence_carries_the_gap_where_the_silent_are_not_found() -> None:
    premium, true, random = odds_of()
    answered = (random.random(PEOPLE) < np.where(premium, 0.4, 0.9)).astype(np.float64)
    seen = np.where(answered == 1, true, -2 + 0.3 * (true + 2))
    subjects = trust(premium, true, seen, random)
    part = named(parts_of_gaps(subjects, answered))["silence"]
    assert part == pytest.approx(recall_gap(subjects), abs=0.02)
    assert part < -0.05


def test_too_few_with_the_outcome_is_not_estimable() -> None:
    _, true, random = odds_of()
    few = np.arange(PEOPLE) < 12
    (found,) = parts_of_gaps(trust(few, true, true, random))
    assert (found.value, found.status) == (None, "not estimable")
    assert found.why == "fewer than 10 with, or without, the outcome"
