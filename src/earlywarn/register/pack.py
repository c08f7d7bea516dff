"""Marks become blocks, one school at a time.

In:  the checked `attendance` table, in any order.
Out: one `Block` a school, as soon as the last of its marks has come by.

DuckDB says first how many marks each school has and between which days; then the marks stream
by once, and each is written to its place in a matrix of all days between. Days without a mark are
taken out at the end. Where the table is sorted by school, one matrix fills at a time; where it is
not, all of them fill side by side: at most a byte for each half of a day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from earlywarn.config import Term
from earlywarn.register.block import Block, Marks
from earlywarn.register.calendar import calendars_of
from earlywarn.register.rows import DAY, Rows, joined, marks_elsewhere, number_rows, stream_marks
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
            yield filling.pop(number).block()
            del schools[number]
    for number, school in schools.items():  # those without a mark of their own
        yield (filling.get(number) or _start(school)).block()


@dataclass(frozen=True)
class _School:
    """What is known of a block before its marks come by.

    first, last : all marks of its pupils have keys in `[first, last)`.
    marks       : how many marks it has itself.
    """

    school_id: str
    people: list[str]
    first: int
    last: int
    marks: int
    elsewhere: Rows


@dataclass
class _Filling:
    """A matrix while its marks come by.

    cells   : the matrix, row after row, and one more cell, which nobody reads.
    awaited : marks that are still to come.
    late    : marks that were not known on their day.
    """

    school: _School
    cells: Marks
    awaited: int
    late: list[Rows] = field(default_factory=list)

    def add(self, rows: Rows) -> None:
        """Write marks that were known on their day to their places, and put the others aside."""
        place = np.multiply(rows.row, self.school.last - self.school.first, dtype=np.int64)
        place += rows.key - self.school.first
        late = np.flatnonzero(~rows.on_time)
        place[late] = -1
        self.cells[place] = rows.mark
        if len(late):
            self.late.append(rows[late])
        self.awaited -= len(place)

    def block(self) -> Block:
        """Return the block, with the sessions that have a mark as its columns."""
        school, late = self.school, joined(self.late)
        matrix = self.cells[:-1].reshape(len(school.people), school.last - school.first)
        held = np.asarray(matrix.any(axis=0))
        held[np.concatenate([late.key, school.elsewhere.key]) - school.first] = True
        columns = np.flatnonzero(held).astype(np.int32) + np.int32(school.first)
        return Block(
            school_id=school.school_id,
            people=pd.Index(school.people),
            days=(columns // 2).astype("datetime64[D]"),
            session=(columns % 2).astype(np.uint8),
            marks=matrix.compress(held, axis=1),
            late=late.as_late(columns),
            elsewhere=school.elsewhere.as_late(columns),
        )


def _start(school: _School) -> _Filling:
    """Return the empty matrix of a school."""
    cells = np.zeros(len(school.people) * (school.last - school.first) + 1, np.uint8)
    return _Filling(school, cells, school.marks)


def _schools(store: Store) -> Iterator[_School]:
    """Yield every school in the order of its number."""
    people = store.db.execute("""
        SELECT school_id, list(person_id ORDER BY row) FROM register_rows GROUP BY school_id ORDER BY school_id
    """).fetchall()
    held = store.db.execute(f"""
        SELECT school_id, [2 * min({DAY}), 2 * max({DAY}) + 1], count(*) FROM attendance AS a GROUP BY school_id
    """).fetchall()
    spans = {school_id: (keys, marks) for school_id, keys, marks in held}
    elsewhere = marks_elsewhere(store)
    for number, (school_id, ids) in enumerate(people):
        keys, marks = spans.get(school_id, ([], 0))
        other = elsewhere.get(number, joined([]))
        every = [*keys, *other.key]
        yield _School(school_id, ids, min(every, default=0), max(every, default=-1) + 1, marks, other)
