"""From the rows of a table back to the lines of its file.

Rows keep the order of the file, so the n-th row of a CSV stands on line n + 1,
unless a quoted value holds a line break or a line is blank. Whether that is so
is looked up only when there is a line to tell.
"""

import csv
import gzip
import io
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """The file that holds a table.

    columns  : the table's and declared columns that it has, with their place in it.
    left_out : names of the columns that nobody asked for.
    types    : DuckDB type of each column of a Parquet file; empty for CSV.
    is_plain : whether it is a CSV without spaces, quotes and letters beyond ASCII: its cells are their values.
    """

    table: str
    path: Path
    columns: Mapping[str, int]
    left_out: Mapping[str, int]
    types: tuple[str, ...] = ()
    is_plain: bool = False

    @property
    def is_parquet(self) -> bool:
        """Whether rows are counted (from 1), not lines (from 2, below the header)."""
        return self.path.suffix == ".parquet"


class Lines:
    """Turns row numbers into the line numbers that a reader of the file sees."""

    def __init__(self, files: Mapping[str, Source]) -> None:
        self.files = files
        self._starts: dict[str, array[int] | None] = {}

    def in_file(self, table: str, rows: Sequence[int]) -> tuple[int, ...]:
        """Return where the rows (numbered as in `line`) stand in the table's file."""
        if table not in self._starts:
            self._starts[table] = _shifted_starts(self.files[table])
        starts = self._starts[table]
        return tuple(rows) if starts is None else tuple(starts[row - 2] for row in rows)


def open_text(path: Path) -> IO[bytes]:
    """Open a CSV file, compressed or not, for reading bytes."""
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def is_plain(path: Path) -> bool:
    """Return whether a CSV file has no space, quote or letter beyond ASCII; False for one that is compressed."""
    if path.suffix != ".csv":
        return False
    with path.open("rb") as file:
        return all(b" " not in chunk and b'"' not in chunk and chunk.isascii() for chunk in _chunks(file))


def line_at(path: Path, position: int) -> int:
    """Return the line of the first character at or below the byte `position` (from 0), blank lines passed over."""
    with open_text(path) as file:
        line, left = 1, position
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            line += chunk.count(b"\n")
            left -= len(chunk)
        while (byte := file.read(1)) in (b"\n", b"\r"):
            line += byte == b"\n"
    return line


def _shifted_starts(source: Source) -> "array[int] | None":
    """Return where rows start, if line breaks within values, or blank lines, move the lines below them."""
    if source.is_parquet or _has_a_line_a_row(source.path):
        return None
    starts = _row_starts(source.path)
    return starts if starts and starts[-1] != len(starts) + 1 else None


def _has_a_line_a_row(path: Path) -> bool:
    """Whether a file has neither a quote nor a blank line: one row, one line."""
    end = b"\n"  # also finds a blank line below the header's break, and across chunks
    with open_text(path) as file:
        for chunk in _chunks(file):
            seen = end + chunk.replace(b"\r", b"")
            if b'"' in seen or b"\n\n" in seen:
                return False
            end = seen[-1:]
    return True


def _row_starts(path: Path) -> "array[int]":
    """Return the line on which each row below the header starts; a blank line is no row."""
    starts, start = array("Q"), 1
    with open_text(path) as file:
        reader = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
        for row in reader:
            if row:
                starts.append(start)
            start = reader.line_num + 1
    return starts[1:]


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
