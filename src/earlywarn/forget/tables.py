"""The rows of people in a table of ours, Parquet or CSV: found, or left out of a copy."""

import csv
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from earlywarn.cells import as_written
from earlywarn.errors import TableError

PERSON = "person_id"


def columns_of(path: Path) -> tuple[str, ...]:
    """Return the columns of a table; none of a file that is not there, or no table."""
    if not path.is_file():
        return ()
    match path.suffix:
        case ".parquet":
            return tuple(_schema(path).names)
        case ".csv":
            return tuple(_header(path))
    return ()


def rows_of(path: Path, people: Collection[str]) -> list[str]:
    """Return the person of every row that is about one of some people."""
    if path.suffix == ".parquet":
        ids = _ids(pq.read_table(path, columns=[PERSON]))
        return [str(one) for one in ids.filter(_is_of(ids, people)).to_pylist()]
    header, rows = _cells(path)
    place = header.index(PERSON)
    return [as_written(row[place]) for row in rows if as_written(row[place]) in people]


def copy_without(source: Path, target: Path, people: Collection[str]) -> None:
    """Write a table again without some people; nothing of their rows is in the new file."""
    if source.suffix == ".parquet":
        table = pq.read_table(source)
        pq.write_table(table.filter(pc.invert(_is_of(_ids(table), people))), target)
        return
    header, rows = _cells(source)
    place = header.index(PERSON)
    with target.open("w", encoding="utf-8-sig", newline="") as file:  # with the mark that tells Excel it is UTF-8
        csv.writer(file).writerows([header, *(row for row in rows if as_written(row[place]) not in people)])


def _schema(path: Path) -> pa.Schema:
    try:
        return pq.read_schema(path)
    except pa.ArrowInvalid:
        raise _unreadable(path) from None


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> TableError:
    return TableError(
        f"{path}: cannot be read, so nobody can be looked for in it", fix="delete it, or move it elsewhere"
    )


def _ids(table: pa.Table) -> pa.ChunkedArray:
    return table.column(PERSON).cast(pa.string())


def _is_of(ids: pa.ChunkedArray, people: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(ids, pa.array(sorted(people), pa.string()))


def _cells(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows
