"""Reads a folder and runs every check, without raising: what `earlywarn check` prints and `open_store` acts on.

In:  a data folder and a fresh database.
Out: `Examined`, with a finding for every broken rule; the tables are in the database.

It goes in stages, and stops at the first that finds something to stop for: a
file that cannot be read would make every rule about it fail as well.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from earlywarn.codes import register_codes
from earlywarn.config import Config
from earlywarn.errors import ConfigError
from earlywarn.surveys.instrument import Instrument
from earlywarn.tables import CHECKS, TABLES
from earlywarn.tables.cells import cell_checks
from earlywarn.tables.check import Finding, run_check, run_checks
from earlywarn.tables.database import at_once
from earlywarn.tables.people_file import read_people
from earlywarn.tables.place import make_enrolments, make_views, place_marks
from earlywarn.tables.readers.folder import digest, find_files, read_folder
from earlywarn.tables.readers.lines import Lines
from earlywarn.tables.rejects import create_broken_rows, write_rejects
from earlywarn.tables.spec import Column, Table

_NEEDED = {
    "absence_rate": (("schools",), ("pupils",), ("attendance", "attendance_summary")),
    "leaves": (("schools",), ("staff",), ("leavers",)),
}

# Who an excluded person_id is, in a table that holds both populations.
_OF_POPULATION = {
    "by population": "population = '{population}'",
    "by wave": "wave_id IN (SELECT wave_id FROM read_waves WHERE (audience = 'staff') = ('{population}' = 'staff'))",
}


@dataclass(frozen=True)
class TableSummary:
    """What a folder holds of one table; `gives_known_on` is None where the table has no such column."""

    table: str
    file: str
    rows: int
    set_aside: int
    excluded: int
    left_out: tuple[str, ...]
    gives_known_on: bool | None


@dataclass(frozen=True)
class Examined:
    """What came out of reading and checking a folder; `digest` identifies its files."""

    digest: str
    summary: tuple[TableSummary, ...]
    findings: tuple[Finding, ...]


def examine(
    db: duckdb.DuckDBPyConnection,
    data: Path,
    private: Path,
    instruments: Mapping[str, Instrument],
    config: Config | None,
) -> Examined:
    """Read and check a folder; every view is made when nothing stops."""
    with at_once(db):
        register_codes(db)
        create_broken_rows(db)
    extra = _declared(config)
    paths, findings = find_files(data)
    findings += _missing_tables({*paths, *(finding.table for finding in findings)}, config)
    lines, unreadable = read_folder(db, paths, extra)
    findings += unreadable
    if not unreadable:
        findings += _empty_tables(db, lines, config)
    with at_once(db):
        _make_raw_views(db, lines, config)
    if not _any_stops(findings):
        findings += _run_rules(db, lines, extra, instruments)
    write_rejects(db, lines, private)
    summary = tuple(_summarise(db, lines, name) for name in lines.files)
    if not _any_stops(findings):
        findings += _notes(summary)
        with at_once(db):
            for name, table in TABLES.items():
                make_views(db, table, extra.get(name, ()))
    return Examined(digest(list(paths.values())), summary, tuple(findings))


def _run_rules(
    db: duckdb.DuckDBPyConnection,
    lines: Lines,
    extra: Mapping[str, tuple[Column, ...]],
    instruments: Mapping[str, Instrument],
) -> list[Finding]:
    """Run the rules on cells, then, if every cell is sound, the rules on rows."""
    on_cells = [
        check for name in lines.files for check in cell_checks(db, name, TABLES[name].columns + extra.get(name, ()))
    ]
    findings = [found for check in on_cells if (found := run_check(db, check, lines))]
    if findings:
        return findings
    with at_once(db):
        _register_instruments(db, instruments)
    make_enrolments(db)
    place_marks(db)
    return run_checks(db, CHECKS, lines)


def _declared(config: Config | None) -> dict[str, tuple[Column, ...]]:
    """Return the columns that the config declares beyond the standard ones."""
    if config is None:
        return {}
    standard = {column.name for column in TABLES[config.population].columns}
    declared = tuple(
        Column(name, kind, "declared in the config", needed=True, may_be_empty=True)
        for name, kind in config.extra.items()
        if name not in standard
    )
    known = standard | {column.name for column in declared}
    if unknown := [name for name in config.fixed if name not in known]:
        raise ConfigError(
            f"fixed names {', '.join(unknown)}, but {config.population} has no such column",
            fix="declare the column under `extra`, or correct its name",
        )
    return {config.population: declared}


def _missing_tables(held: Collection[str], config: Config | None) -> list[Finding]:
    return [
        Finding(
            code="EW001",
            table=either[0],
            file="",
            rule=f"a needed table is there; the folder has no {' or '.join(either)}",
            fix=f"export it as {either[0]}.csv, {either[0]}.csv.gz or {either[0]}.parquet",
        )
        for either in _needed(held, config)
        if not any(name in held for name in either)
    ]


def _needed(held: Collection[str], config: Config | None) -> tuple[tuple[str, ...], ...]:
    """Return what a model needs: of each group, one table."""
    if config is None:
        return _NEEDED["leaves" if "staff" in held and "pupils" not in held else "absence_rate"]
    if config.outcome.kind == "recorded":
        return (("schools",), (config.population,), ("outcomes",))
    return _NEEDED[config.outcome.kind]


def _empty_tables(db: duckdb.DuckDBPyConnection, lines: Lines, config: Config | None) -> list[Finding]:
    """Find files with a header and no rows: a needed table stops, another counts as absent."""
    empty = {name for name in lines.files if not _count(db, f"read_{name}")}
    lacking = [either for either in _needed(lines.files, config) if empty.issuperset({*either} & {*lines.files})]
    return [_empty_table(lines, name, needed=any(name in either for either in lacking)) for name in sorted(empty)]


def _empty_table(lines: Lines, name: str, needed: bool) -> Finding:
    file = lines.files[name].path.name
    rule = f"a table has rows; {file} is an empty table"
    if needed:
        return Finding("EW001", name, file, rule, fix="export it again")
    return Finding("EW011", name, file, rule, fix="nothing: the run goes on without it", effect="note")


def _make_raw_views(db: duckdb.DuckDBPyConnection, lines: Lines, config: Config | None) -> None:
    """Make `raw_<name>`: the rows of the file with their `line`, without those who asked to be left out."""
    db.execute("CREATE TABLE excluded (person_id VARCHAR)")
    if config is not None and config.exclude is not None:
        people = read_people(config.exclude, "exclude")
        db.execute("INSERT INTO excluded SELECT unnest(?::VARCHAR[])", [people])
    for name, table in TABLES.items():
        first = 1 if name in lines.files and lines.files[name].is_parquet else 2
        kept = _kept(table, config)
        db.execute(f"CREATE VIEW raw_{name} AS SELECT rowid + {first} AS line, * FROM read_{name} WHERE {kept}")


def _kept(table: Table, config: Config | None) -> str:
    """Return the condition that a row is not of an excluded person."""
    if config is None or config.exclude is None or table.people is None:
        return "TRUE"
    if table.people in ("pupils", "staff") and table.people != config.population:
        return "TRUE"
    theirs = _OF_POPULATION.get(table.people, "TRUE").format(population=config.population)
    return f"NOT (coalesce(person_id, '') IN (FROM excluded) AND {theirs})"


def _register_instruments(db: duckdb.DuckDBPyConnection, instruments: Mapping[str, Instrument]) -> None:
    """Make the small tables that the rules on answers look into."""
    db.execute("""
        CREATE TABLE questionnaires (instrument VARCHAR, audience VARCHAR, low INTEGER, high INTEGER);
        CREATE TABLE questions (instrument VARCHAR, item VARCHAR)""")
    for name, instrument in instruments.items():
        db.execute("INSERT INTO questionnaires VALUES (?, ?, ?, ?)", [name, instrument.audience, *instrument.answers])
        items = [item.id for item in instrument.items]
        db.execute("INSERT INTO questions SELECT ?, unnest(?::VARCHAR[])", [name, items])


def _summarise(db: duckdb.DuckDBPyConnection, lines: Lines, name: str) -> TableSummary:
    rows = _count(db, f"raw_{name}")
    source = lines.files[name]
    has_known_on = any(column.name == "known_on" for column in TABLES[name].columns)
    return TableSummary(
        table=name,
        file=source.path.name,
        rows=rows,
        set_aside=_count(db, f"(SELECT DISTINCT line FROM set_aside WHERE table_name = '{name}')"),
        excluded=_count(db, f"read_{name}") - rows,
        left_out=tuple(source.left_out),
        gives_known_on=_count(db, f"raw_{name} WHERE known_on IS NOT NULL") > 0 if has_known_on else None,
    )


def _notes(summary: tuple[TableSummary, ...]) -> list[Finding]:
    """Return what a reader should know though nothing is broken."""
    notes = [
        Finding(
            code="EW012",
            table=table.table,
            file=table.file,
            rule=f"columns of {table.file} that nothing reads are left out: {', '.join(table.left_out)}",
            fix="declare under `extra` in the config those that should serve as characteristics",
            effect="note",
        )
        for table in summary
        if table.left_out
    ]
    marks = [table for table in summary if table.table == "attendance" and not table.gives_known_on]
    return notes + [
        Finding(
            code="EW013",
            table="attendance",
            file=table.file,
            rule="marks as they stand now: the recent past looks better than it did",
            fix="export corrected marks as further rows with known_on, if the system keeps them",
            effect="note",
        )
        for table in marks
    ]


def _any_stops(findings: list[Finding]) -> bool:
    return any(finding.effect == "stops" for finding in findings)


def _count(db: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0
