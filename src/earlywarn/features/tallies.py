"""Counts of marks by kind over any stretch of sessions, for all pupils of a school at once.

In:  a matrix of marks, (pupils, sessions).
Out: how many marks of a kind each pupil has from one session to another, and where they stand.

Nine marks in ten are an ordinary presence and change nothing but the number of possible sessions.
So only the others are listed, once, in the order of pupils and sessions, with running totals of all
kinds beside them: five kinds share a 64-bit number, 12 bits each. A count is then the difference
of two totals. Totals run over the whole list and overflow into their neighbours, but a difference
wraps back to the truth, as long as nobody has 4,096 sessions (a history holds two years: 1,464).
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes

Counts = NDArray[np.int32]
Places = NDArray[np.int64]
Kind = Literal[
    "not_possible", "absent", "authorised", "unauthorised", "late",
    "illness", "holiday", "suspension", "part_time", "no_reason_yet",
]  # fmt: skip

_BITS, _PER_WORD = 12, 5
_KINDS: tuple[Kind, ...] = get_args(Kind)
_FIELD = np.uint64((1 << _BITS) - 1)


@dataclass(frozen=True)
class Tallies:
    """The marks that are not an ordinary presence, in the order of pupils and sessions.

    shape   : pupils, sessions.
    at      : (n,) place in the flattened matrix.
    row     : (n,) the pupil.
    column  : (n,) the session.
    mark    : (n,) the number of the attendance code; 0 where there is no mark.
    running : (2, n + 1) packed totals of all kinds before each.
    """

    shape: tuple[int, int]
    at: Places
    row: Places
    column: Places
    mark: NDArray[np.uint8]
    running: NDArray[np.uint64]
    _where: dict[tuple[Kind, int], Places] = field(default_factory=dict, init=False, repr=False, compare=False)
    _upto: dict[int, NDArray[np.uint64]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def count(self, kind: Kind, first: int, last: int) -> Counts:
        """Return how many marks of a kind each pupil has in the sessions `[first, last)`."""
        word, shift = _word_and_shift(kind)
        return _unpack(self._total(last)[word] - self._total(first)[word], shift)

    def possible(self, first: int, last: int) -> Counts:
        """Return how many sessions of `[first, last)` were possible for each pupil."""
        return np.int32(last - first) - self.count("not_possible", first, last)

    def before_each(self, kind: Kind, chosen: Places, first: int) -> Counts:
        """Return, for chosen marks of the list, how many of a kind their pupil has from `first` up to them."""
        word, shift = _word_and_shift(kind)
        return _unpack(self.running[word, chosen] - self._total(first)[word, self.row[chosen]], shift)

    def where(self, kind: Kind, first: int) -> Places:
        """Return the places in the list of the marks of a kind, from a session on, worked out once."""
        if (kind, first) not in self._where:
            self._where[kind, first] = np.flatnonzero(_flags(kind)[self.mark] & (self.column >= first))
        return self._where[kind, first]

    def by_group(self, kind: Kind, group: Places, groups: int, first: int) -> Counts:
        """Return each pupil's marks of a kind from a session on, by group of sessions: (groups, pupils).

        group : (sessions - first,) number of the group of each session.
        """
        chosen = self.where(kind, first)
        cell = group[self.column[chosen] - first] * self.shape[0] + self.row[chosen]
        found = np.bincount(cell, minlength=groups * self.shape[0])
        return found.reshape(groups, self.shape[0]).astype(np.int32)

    def _total(self, session: int) -> NDArray[np.uint64]:
        """Return (2, pupils) packed totals up to each pupil's session, worked out once."""
        if session not in self._upto:
            pupils, sessions = self.shape
            place = np.searchsorted(self.at, np.arange(pupils) * sessions + session)
            self._upto[session] = self.running[:, place]
        return self._upto[session]


def tally(marks: NDArray[np.uint8]) -> Tallies:
    """List the marks that are not an ordinary presence, with their running totals.

    >>> present, ill = (load_codes().number(code, np.datetime64("2025-09-08").astype(object)) for code in "/I")
    >>> found = tally(np.array([[present, ill, 0, ill], [present] * 4], np.uint8))
    >>> found.count("illness", 0, 4).tolist(), found.possible(1, 4).tolist()
    ([2, 0], [2, 3])
    """
    words = _words()
    pupils, sessions = marks.shape
    flat = np.ascontiguousarray(marks).ravel()
    at = np.flatnonzero(np.take(words.any(axis=0), flat))
    row = at // max(sessions, 1)
    running = np.zeros((len(words), len(at) + 1), np.uint64)
    np.cumsum(words[:, flat[at]], axis=1, out=running[:, 1:])
    return Tallies((pupils, sessions), at, row, at - row * sessions, flat[at], running)


@cache
def _word_and_shift(kind: Kind) -> tuple[int, np.uint64]:
    word, place = divmod(_KINDS.index(kind), _PER_WORD)
    return word, np.uint64(place * _BITS)


def _unpack(packed: NDArray[np.uint64], shift: np.uint64) -> Counts:
    counts: Counts = ((packed >> shift) & _FIELD).astype(np.int32)
    return counts


@cache
def _words() -> NDArray[np.uint64]:
    """Return (2, 256): what each mark number adds to the packed totals."""
    words = np.zeros((-(-len(_KINDS) // _PER_WORD), 256), np.uint64)
    for kind in _KINDS:
        word, shift = _word_and_shift(kind)
        words[word] |= _flags(kind).astype(np.uint64) << shift
    return words


@cache
def _flags(kind: Kind) -> NDArray[np.bool_]:
    """Return (256,) which mark numbers are of a kind."""
    codes = load_codes()
    flags: NDArray[np.bool_] = ~codes.possible if kind == "not_possible" else getattr(codes, kind)
    return flags
