"""The checked tables of one data folder, in a DuckDB file that lives as long as the run.

In:  a data folder, the private folder, the questionnaires and the config.
Out: `Store`: a view for every table of the spec (empty where the folder has
     none), with every standard column, the declared ones, `line` and a filled
     `known_on`; `attendance` with mark numbers and the school of every mark;
     `enrolments`; `today`; and what the checks found.

Nothing is left on disk afterwards but `rejects.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import duckdb

from earlywarn.config import Config
from earlywarn.errors import TableError
from earlywarn.surveys.instrument import Instrument
from earlywarn.tables.check import Finding, refuse
from earlywarn.tables.database import open_database, remove_database
from earlywarn.tables.examine import Examined, TableSummary, examine

NO_INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType({})

# Tables whose latest `known_on` says how far the data reach.
_SAY_TODAY = ("attendance", "attendance_summary", "events", "outcomes", "leavers")


@dataclass(frozen=True)
class Store:
    """A folder's checked tables.

    present                : tables that have rows.
    today                  : the config's `data_to`, or the latest day that marks, summaries, events, outcomes or
                             leavers know of; also in the database, as the table `today`.
    has_correction_history : whether marks say when they were known.
    """

    db: duckdb.DuckDBPyConnection
    path: Path
    present: frozenset[str]
    instruments: Mapping[str, Instrument]
    digest: str
    today: date
    summary: tuple[TableSummary, ...]
    findings: tuple[Finding, ...]
    has_correction_history: bool

    def close(self) -> None:
        """Close the database and remove its file."""
        remove_database(self.db, self.path)

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, whatever happened."""
        self.close()


def open_store(
    data: Path,
    *,
    private: Path,
    config: Config | None = None,
    instruments: Mapping[str, Instrument] = NO_INSTRUMENTS,
) -> Store:
    """Read and check a data folder; every broken rule that stops is told in one `TableError`."""
    db, path = open_database(private)
    try:
        examined = examine(db, data, private, instruments, config)
        refuse(examined.findings)
        return _store(db, path, examined, instruments, config)
    except BaseException:
        remove_database(db, path)
        raise


def check_folder(
    data: Path,
    private: Path,
    instruments: Mapping[str, Instrument] = NO_INSTRUMENTS,
    config: Config | None = None,
) -> tuple[tuple[TableSummary, ...], tuple[Finding, ...]]:
    """Read and check a data folder for `earlywarn check`: nothing is raised for what is broken in it."""
    db, path = open_database(private)
    try:
        examined = examine(db, data, private, instruments, config)
    finally:
        remove_database(db, path)
    return examined.summary, examined.findings


def _store(
    db: duckdb.DuckDBPyConnection,
    path: Path,
    examined: Examined,
    instruments: Mapping[str, Instrument],
    config: Config | None,
) -> Store:
    given = config.data_to if config else None
    today = given or _latest_day(db)
    db.execute("CREATE TABLE today AS SELECT ?::DATE AS today", [today])
    return Store(
        db=db,
        path=path,
        present=frozenset(table.table for table in examined.summary if table.rows),
        instruments=instruments,
        digest=examined.digest,
        today=today,
        summary=examined.summary,
        findings=examined.findings,
        has_correction_history=any(t.table == "attendance" and t.gives_known_on for t in examined.summary),
    )


def _latest_day(db: duckdb.DuckDBPyConnection) -> date:
    """Return the latest day that the data know of."""
    days = " UNION ALL ".join(f"SELECT max(known_on) AS day FROM {table}" for table in _SAY_TODAY)
    row = db.execute(f"SELECT max(day) FROM ({days})").fetchone()
    if row is None or row[0] is None:
        raise TableError("no table says how far the data reach", fix="give `data_to` in the config")
    return date.fromisoformat(str(row[0]))
