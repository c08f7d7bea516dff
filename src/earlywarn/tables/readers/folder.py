"""Reads a data folder into DuckDB: one file a table, typed, in the order of the file.

In:  a folder with `<table>.csv`, `.csv.gz` or `.parquet`.
Out: for every table of the spec a table `read_<name>` with its columns (or what it keeps
     in their place) and the declared ones, plus `unreadable` and `missing` (the first
     column whose value could not be read, or that is empty and must not be), and a view
     `raw_<name>` over it with `line`. What a folder lacks is empty.

Every column comes in as text and is cast by us, so that a wrong date is a
finding with a line and a column, not a value that a sniffer made up.
"""

import csv
import gzip
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from earlywarn.errors import TableError
from earlywarn.tables import TABLES
from earlywarn.tables.check import Finding
from earlywarn.tables.database import at_once
from earlywarn.tables.readers.lines import Lines, Source, is_plain, line_at, open_text
from earlywarn.tables.readers.typed import select_nothing, select_typed
from earlywarn.tables.spec import Column, Table

ENDINGS = (".csv", ".csv.gz", ".parquet")


class UnreadableError(Exception):
    """A file that could not be read, as the finding that says so; it never leaves this module."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def find_files(data: Path) -> tuple[dict[str, Path], list[Finding]]:
    """Return the file of each table; two files for one table are a finding."""
    if not data.is_dir():
        raise TableError(f"{data}: no such folder", fix="name the folder that holds schools.csv and the other tables")
    found: dict[str, Path] = {}
    findings = []
    for name in TABLES:
        paths = [path for ending in ENDINGS if (path := data / f"{name}{ending}").is_file()]
        if len(paths) > 1:
            names = " and ".join(path.name for path in paths)
            findings.append(
                Finding(
                    "EW002", name, paths[0].name, f"a table is in one file; found {names}", fix="remove all but one"
                )
            )
        elif paths:
            found[name] = paths[0]
    return found, findings


def digest(paths: Sequence[Path]) -> str:
    """Return a SHA-256 over the names and bytes of the files, whatever their order and dates."""
    whole = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        with path.open("rb") as file:
            whole.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def read_folder(
    db: duckdb.DuckDBPyConnection, paths: Mapping[str, Path], extra: Mapping[str, Sequence[Column]]
) -> tuple[Lines, list[Finding]]:
    """Read every table; files that cannot be read are findings, and their tables are empty."""
    files: dict[str, Source] = {}
    findings: list[Finding] = []
    columns_of = {name: (*table.columns, *extra.get(name, ())) for name, table in TABLES.items()}
    with at_once(db):
        for name, columns in columns_of.items():
            db.execute(f"CREATE TABLE read_{name} AS {select_nothing(TABLES[name], columns)}")
    for name in (name for name in TABLES if name in paths):
        columns = columns_of[name]
        try:
            source = _open_source(db, TABLES[name], columns, paths[name])
            findings += _read(db, source, columns)
            files[name] = source
        except UnreadableError as problem:
            findings.append(problem.finding)
    return Lines(files), findings


def _open_source(db: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column], path: Path) -> Source:
    """Return what a file holds, by its header or schema."""
    if path.suffix == ".parquet":
        header, types = _parquet_schema(db, table, path)
    else:
        header, types = _csv_header(table, path), []
    _check_header(table, columns, path, header)
    wanted = {column.name for column in columns}
    places = {name: place for place, name in enumerate(header)}
    return Source(
        table=table.name,
        path=path,
        columns={name: place for name, place in places.items() if name in wanted},
        left_out={name: place for name, place in places.items() if name not in wanted},
        types=tuple(types),
        is_plain=is_plain(path),
    )


def _check_header(table: Table, columns: Sequence[Column], path: Path, header: list[str]) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        rule = f"a column has a name of its own; {path.name} has {', '.join(twice)} twice"
        raise _unreadable(table, path, "EW004", rule, "rename or remove one of them")
    lacking = [column.name for column in columns if column.needed and column.name not in header]
    if lacking:
        rule = f"a needed column is there; {path.name} lacks {', '.join(lacking)}"
        hint = "; columns are separated by commas" if len(header) == 1 else ""
        raise _unreadable(table, path, "EW004", rule, f"add the column to the export{hint}")


def _csv_header(table: Table, path: Path) -> list[str]:
    try:
        with open_text(path) as file:
            first = file.readline().decode("utf-8-sig")
        header = next(csv.reader([first]), [])
    except UnicodeDecodeError:
        raise _unreadable(
            table, path, "EW003", f"a CSV file is UTF-8; {path.name} is not", "save it as CSV UTF-8"
        ) from None
    except (OSError, EOFError, csv.Error, gzip.BadGzipFile):
        raise _unreadable(table, path, "EW003", f"a file can be read; {path.name} cannot", "export it again") from None
    if not any(header):
        raise _unreadable(
            table, path, "EW001", f"a file has a header and rows; {path.name} is empty", "export it again"
        )
    return [name.strip().lower() for name in header]


def _parquet_schema(db: duckdb.DuckDBPyConnection, table: Table, path: Path) -> tuple[list[str], list[str]]:
    try:
        described = db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error:
        raise _not_parquet(table, path) from None
    return [row[0].strip().lower() for row in described], [row[1] for row in described]


def _read(db: duckdb.DuckDBPyConnection, source: Source, columns: Sequence[Column]) -> list[Finding]:
    """Read one file into its table; return what is wrong with its structure."""
    table = TABLES[source.table]
    query = select_typed(source, table, columns)
    try:
        db.execute(f"CREATE OR REPLACE TABLE read_{table.name} AS {query}")
    except duckdb.Error:
        if source.is_parquet:
            raise _not_parquet(table, source.path) from None
        raise _unreadable(
            table, source.path, "EW003", f"a CSV file can be read to its end; {source.path.name} cannot",
            "export it again as comma-separated UTF-8 with one kind of line end",
        ) from None  # fmt: skip
    return [] if source.is_parquet else _broken_lines(db, source)


_STRUCTURE = {
    "MISSING COLUMNS": (
        "a line has as many columns as the header; some have fewer",
        "complete the line, or export again",
    ),
    "TOO MANY COLUMNS": (
        "a line has as many columns as the header; some have more",
        "put a value that holds a comma in quotes, or export again",
    ),
    "UNQUOTED VALUE": (
        "a quote that opens is closed at the end of the value",
        "close the quote; double a quote within it",
    ),
    "INVALID ENCODING": ("a CSV file is UTF-8", "save it as CSV UTF-8"),
}


def _broken_lines(db: duckdb.DuckDBPyConnection, source: Source) -> list[Finding]:
    """Return the lines that the CSV reader refused, by kind, and forget its notes."""
    rows = db.execute("""
        SELECT error_type, count(DISTINCT line), list(DISTINCT line_byte_position ORDER BY line_byte_position)[:5],
               coalesce(arg_min(column_name, line), '')
        FROM reject_errors GROUP BY error_type ORDER BY error_type""").fetchall()
    db.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return [
        Finding(
            code="EW005",
            table=source.table,
            file=source.path.name,
            rule=_STRUCTURE.get(kind, (kind.lower(), ""))[0],
            fix=_STRUCTURE.get(kind, ("", "correct the line, or export again"))[1],
            column=_named(source, column),
            count=count,
            lines=tuple(line_at(source.path, position - 1) for position in positions),
        )
        for kind, count, positions, column in rows
    ]


def _named(source: Source, positional: str) -> str:
    """Return the header's name of a column that the reader knows as `c3`."""
    places = {f"c{place}": name for name, place in {**source.columns, **source.left_out}.items()}
    return places.get(positional, "")


def _unreadable(table: Table, path: Path, code: str, rule: str, fix: str) -> UnreadableError:
    return UnreadableError(Finding(code, table.name, path.name, rule, fix=fix))


def _not_parquet(table: Table, path: Path) -> UnreadableError:
    return _unreadable(
        table, path, "EW003", f"a file can be read; {path.name} is not a whole Parquet file", "export it again"
    )
