"""Whom files name: every byte is searched, the names of the files, and what lies packed inside them."""

import gzip
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq

PUPIL, STAFF = (re.compile(rb"(?<![A-Za-z0-9])" + form + rb"(?![A-Za-z0-9])") for form in (rb"P\d{6}", rb"S\d{5}"))


def people_in(content: str | bytes) -> set[str]:
    """Return the made-up people, pupils and staff, whom a text names."""
    raw = content.encode() if isinstance(content, str) else content
    return {found.group().decode() for pattern in (PUPIL, STAFF) for found in pattern.finditer(raw)}


def files_naming(*places: Path) -> list[str]:
    """Return the files, in folders or given one by one, in which a person is named."""
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file()]
    assert files, "there is nothing to search"
    return [str(file) for file in files if any(people_in(content) for content in _contents(file))]


def _contents(file: Path) -> Iterator[bytes]:
    raw = file.read_bytes()
    yield file.name.encode()
    yield raw
    for sign, unpacked in _PACKED.items():
        if raw.startswith(sign):
            yield from unpacked(file)


def _of_gzip(file: Path) -> Iterator[bytes]:
    yield gzip.decompress(file.read_bytes())


def _of_zip(file: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as packed:
        yield from (packed.read(name) for name in packed.namelist())


def _of_parquet(file: Path) -> Iterator[bytes]:
    table = pq.read_table(file)
    yield str(table.schema).encode()
    yield from (str(column.to_pylist()).encode() for column in table.columns)


def _of_sqlite(file: Path) -> Iterator[bytes]:
    """Yield the rows: in the file's bytes a long value is cut up between pages."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        yield from (str(row).encode() for table in tables for row in db.execute(f'SELECT * FROM "{table}"'))


_PACKED: dict[bytes, Callable[[Path], Iterator[bytes]]] = {
    b"\x1f\x8b": _of_gzip,
    b"PK\x03\x04": _of_zip,
    b"PAR1": _of_parquet,
    b"SQLite format 3\x00": _of_sqlite,
}
