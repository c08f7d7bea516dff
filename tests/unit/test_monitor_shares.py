"""What is kept of a distribution tells of nobody, and a distance is a distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlywarn.monitor.shares import bins_of, distance, edges_of, kept_shares, scatter_of, shares_of

counts = st.lists(st.integers(0, 50), min_size=3, max_size=6)


@given(counts)
def test_no_bin_of_one_to_four_people_is_kept(found: list[int]) -> None:
    shares = kept_shares(np.array(found))
    assert all(share == 0 for share, count in zip(shares, found, strict=True) if count < 5)
    assert sum(shares) == pytest.approx(1 if max(found) >= 5 else 0, abs=1e-4)


def test_the_unknown_have_a_bin_of_their_own() -> None:
    column = np.r_[np.arange(200.0), np.full(200, np.nan)]
    edges = edges_of(column)
    assert shares_of(column, edges)[-1] == 0.5
    assert bins_of(column, edges)[-1] == len(edges) + 1


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_a_distance_is_the_same_both_ways_and_at_most_one(one: list[int], other: list[int]) -> None:
    there, back = (
        distance(np.array(one, float), np.array(other, float)),
        distance(np.array(other, float), np.array(one, float)),
    )
    assert there == pytest.approx(back)
    assert 0 <= there <= 1


def test_schools_that_differ_are_further_apart_than_schools_that_do_not() -> None:
    draw = np.random.default_rng(1)
    school = np.repeat(np.arange(20), 100).astype(str)
    alike = draw.normal(size=2000)
    unlike = alike + np.repeat(draw.normal(size=20), 100)
    person = np.arange(2000).astype(str)
    apart = [scatter_of(column, edges_of(column), school, person) for column in (alike, unlike)]
    assert apart[1] > 2 * apart[0] > 0
