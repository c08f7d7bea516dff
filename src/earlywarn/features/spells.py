"""Spells of absence and of full attendance.

A spell of absence is a run of absent sessions that no attended session breaks. A session that was not
possible (a weekend has none, a closure, a bank holiday) neither ends nor prolongs it: spells are counted in
possible sessions alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.tallies import Counts, Groups, Tallies


@dataclass(frozen=True)
class Spells:
    """Spells of absence of each pupil; all of shape (pupils,).

    number, longest : how many there are, and the sessions of the longest; 0 without any.
    current         : sessions of the one that is still open; 0 if the last possible session was attended.
    since_last      : possible sessions since the last absence; all of them without one.
    """

    number: Counts
    longest: Counts
    current: Counts
    since_last: Counts


def find_spells(tallies: Tallies) -> Spells:
    """Return the spells of absence."""
    pupils, sessions = tallies.shape
    row, column = tallies.row.take(tallies.absences), tallies.column.take(tallies.absences)
    # The how-manieth possible session each absence is: neighbours belong to one spell. Rows are kept
    # apart by a session that nobody has.
    place = column - tallies.before_each("not_possible", tallies.absences)
    begins = np.flatnonzero(changes(place + row * (sessions + 1) - np.arange(len(row))))
    length = np.diff(begins, append=len(row)).astype(np.int32)
    number = np.bincount(row.take(begins), minlength=pupils).astype(np.int32)
    longest = np.zeros(pupils, np.int32)
    if len(begins):
        firsts = (np.cumsum(number) - number)[number > 0]
        longest[number > 0] = np.maximum.reduceat(length, firsts)
    attended = tallies.possible(0, sessions) - 1 - last_of_each(place, tallies.count("absent", 0, sessions))
    return Spells(number, longest, np.where(attended == 0, last_of_each(length, number, 0), 0), attended)


def last_absence(tallies: Tallies) -> Counts:
    """Return the session of each pupil's last absence, (pupils,); -1 without one."""
    column = tallies.column.take(tallies.absences)
    return last_of_each(column, tallies.count("absent", 0, tallies.shape[1]))


def last_of_each(values: NDArray[Any], count: Counts, without: int = -1) -> Counts:
    """Return each pupil's last value, out of `count` values a pupil that lie one after the other.

    >>> last_of_each(np.array([3, 5, 9]), np.array([2, 0, 1])).tolist()
    [5, -1, 9]
    """
    found = np.full(len(count), without, np.int32)
    some = count > 0
    found[some] = values.take(np.cumsum(count)[some] - 1)
    return found


def runs_of_full_weeks(weekly: Groups) -> Counts:
    """Return, for each week, the full weeks up to it since the last one that was not: (weeks, pupils).

    A week in which nothing was possible, such as one before joining, neither counts nor breaks a run.
    """
    unbroken = weekly.absent == 0
    runs: Counts = (unbroken & (weekly.possible > 0)).astype(np.int32)
    for before, week, goes_on in zip(runs, runs[1:], unbroken[1:], strict=False):
        week += before
        week *= goes_on
    return runs


def changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a value differs from the one before it; the first one does.

    >>> changes(np.array([3, 3, 4])).tolist()
    [True, False, True]
    """
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found
