"""The folder that a simulation writes: one file a table, school by school.

In:  rows as arrays, table by table.
Out: CSV files, `responses.csv.gz` and `attendance.parquet` in a folder that appears whole or not at all.
"""

import gzip
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from earlywarn.errors import ConfigError

Columns = Mapping[str, Any]  # column name to an array, a pyarrow array or a list

_CSV = pacsv.WriteOptions(include_header=True, quoting_header="none", quoting_style="none", batch_size=65536)
_MORE_CSV = pacsv.WriteOptions(include_header=False, quoting_style="none", batch_size=65536)
_TEXT = pa.dictionary(pa.int32(), pa.string())

MARKS = pa.schema(
    {
        "person_id": _TEXT,
        "school_id": _TEXT,
        "date": pa.date32(),
        "session": _TEXT,
        "code": _TEXT,
        "minutes_late": pa.int16(),
        "known_on": pa.date32(),
    }
)


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Yield a working folder beside `out` that takes its place at the end, or vanishes on an error."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigError(f"{out} exists and is not an empty folder", fix="name a new folder, or remove that one first")
    out.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield working
        if out.exists():
            out.rmdir()
        working.chmod(0o755)
        working.rename(out)
    except BaseException:
        shutil.rmtree(working, ignore_errors=True)
        raise


class TableWriter:
    """Writes the tables of one folder, a piece at a time, and counts their rows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._files: dict[str, IO[bytes]] = {}
        self._marks: pq.ParquetWriter | None = None
        self.rows: dict[str, int] = {}

    def __enter__(self) -> "TableWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, table: str, columns: Columns) -> None:
        """Add rows to a CSV table; its first piece gives the header."""
        piece = pa.table(dict(columns))
        if table == "attendance":
            self._add_marks(piece.cast(MARKS))
        else:
            first = table not in self._files
            pacsv.write_csv(piece, self._file(table), _CSV if first else _MORE_CSV)
        self.rows[table] = self.rows.get(table, 0) + piece.num_rows

    def _add_marks(self, piece: pa.Table) -> None:
        if self._marks is None:
            path = self._folder / "attendance.parquet"
            self._marks = self._open.enter_context(pq.ParquetWriter(path, MARKS, compression="zstd"))
        self._marks.write_table(piece)

    def _file(self, table: str) -> IO[bytes]:
        """Return the open file of a table."""
        if table not in self._files:
            if table == "responses":  # no name and no time in the header: the same rows give the same bytes
                plain = self._open.enter_context((self._folder / f"{table}.csv.gz").open("wb"))
                packed = gzip.GzipFile(filename="", mode="wb", compresslevel=4, fileobj=plain, mtime=0)
                self._files[table] = cast(IO[bytes], self._open.enter_context(packed))
            else:
                self._files[table] = self._open.enter_context((self._folder / f"{table}.csv").open("wb"))
        return self._files[table]


def texts(values: NDArray[np.str_], index: NDArray[np.integer]) -> pa.DictionaryArray:
    """Return `values[index]` as a column that holds each text once."""
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(values, pa.string()))
