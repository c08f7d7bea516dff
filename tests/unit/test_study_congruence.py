"""Whether a scale measures the same thing on two sides: what changes shows, what does not is not made up."""

import numpy as np
import pytest

from earlywarn.evaluate.intervals import Clusters
from earlywarn.evaluate.measures import Bools, Floats
from earlywarn.study.congruence import congruence, congruence_by, tucker
from earlywarn.study.covariances import correlations, covariances
from earlywarn.study.one_factor import loadings

Sides = tuple[Floats, Bools, Clusters]


def waves(loading_later: float, people: int = 1200, seed: int = 4) -> Sides:
    """Two waves of the same schools; the last item's loading may have changed in the second."""
    rng = np.random.default_rng(seed)
    schools = np.tile(np.arange(12), people // 12)
    first = np.arange(2 * people) < people
    follows = np.tile([0.8, 0.7, 0.7, 0.6, 0.7], (2 * people, 1))
    follows[~first, 4] = loading_later
    answers = rng.normal(size=(2 * people, 1)) * follows + rng.normal(size=follows.shape) * np.sqrt(1 - follows**2)
    return answers, first, Clusters(np.tile(schools, 2), 12, "schools")


def test_the_coefficient_is_the_cosine_of_the_loadings() -> None:
    # (0.8*0.7 + 0.6*0.7 + 0.4*0.1) / sqrt((0.64+0.36+0.16) * (0.49+0.49+0.01))
    assert tucker(np.array([[0.8, 0.6, 0.4]]), np.array([[0.7, 0.7, 0.1]]))[0] == pytest.approx(1.02 / np.sqrt(1.1484))


def test_a_scale_that_has_not_changed_is_the_same() -> None:
    answers, first, clusters = waves(loading_later=0.7)
    found = congruence(answers, first, ~first, clusters)
    assert found.verdict == "the same"
    assert found.value.value is not None and found.value.value > 0.99
    assert found.value.low is not None and found.value.low > 0.97
    assert found.value.high == 1


def test_the_item_that_has_changed_is_the_one_with_a_gap() -> None:
    answers, first, clusters = waves(loading_later=-0.3)
    found = congruence(answers, first, ~first, clusters)
    assert found.verdict == "different"
    assert found.gaps[4].high is not None and found.gaps[4].high < -0.8
    assert [gap.value is not None and abs(gap.value) < 0.1 for gap in found.gaps[:4]] == [True] * 4
    assert found.loadings[4] == pytest.approx((0.7, -0.3), abs=0.1)


def test_a_school_is_left_out_of_both_sides_at_once() -> None:
    answers, first, clusters = waves(loading_later=0.2, people=360)
    answers[::7, 2] = np.nan
    found = congruence(answers, first, ~first, clusters)

    def fitted(rows: Bools) -> Floats:
        together = Clusters(np.zeros(rows.sum(), np.intp), 1, "people")
        return loadings(correlations(covariances(answers[rows], together)[:1]))

    kept = [np.ones(len(answers), bool), *(clusters.codes != school for school in range(12))]
    gaps = np.array([fitted(~first & rows)[0, 4] - fitted(first & rows)[0, 4] for rows in kept])
    error = np.sqrt(11 / 12 * np.sum((gaps[1:] - gaps[1:].mean()) ** 2))
    assert found.gaps[4].value == pytest.approx(gaps[0], abs=1e-7)
    assert found.gaps[4].high == pytest.approx(gaps[0] + 2.200985 * error, abs=1e-5)  # t with 11 degrees of freedom


def test_every_two_groups_are_held_against_each_other() -> None:
    answers, first, clusters = waves(loading_later=0.7)
    wave = np.where(first, "autumn", np.where(np.arange(len(first)) % 2 == 0, "spring", "summer"))
    found = congruence_by(answers, wave, clusters)
    assert list(found) == [("autumn", "spring"), ("autumn", "summer"), ("spring", "summer")]
    assert {each.verdict for each in found.values()} == {"the same"}


def test_a_side_of_fewer_than_a_hundred_is_not_estimable() -> None:
    answers, first, clusters = waves(loading_later=0.7, people=96)
    found = congruence(answers, first, ~first, clusters)
    assert found.verdict == "not estimable" and found.value.why == "fewer than 100 people on one side"


def test_two_items_are_not_enough() -> None:
    answers, first, clusters = waves(loading_later=0.7)
    assert congruence(answers[:, :2], first, ~first, clusters).value.why == "one factor needs 3 items"


def test_a_side_in_few_schools_has_no_interval_however_many_the_other_stands_in() -> None:
    answers, first, clusters = waves(loading_later=0.7)
    found = congruence(answers, first & (clusters.codes < 4), ~first, clusters)
    assert found.value.value is not None and found.value.low is None
    assert {gap.why for gap in found.gaps} == {"no interval: in too few schools"}
