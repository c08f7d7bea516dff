"""The register as a matrix: one byte a mark, one row a pupil, one column a session.

In:  the checked `attendance` table.
Out: one `Block` a school. `Block.as_known(before)` is the only way to its marks, and
     what it returns holds neither a later session nor a mark that was entered later.

A mark is the number of a row of the attendance codes (`codes`), 0 is no mark. A corrected
mark is a second row, known later: the matrix holds what stood on the day, corrections
are laid over it in the order in which they became known. History follows the pupil:
marks from other schools stand in `elsewhere` and fill the sessions of which the school
itself has no mark.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.config import Term
from earlywarn.tables.store import Store
from earlywarn.terms import Days, SchoolCalendar, from_days, from_terms

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
    """

    marks: Marks
    days: Days
    session: NDArray[np.uint8]

    def rows(self, index: NDArray[np.int64]) -> "Slice":
        """Return the slice of some pupils."""
        return Slice(self.marks[index], self.days, self.session)

    def with_marks(self) -> "Slice":
        """Return the sessions of which these pupils have a mark.

        A session may have a column because of a mark that was entered later, or of a pupil who
        was still to come: before that, nobody knew that there was one.
        """
        seen = self.marks.any(axis=0)
        return self if seen.all() else Slice(self.marks[:, seen], self.days[seen], self.session[seen])

    def between(self, start: date, end: date) -> "Slice":
        """Return the sessions of the days `[start, end)`."""
        first, last = np.searchsorted(self.days, [np.datetime64(start), np.datetime64(end)])
        return Slice(self.marks[:, first:last], self.days[first:last], self.session[first:last])


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
        if anywhere:
            other = self.elsewhere.known(limit)
            fills = ~load_codes().possible[marks[other.row, other.column]]
            marks[other.row[fills], other.column[fills]] = other.mark[fills]
        return Slice(marks, self.days[:columns], self.session[:columns])


@dataclass(frozen=True)
class Register:
    """The blocks of a trust's schools, and their calendars."""

    blocks: Mapping[str, Block]
    calendars: Mapping[str, SchoolCalendar]

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks.values())


def pack_register(store: Store, terms: Sequence[Term] = ()) -> Register:
    """Pack the marks of every school into its block.

    Without a calendar table the term dates of the config stand in; without either, the
    days that have marks.
    """
    _number_rows(store)
    schools = [row[0] for row in store.db.execute("SELECT DISTINCT school_id FROM register_rows ORDER BY 1").fetchall()]
    blocks = {school: _pack(store, school) for school in schools}
    return Register(blocks, {school: _calendar(store, school, blocks.get(school), terms) for school in blocks})


def calendars_of(store: Store, terms: Sequence[Term] = ()) -> dict[str, SchoolCalendar]:
    """Return the calendars of all schools without packing marks (staff need no register)."""
    schools = [row[0] for row in store.db.execute("SELECT school_id FROM schools ORDER BY 1").fetchall()]
    found = {school: _calendar(store, school, None, terms) for school in schools}
    return {school: calendar for school, calendar in found.items() if len(calendar.days)}


def _number_rows(store: Store) -> None:
    """Number the pupils of each school in the order of their ids."""
    store.db.execute("""
        CREATE OR REPLACE TABLE register_rows AS
        SELECT school_id, person_id, (row_number() OVER (PARTITION BY school_id ORDER BY person_id) - 1)::INT AS row
        FROM (SELECT DISTINCT school_id, person_id FROM enrolments)
    """)


def _pack(store: Store, school: str) -> Block:
    people = _columns(store, "SELECT person_id FROM register_rows WHERE school_id = ? ORDER BY row", school)
    own = _columns(
        store,
        """
        SELECT r.row, a.date, a.session, a.mark, a.known_on
        FROM attendance AS a JOIN register_rows AS r USING (school_id, person_id)
        WHERE a.school_id = ?
        """,
        school,
    )
    other = _columns(
        store,
        """
        SELECT r.row, a.date, a.session, a.mark, a.known_on
        FROM register_rows AS r JOIN attendance AS a USING (person_id)
        WHERE r.school_id = ? AND a.school_id <> r.school_id
          AND person_id IN (SELECT person_id FROM register_rows GROUP BY 1 HAVING count(*) > 1)
        """,
        school,
    )
    columns = np.unique(np.concatenate([_session_key(own), _session_key(other)]))
    on_time = own["known_on"].astype("datetime64[D]") <= own["date"].astype("datetime64[D]")
    marks = np.zeros((len(people["person_id"]), len(columns)), np.uint8)
    at = np.searchsorted(columns, _session_key(own))
    marks[own["row"][on_time], at[on_time]] = own["mark"][on_time]
    return Block(
        school_id=school,
        people=pd.Index(people["person_id"]),
        days=(columns // 2).astype("datetime64[D]"),
        session=(columns % 2).astype(np.uint8),
        marks=marks,
        late=_late(own, columns, ~on_time),
        elsewhere=_late(other, columns, np.ones(len(other["row"]), bool)),
    )


def _columns(store: Store, query: str, school: str) -> Mapping[str, NDArray[Any]]:
    """Return the columns of a query about one school."""
    found: Mapping[str, NDArray[Any]] = store.db.execute(query, [school]).fetchnumpy()  # type: ignore[assignment]
    return found


def _session_key(rows: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return one number a session: twice the day plus 0 or 1."""
    return rows["date"].astype("datetime64[D]").astype(np.int64) * 2 + rows["session"].astype(np.int64)


def _late(rows: Mapping[str, NDArray[Any]], columns: NDArray[np.int64], chosen: NDArray[np.bool_]) -> LateMarks:
    known_on = rows["known_on"].astype("datetime64[D]")[chosen]
    order = np.argsort(known_on, kind="stable")
    at = np.searchsorted(columns, _session_key(rows)[chosen])
    return LateMarks(
        rows["row"][chosen][order].astype(np.int32),
        at[order].astype(np.int32),
        rows["mark"][chosen][order].astype(np.uint8),
        known_on[order],
    )


def _calendar(store: Store, school: str, block: Block | None, terms: Sequence[Term]) -> SchoolCalendar:
    """Return the school's calendar: its table, else the config's terms, else the days with marks."""
    rows = store.db.execute(
        """
        SELECT date, sessions, coalesce(term, '') AS term, coalesce(half_term, '') AS half_term, known_on
        FROM calendar WHERE school_id = ? AND sessions > 0 ORDER BY date
        """,
        [school],
    ).df()
    if len(rows):
        return SchoolCalendar(
            rows["date"].to_numpy().astype("datetime64[D]"),
            rows["sessions"].to_numpy(np.int8),
            rows["term"].to_numpy(str),
            rows["half_term"].to_numpy(str),
            known_on=rows["known_on"].to_numpy().astype("datetime64[D]") if rows["known_on"].notna().all() else None,
        )
    if terms:
        return from_terms(terms)
    return from_days(np.unique(block.days).astype(object).tolist() if block is not None else [])
