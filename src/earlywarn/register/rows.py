"""Marks on their way into a block: rows as arrays, with numbers for schools, sessions and days.

A session's key is twice the day's number since 1970, plus 0 in the morning and 1 in the
afternoon: keys of sessions sort as the sessions do.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.register.block import LateMarks, Marks
from earlywarn.tables.store import Store

Integers = NDArray[np.int32]

DAY = "(a.date - DATE '1970-01-01')::INT"
SESSION_KEY = f"({DAY} * 2 + a.session)::INT"
KNOWN_DAY = "(a.known_on - DATE '1970-01-01')::INT"


@dataclass(frozen=True)
class Rows:
    """Some marks of one school's pupils; all of shape (n,).

    row   : row of the pupil in the school's block.
    key   : the session.
    mark  : number of the attendance code.
    known : number of the day on which it was known.
    """

    row: Integers
    key: Integers
    mark: Marks
    known: Integers

    def __getitem__(self, chosen: NDArray[Any] | slice) -> "Rows":
        return Rows(self.row[chosen], self.key[chosen], self.mark[chosen], self.known[chosen])

    @property
    def on_time(self) -> NDArray[np.bool_]:
        """Tell which were known on their day."""
        return 2 * self.known <= self.key

    def as_late(self, columns: Integers) -> LateMarks:
        """Return them in the order in which they became known; `columns` are the keys of the block's sessions."""
        mine = self[np.argsort(self.known, kind="stable")]
        at = np.searchsorted(columns, mine.key).astype(np.int32)
        return LateMarks(mine.row, at, mine.mark, mine.known.astype("datetime64[D]"))


def joined(pieces: list[Rows]) -> Rows:
    """Return pieces one below the other."""
    names = ("row", "key", "mark", "known")
    types = (np.int32, np.int32, np.uint8, np.int32)
    return Rows(*(
        np.concatenate([np.empty(0, kind), *(getattr(piece, name) for piece in pieces)], dtype=kind)
        for name, kind in zip(names, types, strict=True)
    ))  # fmt: skip


def by_school(columns: Mapping[str, NDArray[Any]]) -> Iterator[tuple[int, Rows]]:
    """Yield the rows of each school; those of one school stay in their order.

    Rows that come sorted by school are cut, not copied.
    """
    school = columns["school"]
    rows = Rows(columns["row"], columns["key"], columns["mark"], columns["known"])
    if (school[1:] < school[:-1]).any():
        order = np.argsort(school, kind="stable")
        school, rows = school[order], rows[order]
    cuts = np.flatnonzero(school[1:] != school[:-1]) + 1
    edges = [0, *cuts.tolist(), len(school)] if len(school) else []
    for first, last in pairwise(edges):
        yield int(school[first]), rows[first:last]


def number_rows(store: Store) -> None:
    """Number the schools, and the pupils of each, in the order of their ids: the table `register_rows`.

    A school's number has 16 bits: NumPy sorts these ten times faster than longer ones, see `by_school`.
    """
    store.db.execute("""
        CREATE OR REPLACE TABLE register_rows AS
        SELECT school_id, person_id, (dense_rank() OVER (ORDER BY school_id) - 1)::USMALLINT AS school,
               (row_number() OVER (PARTITION BY school_id ORDER BY person_id) - 1)::INT AS row
        FROM (SELECT DISTINCT school_id, person_id FROM enrolments)
        ORDER BY school, row
    """)


def stream_marks(store: Store) -> Iterator[tuple[int, Rows]]:
    """Yield all marks, a piece of one school at a time, in the order in which the table holds them."""
    query = f"""
        SELECT r.school, r.row, {SESSION_KEY} AS key, a.mark, {KNOWN_DAY} AS known
        FROM attendance AS a JOIN register_rows AS r USING (school_id, person_id)"""
    # A cursor of its own: whoever receives a piece may ask the store something before the next one.
    with closing(store.db.cursor()) as cursor:
        cursor.execute(f"SET streaming_buffer_size = '{_AHEAD}'")
        for batch in cursor.sql(query).to_arrow_reader(_BATCH):
            yield from by_school({name: batch.column(name).to_numpy() for name in batch.schema.names})


def marks_elsewhere(store: Store) -> Mapping[int, Rows]:
    """Return, for each school, the marks that its pupils have at other schools."""
    found = store.db.execute(f"""
        WITH movers AS (
            SELECT * FROM register_rows
            WHERE person_id IN (SELECT person_id FROM register_rows GROUP BY 1 HAVING count(*) > 1)
        )
        SELECT r.school, r.row, {SESSION_KEY} AS key, a.mark, {KNOWN_DAY} AS known
        FROM attendance AS a JOIN movers AS r USING (person_id)
        WHERE a.school_id <> r.school_id ORDER BY r.school, a.school_id
    """).fetchnumpy()
    return dict(by_school(found))  # type: ignore[arg-type]


_BATCH = 250_000  # rows of marks in one piece, a few megabytes
_AHEAD = "32MB"  # what DuckDB reads ahead while a piece is being used
