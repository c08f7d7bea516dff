"""Where outcomes have come: measures of each list and group, of groups only where nobody could be recognised."""

import numpy as np
import pandas as pd
import pytest

from earlywarn.config import AsOf, Config, Fairness
from earlywarn.evaluate.measures import auc
from earlywarn.monitor.realised import OfGroup, realised_performance

SCHOOLS, PUPILS = 12, 60
CONFIG = Config(
    name="pupil-absence", as_of=AsOf(weeks_of_year=(10,)), fairness=Fairness(groups=("sen",), intersections=())
)


def trust(few: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return pupils, risks that mean what they say, and what came; `few` pupils have a plan for special needs."""
    draw = np.random.default_rng(5)
    n = SCHOOLS * PUPILS
    risk = draw.beta(1.5, 6, n)
    people = pd.DataFrame(
        {
            "person_id": [f"p{number}" for number in range(n)],
            "school_id": np.repeat([f"s{number}" for number in range(SCHOOLS)], PUPILS),
            "as_of": pd.Timestamp("2025-11-10"),
            "sen": np.where(np.arange(n) < few, "E", np.where(draw.random(n) < 0.3, "K", "N")),
        }
    )
    return people, risk, draw.random(n) < risk


def groups(few: int) -> dict[str, list[OfGroup]]:
    people, risk, outcome = trust(few)
    _, found = realised_performance(people, outcome, risk, risk, {"everyone": np.ones(len(risk), bool)}, CONFIG)
    return {name: [one for one in found if one.group == name] for name in "NKE"}


def test_measures_are_those_of_the_people() -> None:
    people, risk, outcome = trust(100)
    found, _ = realised_performance(people, outcome, risk, risk, {"everyone": np.ones(len(risk), bool)}, CONFIG)
    came = {one.measure: one.estimate for one in found}
    assert came["auc"].value == pytest.approx(auc(outcome, risk))
    assert came["observed_over_expected"].value == pytest.approx(outcome.sum() / risk.sum())
    assert came["observed_over_expected"].low is not None
    assert came["observed_over_expected"].low < 1 < (came["observed_over_expected"].high or 0)


def test_large_groups_are_shown() -> None:
    assert all(one.estimate is not None for mine in groups(200).values() for one in mine)


def test_a_group_of_few_is_hidden_and_another_with_it() -> None:
    found = groups(7)
    assert all(one.estimate is None for one in found["E"])
    hidden = [name for name, mine in found.items() if mine[0].estimate is None]
    assert len(hidden) >= 2, "from the total, and the groups that are shown, the hidden one could be worked out"
