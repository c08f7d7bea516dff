"""The marks of one school, and the only way to them: as they were known before a day.

A mark is the number of a row of the attendance codes (`codes`), 0 is no mark. A corrected
mark is a second row, known later: the matrix holds what stood on the day, corrections
are laid over it in the order in which they became known. History follows the pupil:
marks from other schools stand in `elsewhere` and fill the sessions of which the school
itself has no mark.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.terms import Days

Marks = NDArray[np.uint8]


@dataclass(frozen=True)
class LateMarks:
    """Marks that became known after their day, or at another school, in the order of `known_on`."""

    row: NDArray[np.int32]
    column: NDArray[np.int32]
    mark: Marks
    known_on: Days

    def known(self, before: np.datetime64) -> "LateMarks":
        """Return those known before a day."""
        upto = int(np.searchsorted(self.known_on, before))
        return LateMarks(self.row[:upto], self.column[:upto], self.mark[:upto], self.known_on[:upto])


@dataclass(frozen=True)
class Slice:
    """Marks of some sessions as they stood at one moment.

    marks   : (pupils, sessions) uint8, numbers of attendance codes, 0 where there is no mark.
    days    : (sessions,) their dates.
    session : (sessions,) 0 morning, 1 afternoon.
    held    : (sessions,) whether the school held the session; if not, a pupil was at another school that did.
    """

    marks: Marks
    days: Days
    session: NDArray[np.uint8]
    held: NDArray[np.bool_]

    @property
    def school_days(self) -> Days:
        """Return the dates of the sessions that the school held."""
        return self.days[self.held]

    def rows(self, index: NDArray[np.int64]) -> "Slice":
        """Return the slice of some pupils."""
        return Slice(self.marks[index], self.days, self.session, self.held)

    def with_marks(self) -> "Slice":
        """Return the sessions of which these pupils have a mark.

        A session may have a column because of a mark that was entered later, or of a pupil who
        was still to come: before that, nobody knew that there was one.
        """
        seen = self.marks.any(axis=0)
        return self if seen.all() else Slice(self.marks[:, seen], self.days[seen], self.session[seen], self.held[seen])

    def between(self, start: date, end: date) -> "Slice":
        """Return the sessions of the days `[start, end)`."""
        first, last = np.searchsorted(self.days, [np.datetime64(start), np.datetime64(end)])
        these = slice(first, last)
        return Slice(self.marks[:, these], self.days[these], self.session[these], self.held[these])


@dataclass(frozen=True)
class Block:
    """The register of one school."""

    school_id: str
    people: pd.Index  # person_ids, in the order of the rows
    days: Days
    session: NDArray[np.uint8]
    marks: Marks
    late: LateMarks
    elsewhere: LateMarks

    def as_known(self, before: date, *, anywhere: bool) -> Slice:
        """Return the sessions before a day, with the marks that were known before it.

        With `anywhere`, sessions without a mark here, or in which the pupil was expected
        elsewhere, take the mark of the other school.
        """
        limit = np.datetime64(before)
        columns = int(np.searchsorted(self.days, limit))
        marks = self.marks[:, :columns].copy()
        corrected = self.late.known(limit)
        marks[corrected.row, corrected.column] = corrected.mark
        held: NDArray[np.bool_] = np.ones(columns, np.bool_)
        if anywhere and len((other := self.elsewhere.known(limit)).row):
            held = np.asarray(marks.any(axis=0))
            fills = ~load_codes().possible[marks[other.row, other.column]]
            marks[other.row[fills], other.column[fills]] = other.mark[fills]
        return Slice(marks, self.days[:columns], self.session[:columns], held)
