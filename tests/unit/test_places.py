"""Places: how many a school has, who takes them, and what the list is worth."""

from math import isnan

import numpy as np
import pytest

from earlywarn.config import Places
from earlywarn.evaluate.places import (
    false_alarms,
    false_reassurance,
    listing,
    people_found,
    people_missed,
    places_at_school,
    places_of,
    precision_at_places,
    recall_at_places,
    selection_rate,
)


@pytest.mark.parametrize(
    ("places", "roll", "expected"),
    [
        (Places(), 100, 5),
        (Places(), 109, 5),
        (Places(), 110, 6),  # 5.5 is rounded up
        (Places(), 20, 5),
        (Places(), 3, 3),
        (Places(), 0, 0),
        (Places(count=40), 1000, 40),
        (Places(count=40), 12, 12),
    ],
)
def test_places_are_a_share_of_the_roll_or_a_count(places: Places, roll: int, expected: int) -> None:
    assert places_of(np.array([roll]), places).tolist() == [expected]


def test_everyone_has_the_places_of_both_lists_together() -> None:
    school = np.repeat(["big", "small"], [200, 20])
    already = np.zeros(220, dtype=bool)
    already[:50] = True  # in the big school; the small one has only three of them
    already[200:203] = True
    together = places_at_school(school, Places(), [~already, already])
    assert {name: set(together[school == name]) for name in ("big", "small")} == {"big": {20}, "small": {8}}


def test_each_school_lists_its_own_people() -> None:
    risk = np.array([0.9, 0.8, 0.7, 0.3, 0.2, 0.1])
    school = np.array(["a", "a", "a", "b", "b", "b"])
    assert listing(risk, school, np.ones(6, dtype=int)).tolist() == [1, 0, 0, 1, 0, 0]


def test_people_tied_at_the_last_place_share_it() -> None:
    listed = listing(np.array([0.9, 0.5, 0.5, 0.5, 0.1]), np.zeros(5), np.full(5, 3))
    assert listed == pytest.approx([1, 2 / 3, 2 / 3, 2 / 3, 0])


def test_a_list_as_long_as_the_roll_holds_everyone() -> None:
    outcome = np.array([True, False, False])
    listed = listing(np.array([0.1, 0.2, 0.2]), np.zeros(3), np.full(3, 3))
    assert listed.tolist() == [1, 1, 1]
    assert isnan(false_reassurance(outcome, listed))
    assert people_missed(outcome, listed) == 0
    assert selection_rate(listed) == 1


def test_an_empty_list_is_not_precise_or_imprecise() -> None:
    outcome, nobody = np.array([True, False]), np.zeros(2)
    assert isnan(precision_at_places(outcome, nobody))
    assert isnan(false_alarms(outcome, nobody))
    assert recall_at_places(outcome, nobody) == 0
    assert false_reassurance(outcome, nobody) == 0.5
    assert listing(np.zeros(0), np.zeros(0), np.zeros(0, dtype=int)).size == 0


def test_found_and_missed_are_all_who_had_the_outcome() -> None:
    outcome = np.array([True, True, False, True])
    listed = np.array([1.0, 0.5, 0.5, 0.0])
    assert people_found(outcome, listed) + people_missed(outcome, listed) == outcome.sum()
    assert isnan(recall_at_places(~np.ones(4, dtype=bool), listed))
