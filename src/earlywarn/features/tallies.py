"""Counts of marks by kind over any stretch of sessions, for all pupils of a school at once.

In:  a matrix of marks, (pupils, sessions).
Out: how many marks of a kind each pupil has from one session to another, and where they stand.

Nine marks in ten are an ordinary presence and change nothing but the number of possible sessions.
So only the others are listed, once, in the order of pupils and sessions, with running totals of all
kinds beside them: four counters of 16 bits lie side by side in a 64-bit number, and one addition
serves them all. A count is then the difference of two totals. Totals run over the whole list and
overflow into their neighbours, but a difference wraps back to the truth, as long as nobody has
65,536 sessions (a history holds two years: 1,464).
"""

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes

Counts = NDArray[np.int32]
Places = NDArray[np.int64]
Kind = Literal[
    "not_possible", "absent", "late",
    "authorised", "unauthorised", "illness", "holiday",
    "suspension", "part_time", "no_reason_yet",
]  # fmt: skip

_WORDS: tuple[tuple[Kind, ...], ...] = (
    ("not_possible", "absent", "late"),  # three: a float still holds their sums to the last bit (`by_group`)
    ("authorised", "unauthorised", "illness", "holiday"),
    ("suspension", "part_time", "no_reason_yet"),
)
_PLACE: dict[Kind, tuple[int, int]] = {
    kind: (word, place) for word, kinds in enumerate(_WORDS) for place, kind in enumerate(kinds)
}
_WORD, _COUNTER, _COUNTERS = np.dtype("<u8"), np.dtype("<u2"), 4


@dataclass(frozen=True)
class Groups:
    """Sessions of each pupil by group of sessions (weeks, weekdays), all of shape (groups, pupils)."""

    possible: Counts
    absent: Counts
    late: Counts


@dataclass(frozen=True)
class Tallies:
    """The marks that are not an ordinary presence, in the order of pupils and sessions.

    shape   : pupils, sessions.
    at      : (n,) place in the flattened matrix.
    mark    : (n,) the number of the attendance code; 0 where there is no mark.
    row     : (n,) the pupil.
    column  : (n,) the session.
    running : (words, n + 1) packed totals of all kinds before each.
    """

    shape: tuple[int, int]
    at: Places
    mark: NDArray[np.uint8]
    row: Places
    column: Places
    running: NDArray[np.uint64]
    _upto: dict[int, NDArray[np.uint64]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _counts: dict[tuple[Kind, int, int], Counts] = field(default_factory=dict, init=False, repr=False, compare=False)

    def count(self, kind: Kind, first: int, last: int) -> Counts:
        """Return how many marks of a kind each pupil has in the sessions `[first, last)`, worked out once."""
        if (kind, first, last) not in self._counts:
            word = _PLACE[kind][0]
            self._counts[kind, first, last] = _counter(kind, self._total(last)[word] - self._total(first)[word])
        return self._counts[kind, first, last]

    def possible(self, first: int, last: int) -> Counts:
        """Return how many sessions of `[first, last)` were possible for each pupil."""
        return np.int32(last - first) - self.count("not_possible", first, last)

    def before_each(self, kind: Kind, chosen: Places) -> Counts:
        """Return, for chosen marks of the list, how many of a kind their pupil has before them."""
        word = _PLACE[kind][0]
        return _counter(kind, self.running[word].take(chosen) - self._total(0)[word].take(self.row.take(chosen)))

    def by_group(self, group: Places, groups: int) -> Groups:
        """Return each pupil's marks by group of sessions; `group` is the number of the group of each session."""
        pupils = self.shape[0]
        cell = (group * pupils).take(self.column) + self.row
        summed = np.bincount(cell, self._first_word, minlength=groups * pupils)
        packed = summed.astype(_WORD).reshape(groups, pupils)
        held = np.bincount(group, minlength=groups).astype(np.int32)[:, None]
        return Groups(held - _counter("not_possible", packed), _counter("absent", packed), _counter("late", packed))

    @cached_property
    def absences(self) -> Places:
        """Return the places of the absences in the list."""
        return np.flatnonzero(load_codes().absent.take(self.mark))

    def since(self, session: int) -> "Tallies":
        """Return the tallies of the sessions from one on."""
        if session == 0:
            return self
        later = np.flatnonzero(self.column >= session)
        pupils, sessions = self.shape
        at = self.at.take(later) - (self.row.take(later) + 1) * session
        return _listed((pupils, sessions - session), at, self.mark.take(later))

    @cached_property
    def _first_word(self) -> NDArray[np.float64]:
        """Return (n,) what each mark adds to the first word, as the weight that `bincount` asks for."""
        weights: NDArray[np.float64] = _words()[0].astype(np.float64)
        return weights.take(self.mark)

    def _total(self, session: int) -> NDArray[np.uint64]:
        """Return (words, pupils) packed totals up to each pupil's session, worked out once."""
        if session not in self._upto:
            pupils, sessions = self.shape
            place = np.searchsorted(self.at, np.arange(pupils) * sessions + session)
            self._upto[session] = self.running.take(place, axis=1)
        return self._upto[session]


def tally(marks: NDArray[np.uint8]) -> Tallies:
    """List the marks that are not an ordinary presence, with their running totals.

    >>> present, ill = (load_codes().number(code, np.datetime64("2025-09-08").astype(object)) for code in "/I")
    >>> found = tally(np.array([[present, ill, 0, ill], [present] * 4], np.uint8))
    >>> found.count("illness", 0, 4).tolist(), found.possible(1, 4).tolist()
    ([2, 0], [2, 3])
    """
    flat = np.ascontiguousarray(marks).ravel()
    morning, afternoon = _ordinary()
    at = np.flatnonzero((flat != morning) & (flat != afternoon))
    return _listed((marks.shape[0], marks.shape[1]), at, flat.take(at))


def _listed(shape: tuple[int, int], at: Places, mark: NDArray[np.uint8]) -> Tallies:
    row = at // max(shape[1], 1)
    running = np.zeros((len(_WORDS), len(at) + 1), _WORD)
    np.cumsum(_words().take(mark, axis=1), axis=1, out=running[:, 1:])
    return Tallies(shape, at, mark, row, at - row * shape[1], running)


def _counter(kind: Kind, packed: NDArray[np.uint64]) -> Counts:
    """Return the counter of a kind out of packed ones."""
    return packed.view(_COUNTER)[..., _PLACE[kind][1] :: _COUNTERS].astype(np.int32)


@cache
def _words() -> NDArray[np.uint64]:
    """Return (words, 256): what each mark number adds to the packed totals."""
    counters = np.zeros((len(_WORDS), 256, _COUNTERS), _COUNTER)
    for kind, (word, place) in _PLACE.items():
        counters[word, :, place] = _flags(kind)
    return counters.view(_WORD)[..., 0]


@cache
def _ordinary() -> tuple[np.uint8, np.uint8]:
    """Return the mark numbers of a presence in the morning and in the afternoon."""
    morning, afternoon = np.flatnonzero(load_codes().of("/", "\\")).astype(np.uint8)
    return morning, afternoon


def _flags(kind: Kind) -> NDArray[np.bool_]:
    """Return (256,) which mark numbers are of a kind."""
    codes = load_codes()
    flags: NDArray[np.bool_] = ~codes.possible if kind == "not_possible" else getattr(codes, kind)
    return flags
