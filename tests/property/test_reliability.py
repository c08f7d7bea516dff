"""What must hold of reliability whatever the answers are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earlywarn.evaluate.intervals import Clusters
from earlywarn.evaluate.measures import Floats
from earlywarn.study.between_schools import between_schools
from earlywarn.study.reliability import Reliability, reliability

SEEDS = st.integers(0, 10_000)
RESCALED = st.tuples(st.floats(0.1, 20), st.floats(-50, 50))


def school(seed: int) -> tuple[Floats, Clusters]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(10), 12)
    answers = rng.normal(size=(120, 1)) * rng.uniform(0.4, 1, 4) + rng.normal(size=(120, 4))
    answers[rng.random(answers.shape) < 0.05] = np.nan
    return answers, Clusters(codes, 10, "schools")


def numbers(found: Reliability) -> list[float]:
    """Return the numbers, NaN where there is none (omega, where one thing does not explain the items)."""
    figures = [found.alpha, found.omega, *(item.rest for item in found.items)]
    limits = [each for figure in figures for each in (figure.value, figure.low, figure.high)]
    return [np.nan if each is None else each for each in limits]


@settings(max_examples=15, deadline=None)
@given(SEEDS, RESCALED)
def test_the_unit_of_the_answers_does_not_matter(seed: int, rescaled: tuple[float, float]) -> None:
    answers, clusters = school(seed)
    times, plus = rescaled
    assert numbers(reliability(answers * times + plus, clusters)) == pytest.approx(
        numbers(reliability(answers, clusters)), rel=1e-5, abs=1e-5, nan_ok=True
    )


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_neither_the_order_of_people_nor_of_items_matters(seed: int) -> None:
    answers, clusters = school(seed)
    rng = np.random.default_rng(seed)
    people, items = rng.permutation(len(answers)), rng.permutation(4)
    found = reliability(answers, clusters)
    moved = reliability(answers[people][:, items], Clusters(clusters.codes[people], 10, "schools"))
    assert numbers(moved)[:6] == pytest.approx(numbers(found)[:6], rel=1e-5, abs=1e-5, nan_ok=True)
    assert [moved.items[at].rest.value for at in np.argsort(items)] == pytest.approx(
        [item.rest.value for item in found.items]
    )


@settings(max_examples=15, deadline=None)
@given(SEEDS, RESCALED)
def test_what_lies_between_schools_does_not_depend_on_the_unit(seed: int, rescaled: tuple[float, float]) -> None:
    answers, clusters = school(seed)
    times, plus = rescaled
    found = between_schools(answers[:, 0], clusters.codes)
    again = between_schools(answers[:, 0] * times + plus, clusters.codes)
    assert (again.share.value, again.share.low) == pytest.approx((found.share.value, found.share.low), abs=1e-6)
