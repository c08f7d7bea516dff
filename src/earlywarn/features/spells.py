"""Spells of absence: runs of absent sessions that no attended session breaks.

A session that was not possible (a weekend has none, a closure, a bank holiday) neither ends nor
prolongs a spell: spells are counted in possible sessions alone.
"""

from dataclasses import dataclass

import numpy as np

from earlywarn.features.tallies import Counts, Tallies


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


def find_spells(tallies: Tallies, first: int) -> Spells:
    """Return the spells from a session on."""
    pupils, sessions = tallies.shape
    absent = tallies.where("absent", first)
    row = tallies.row[absent]
    # The how-manieth possible session each absence is: neighbours belong to one spell.
    place = tallies.column[absent] - first - tallies.before_each("not_possible", absent, first)
    begins = np.flatnonzero(np.diff(row, prepend=-1).astype(bool) | (np.diff(place, prepend=-1) != 1))
    length = np.diff(begins, append=len(row)).astype(np.int32)
    number = np.bincount(row[begins], minlength=pupils).astype(np.int32)
    longest, last_length = np.zeros((2, pupils), np.int32)
    np.maximum.at(longest, row[begins], length)
    last_length[row[begins]] = length  # of several spells the last one stays, below as well
    last_place = np.full(pupils, -1, np.int32)
    last_place[row] = place
    since_last = tallies.possible(first, sessions) - 1 - last_place
    return Spells(number, longest, np.where(since_last == 0, last_length, 0), since_last)


def last_absence(tallies: Tallies) -> Counts:
    """Return the session of each pupil's last absence, (pupils,); -1 without one."""
    absent = tallies.where("absent", 0)
    last = np.full(tallies.shape[0], -1, np.int32)
    last[tallies.row[absent]] = tallies.column[absent]  # of several the last one stays
    return last
