"""The DuckDB file of a run: where it lies, how it is opened, that it goes away.

It holds people, one by one, so it lies in the private folder and is removed
when it is closed. No connection may fetch an extension from the network.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from earlywarn.folders import half_made

MEMORY = "2GB"  # beyond this DuckDB spills to disk
THREADS = 2


def open_database(private: Path) -> tuple[duckdb.DuckDBPyConnection, Path]:
    """Open a new database in the private folder; return it with the path of its file."""
    private.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = half_made(private, "store").with_suffix(".duckdb")
    db = duckdb.connect(str(path))
    db.execute(f"""
        SET autoinstall_known_extensions = false; SET autoload_known_extensions = false;
        SET memory_limit = '{MEMORY}'; SET threads = {THREADS}; SET preserve_insertion_order = true;
        SET enable_progress_bar = false""")
    db.execute("SET temp_directory = ?", [str(_spill(path))])
    return db, path


@contextmanager
def at_once(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Write many small things to disk together; each by itself would wait for the disk."""
    db.begin()
    yield
    db.commit()


def remove_database(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Close a database and remove what it left on disk; doing so twice does no harm."""
    db.close()
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    shutil.rmtree(_spill(path), ignore_errors=True)


def _spill(path: Path) -> Path:
    return path.with_suffix(".tmp")
