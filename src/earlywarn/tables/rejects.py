"""The list of rows that break a rule, for those who can mend the export.

`rejects.csv` in the private folder: file, line, column, rule. What stood in the
cell is masked: whoever may see it has the file.
"""

import csv
from pathlib import Path

import duckdb

from earlywarn.tables.readers.lines import Lines

NAME = "rejects.csv"
HEADER = ("file", "line", "column", "rule_code", "rule", "effect", "value")
MASKED = "***"

_BATCH = 50_000


def create_broken_rows(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table of broken rows, and the view of those that are set aside."""
    db.execute("""
        CREATE TABLE broken_rows (
            table_name VARCHAR, line BIGINT, column_name VARCHAR, code VARCHAR, rule VARCHAR, stops BOOLEAN
        );
        CREATE VIEW set_aside AS SELECT table_name, line, code FROM broken_rows WHERE NOT stops""")


def write_rejects(db: duckdb.DuckDBPyConnection, lines: Lines, private: Path) -> Path | None:
    """Write `rejects.csv`; where no row is broken, remove an earlier one and return None."""
    path = private / NAME
    path.unlink(missing_ok=True)
    found = db.execute("""
        SELECT table_name, line, column_name, code, rule, if(stops, 'stops', 'set aside')
        FROM broken_rows ORDER BY table_name, line, code""")
    rows = found.fetchmany(_BATCH)
    if not rows:
        return None
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        while rows:
            for table, line, *rule in rows:
                writer.writerow([lines.files[table].path.name, *lines.in_file(table, [line]), *rule, MASKED])
            rows = found.fetchmany(_BATCH)
    return path
