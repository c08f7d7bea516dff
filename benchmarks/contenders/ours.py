"""earlywarn, from the sorted marks and from a packed register; and DuckDB's scan of the same columns."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from contenders.trust import AS_OF, marks_of, open_trust
from earlywarn.features.attendance import ATTENDANCE
from earlywarn.features.history import History
from earlywarn.features.seen import Seen
from earlywarn.register import Block, Register, calendars_of, pack_register, stream_blocks
from earlywarn.tables.database import THREADS
from earlywarn.terms import SchoolCalendar, school_year, year_start

COLUMNS = "person_id, date, session, code"


def scan(data: Path) -> int:
    """Read the four columns and hand them over, batch by batch; return the number of marks."""
    db = _database()
    batches = db.sql(f"SELECT {COLUMNS} FROM {marks_of(data)}").to_arrow_reader(250_000)
    return sum(batch.num_rows for batch in batches)


def scan_inside(data: Path) -> None:
    """Read the four columns and let DuckDB itself look at every value, which hands nothing over."""
    _database().execute(f"SELECT bit_xor(hash({COLUMNS})) FROM {marks_of(data)}").fetchall()


def from_parquet(data: Path) -> Iterator[tuple[pd.Index, np.ndarray]]:
    """Yield each school's people and features, (dates, features, people), as its marks come by."""
    with open_trust(data) as store:
        yield from of_blocks(stream_blocks(store), calendars_of(store))


def packed(data: Path) -> Register:
    with open_trust(data) as store:
        return pack_register(store)


def from_register(register: Register) -> Iterator[tuple[pd.Index, np.ndarray]]:
    """Yield the same from a register that is packed already."""
    yield from of_blocks(register, register.calendars)


def of_blocks(
    blocks: Iterable[Block], calendars: Mapping[str, SchoolCalendar]
) -> Iterator[tuple[pd.Index, np.ndarray]]:
    """Yield the features of blocks in their order.

    By one thread: two of them would wait for each other at every one of many small calls. DuckDB's read ahead.
    """
    for block in blocks:
        yield block.people, of_block(block, calendars[block.school_id])


def of_block(block: Block, calendar: SchoolCalendar) -> np.ndarray:
    """Return all attendance features of one school, (dates, features, people)."""
    found = np.empty((len(AS_OF), len(ATTENDANCE), len(block.people)), np.float32)
    people = pd.DataFrame(index=block.people)
    for place, as_of in enumerate(AS_OF):
        since = year_start(school_year(as_of) - 1)
        marks = block.as_known(as_of, anywhere=True).between(since, as_of).with_marks()
        history = History(as_of, marks, calendar, 0, 0)
        seen = Seen(as_of, block.school_id, people, frozenset(), history)
        for number, feature in enumerate(ATTENDANCE):
            found[place, number] = feature.value(seen)
    return found


def tables(blocks: Iterable[tuple[pd.Index, np.ndarray]]) -> list[pd.DataFrame]:
    """Return one table a date, one row a person."""
    people, values = zip(*blocks, strict=True)
    every = np.concatenate(values, axis=2)
    index = pd.Index(np.concatenate([np.asarray(mine, object) for mine in people]))
    names = [feature.name for feature in ATTENDANCE]
    return [pd.DataFrame(every[place].T, index=index, columns=names) for place in range(len(AS_OF))]


def _database() -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute(f"SET threads = {THREADS}; SET enable_progress_bar = false")
    return db
