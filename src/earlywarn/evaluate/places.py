"""Who stands on a list of a given length, and what such a list is worth.

In:  the risk, the school, and how many people a school can see (`config.Places`).
Out: `listed` (n,) float, the share in which each person is on their school's list: 1, 0,
     or between them for people tied at the last place, who share it. From it come
     precision, recall and the people missed; a NaN says "not estimable".

A school's places are a share of its roll, so one list never takes the places of another.
"""

from collections.abc import Sequence

import numpy as np

from earlywarn.config import Places
from earlywarn.evaluate.measures import Bools, Floats, Ints, Labels, ratio, weights_of


def places_of(roll: Ints, places: Places) -> Ints:
    """Return how many people each school can see on one list, never more than are on its roll.

    roll    : (schools,) int. People on roll.
    returns : (schools,) int. The share of the roll, rounded to the nearest, at least `at_least`; or `count`.

    >>> places_of(np.array([3, 60, 1000]), Places(share=0.05, at_least=5))
    array([ 3,  5, 50])
    """
    wanted = np.maximum(np.floor(roll * places.share + 0.5), places.at_least)
    if places.count is not None:
        wanted = np.full(len(roll), float(places.count))
    return np.asarray(np.minimum(wanted, roll), dtype=np.intp)


def places_at_school(school: Labels, places: Places, lists: Sequence[Bools]) -> Ints:
    """Return the places that each person's school has for the given lists together.

    Every row counts towards the roll. A list shorter than its places uses only as many as it has
    people: the rest are not passed on.

    school  : (n,) any. Equal values are one school (or one school on one date).
    lists   : masks (n,) bool, one a list: [onset] for that list alone, [onset, already] for both together.
    returns : (n,) int, the same for all rows of a school.

    >>> onset = np.array([True, True, True, False])
    >>> places_at_school(np.array(["a", "a", "a", "a"]), Places(count=2), [onset, ~onset])
    array([3, 3, 3, 3])
    """
    names, place = np.unique(school, return_inverse=True)
    most = places_of(np.bincount(place, minlength=len(names)), places)
    used: list[Ints] = [np.minimum(most, np.bincount(place[members], minlength=len(names))) for members in lists]
    return np.asarray(np.array(used).sum(axis=0)[place])


def listing(risk: Floats, school: Labels, places: Ints) -> Floats:
    """Return the share in which each person is on their school's list.

    risk    : (n,) float. Higher is more at risk, any scale, no NaN.
    school  : (n,) any. Equal values are one school (or one school on one date).
    places  : (n,) int. Places of each person's school, the same for all of a school's rows.
    returns : (n,) float: 1 listed, 0 not; people tied at the last place share what is left of the list,
              so the result does not depend on row order. A school's shares add up to its places.
    source  : ties as in McSherry and Najork (2008), ECIR.

    >>> listing(np.array([0.9, 0.2, 0.2, 0.7]), np.array([1, 1, 1, 2]), np.array([2, 2, 2, 0]))
    array([1. , 0.5, 0.5, 0. ])
    """
    if len(risk) == 0:
        return np.zeros(0)
    code = np.unique(school, return_inverse=True)[1]
    order = np.lexsort((-risk, code))
    code, risk = code[order], risk[order]
    new_school = np.r_[True, code[1:] != code[:-1]]
    new_tie = new_school | np.r_[True, risk[1:] != risk[:-1]]
    row = np.arange(len(code))
    ahead = np.maximum.accumulate(np.where(new_tie, row, 0)) - np.maximum.accumulate(np.where(new_school, row, 0))
    tie = np.cumsum(new_tie) - 1
    shares = np.clip((places[order] - ahead) / np.bincount(tie)[tie], 0.0, 1.0)
    listed = np.empty(len(shares))
    listed[order] = shares
    return listed


def precision_at_places(outcome: Bools, listed: Floats, weight: Floats | None = None) -> float:
    """Share of the listed people who had the outcome.

    outcome : (n,) bool. True if it happened after the as-of date.
    listed  : (n,) float from `listing`.
    weight  : (n,) float, or None for ones.
    returns : 0 to 1; NaN where nobody is listed.

    >>> precision_at_places(np.array([True, True, False]), np.array([1.0, 0.5, 0.5]))
    0.75
    """
    seen = weights_of(outcome, weight) * listed
    return ratio(seen @ outcome, seen.sum())


def recall_at_places(outcome: Bools, listed: Floats, weight: Floats | None = None) -> float:
    """Share of the people with the outcome whom the list reaches.

    outcome : (n,) bool. True if it happened after the as-of date.
    listed  : (n,) float from `listing`.
    weight  : (n,) float, or None for ones.
    returns : 0 to 1; NaN where nobody had the outcome.

    >>> recall_at_places(np.array([True, True, False]), np.array([1.0, 0.5, 0.5]))
    0.75
    """
    affected = weights_of(outcome, weight) * outcome
    return ratio(affected @ listed, affected.sum())


def false_alarms(outcome: Bools, listed: Floats, weight: Floats | None = None) -> float:
    """Share of the listed people who did not have the outcome: 1 - precision; NaN where nobody is listed.

    >>> false_alarms(np.array([True, True, False]), np.array([1.0, 0.5, 0.5]))
    0.25
    """
    return 1 - precision_at_places(outcome, listed, weight)


def false_reassurance(outcome: Bools, listed: Floats, weight: Floats | None = None) -> float:
    """Share of the people *not* listed who had the outcome; 0 to 1, NaN where everyone is listed.

    >>> false_reassurance(np.array([True, False, False]), np.array([0.5, 0.5, 0.0]))
    0.25
    """
    unseen = weights_of(outcome, weight) * (1 - listed)
    return ratio(unseen @ outcome, unseen.sum())


def people_found(outcome: Bools, listed: Floats, weight: Floats | None = None) -> float:
    """Number of listed people who had the outcome; fractions from ties.

    >>> people_found(np.array([True, True, False]), np.array([1.0, 0.5, 0.5]))
    1.5
    """
    return float((weights_of(outcome, weight) * listed) @ outcome)


def people_missed(outcome: Bools, listed: Floats, weight: Floats | None = None) -> float:
    """Number of people with the outcome whom the list does not reach; fractions from ties.

    >>> people_missed(np.array([True, True, False]), np.array([1.0, 0.5, 0.5]))
    0.5
    """
    return float((weights_of(outcome, weight) * (1 - listed)) @ outcome)


def selection_rate(listed: Floats, weight: Floats | None = None) -> float:
    """Share of the people who are listed; 0 to 1, NaN when no row has weight.

    >>> selection_rate(np.array([1.0, 0.5, 0.5, 0.0]))
    0.5
    """
    weight = np.ones(len(listed)) if weight is None else weight
    return ratio(weight @ listed, weight.sum())
