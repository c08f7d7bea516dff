"""Marks become blocks, one school at a time.

In:  the checked `attendance` table, in any order.
Out: one `Block` a school, as soon as the last of its marks has come by.

DuckDB says first how many marks each school has and in which sessions; then the marks stream
by once, and each is written to its place. Where the table is sorted by school, one matrix fills at
a time; where it is not, all of them fill side by side: one byte a session at most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from earlywarn.config import Term
from earlywarn.register.block import Block, Marks
from earlywarn.register.calendar import calendars_of
from earlywarn.register.rows import SESSION_KEY, Integers, Rows, joined, marks_elsewhere, number_rows, stream_marks
from earlywarn.tables.store import Store
from earlywarn.terms import SchoolCalendar


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
    found = {block.school_id: block for block in stream_blocks(store)}
    blocks = {school: found[school] for school in sorted(found)}
    days = {school: np.unique(block.days) for school, block in blocks.items()}
    return Register(blocks, calendars_of(store, terms, days))


def stream_blocks(store: Store) -> Iterator[Block]:
    """Yield the block of each school as soon as its last mark has come by."""
    number_rows(store)
    schools = dict(enumerate(_schools(store)))
    filling: dict[int, _Filling] = {}
    for number, rows in stream_marks(store):
        if number not in filling:
            filling[number] = _start(schools[number])
        filling[number].add(rows)
        if not filling[number].awaited:
            yield _block(schools.pop(number), filling.pop(number))
    for number, school in schools.items():  # those without a mark of their own
        yield _block(school, filling.get(number) or _start(school))


@dataclass(frozen=True)
class _School:
    """What is known of a block before its marks come by: its pupils, its sessions' keys, how many marks it has."""

    school_id: str
    people: list[str]
    columns: Integers
    marks: int
    elsewhere: Rows


@dataclass
class _Filling:
    """A matrix while its marks come by.

    first     : key of its first session.
    column_of : column of each key from the first one on.
    awaited   : marks that are still to come.
    late      : marks that were not known on their day.
    """

    marks: Marks
    first: int
    column_of: Integers
    awaited: int
    late: list[Rows] = field(default_factory=list)

    def add(self, rows: Rows) -> None:
        """Write marks that were known on their day to their places, and put the others aside."""
        on_time = rows.on_time
        at = rows.row.astype(np.int64) * self.marks.shape[1] + self.column_of[rows.key - self.first]
        self.marks.ravel()[at[on_time]] = rows.mark[on_time]
        self.late.append(rows[~on_time])
        self.awaited -= len(rows.row)


def _start(school: _School) -> _Filling:
    """Return the empty matrix of a school."""
    marks = np.zeros((len(school.people), len(school.columns)), np.uint8)
    if not len(school.columns):
        return _Filling(marks, 0, np.empty(0, np.int32), 0)
    first, last = int(school.columns[0]), int(school.columns[-1])
    column_of = np.zeros(last - first + 1, np.int32)
    column_of[school.columns - first] = np.arange(len(school.columns))
    return _Filling(marks, first, column_of, school.marks)


def _block(school: _School, filled: _Filling) -> Block:
    return Block(
        school_id=school.school_id,
        people=pd.Index(school.people),
        days=(school.columns // 2).astype("datetime64[D]"),
        session=(school.columns % 2).astype(np.uint8),
        marks=filled.marks,
        late=joined(filled.late).as_late(school.columns),
        elsewhere=school.elsewhere.as_late(school.columns),
    )


def _schools(store: Store) -> Iterator[_School]:
    """Yield every school in the order of its number."""
    people = store.db.execute("""
        SELECT school_id, list(person_id ORDER BY row) FROM register_rows GROUP BY school_id ORDER BY school_id
    """).fetchall()
    held = store.db.execute(f"""
        SELECT school_id, list(key ORDER BY key), sum(marks)::INT
        FROM (SELECT a.school_id, {SESSION_KEY} AS key, count(*) AS marks FROM attendance AS a GROUP BY ALL)
        GROUP BY school_id
    """).fetchall()
    sessions = {school_id: (np.array(keys, np.int32), marks) for school_id, keys, marks in held}
    elsewhere = marks_elsewhere(store)
    for number, (school_id, ids) in enumerate(people):
        keys, marks = sessions.get(school_id, (np.empty(0, np.int32), 0))
        other = elsewhere.get(number, joined([]))
        yield _School(school_id, ids, np.union1d(keys, other.key), marks, other)
