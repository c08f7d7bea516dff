"""The catalogue to read: every feature says all that a reader needs, in the terminal, as JSON and as a page."""

import json
import re
from pathlib import Path

from command_line import earlywarn_here
from earlywarn.features.feature import TABLES
from earlywarn.features.listing import as_records, reference_page, sections
from earlywarn.tables import TABLES as KNOWN_TABLES

FEATURES = [feature for section in sections() for feature in section.features]
UNITS = {
    "share", "sessions", "spells", "weeks", "days", "years", "points", "yes or no", "count", "percentile",
    "share points", "minutes",
}  # fmt: skip


def test_every_feature_is_told_once_and_in_full() -> None:
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == len(names)
    for feature in FEATURES:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", feature.name)
        assert feature.means and feature.when_empty, feature.name
        assert feature.unit in UNITS, feature.name
        assert feature.tables, feature.name


def test_every_block_is_there_and_reads_tables_that_exist() -> None:
    assert {feature.block for feature in FEATURES} == set(TABLES)
    assert {table for tables in TABLES.values() for table in tables} <= set(KNOWN_TABLES)


def test_the_command_prints_a_line_a_feature() -> None:
    ran = earlywarn_here("features")
    assert ran.code == 0
    first_words = [line.split()[0] for line in ran.out.splitlines() if line and not line.startswith("==")]
    assert {feature.name for feature in FEATURES} <= set(first_words)


def test_a_program_reads_the_same() -> None:
    ran = earlywarn_here("features", "--json")
    assert json.loads(ran.out) == as_records()
    assert set(as_records()[0]) == {"name", "block", "theme", "unit", "means", "when_empty", "risk", "tables"}


def test_the_reference_page_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "features.md"
    assert earlywarn_here("features", "--doc", page).code == 0
    assert page.read_text(encoding="utf-8") == reference_page()


def test_the_reference_page_names_every_feature() -> None:
    page = reference_page()
    assert [feature.name for feature in FEATURES if f"| `{feature.name}` |" not in page] == []
