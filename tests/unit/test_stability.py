"""How far two lists hold the same people."""

from math import isnan

import numpy as np
import pytest

from earlywarn.config import Places
from earlywarn.evaluate.intervals import clusters_of, estimate
from earlywarn.evaluate.places import listing
from earlywarn.evaluate.stability import jaccard, stability

N = 12 * 60


def trust() -> dict[str, np.ndarray]:
    random = np.random.default_rng(8)
    ours = random.normal(size=N)
    return {
        "ours": ours, "theirs": ours + random.normal(size=N), "outcome": random.random(N) < 0.2,
        "school": np.arange(N) % 12, "person": np.arange(N), "as_of": np.arange(N) % 24 // 12,
    }  # fmt: skip


def overlap(people: dict[str, np.ndarray], **changed: object):
    everyone = {"everyone": np.ones(N, dtype=bool)}
    return stability(**people | {"populations": everyone, "places": Places(count=5)} | changed)["everyone"]


def test_it_is_the_overlap_of_the_lists_of_all_schools_and_dates_with_the_interval_of_leaving_out_schools() -> None:
    people = trust()
    unit, places = people["school"] + 12 * people["as_of"], np.full(N, 5)
    lists = [listing(people[name], unit, places) for name in ("ours", "theirs")]
    plain = estimate(
        lambda weight: jaccard(*lists, weight),
        clusters_of(people["school"], people["person"]),
        people["outcome"],
        (0, 1),
    )
    found = overlap(people)
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))
    assert 0.1 < found.low < found.value < found.high < 0.9


def test_a_list_overlaps_with_itself_and_with_any_that_ranks_alike() -> None:
    people = trust()
    assert overlap(people | {"theirs": 3 * people["ours"] + 1}).value == 1


def test_lists_without_anybody_in_common_or_without_anybody() -> None:
    assert jaccard(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 0
    assert isnan(jaccard(np.zeros(2), np.zeros(2)))
    found = overlap(trust(), populations={"everyone": np.zeros(N, dtype=bool)})
    assert found.status == "not estimable"
