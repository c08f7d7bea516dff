"""A school writes on its sheet; it comes back, and what cannot be taken is named by row and column."""

import csv
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from earlywarn.errors import TableError
from earlywarn.report.pupil import pupils_of
from earlywarn.report.pupil_files import PUPIL_COLUMNS, write_pupil_files
from earlywarn.report.read_log import read_written
from earlywarn.report.workbook import Sheet, write_workbook
from small_scores import contents

_WHY = '=HYPERLINK("http://x","y") <script>alert(1)</script> ' + "long " * 2_000
_KEY = ("900001", "P0001")


def _files(folder: Path, **said: Any) -> Path:
    """Write the files of the first school, with something written of one pupil."""
    found = contents()
    log = {**found.log, _KEY: replace(found.log[_KEY], **said)}
    write_pupil_files(folder, pupils_of(found.scores.query("school_id == '900001'"), {}, log), found.about, log)
    return folder


def _edited(folder: Path, changes: Mapping[int, Mapping[str, str]]) -> Path:
    """Return the school's CSV with other cells on some rows, numbered as a spreadsheet does."""
    path = _files(folder) / "pupils.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, cells in changes.items():
        rows[number - 2] |= cells
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, PUPIL_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("name", ["pupils.xlsx", "pupils.csv"])
def test_what_was_written_comes_back_whole(tmp_path: Path, name: str) -> None:
    said = {"seen_on": date(2026, 11, 12), "decision": "overruled", "by": "@tutor", "why": _WHY.strip()}
    (entry,) = read_written(_files(tmp_path, **said) / name, contents())
    assert entry == replace(contents().log[_KEY], **said)


@pytest.mark.parametrize("name", ["pupils.xlsx", "pupils.csv"])
def test_a_sheet_on_which_nothing_is_written_says_nothing(tmp_path: Path, name: str) -> None:
    assert read_written(_files(tmp_path) / name, contents()) == ()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"seen_on": "12/11/2026"}, {"seen_on": date(2026, 11, 12)}),
        ({"decision": " Followed  Up "}, {"decision": "followed up"}),
        ({"why": "'=1+1"}, {"why": "=1+1"}),
        ({"by": "Tutor", "as_of": "09/11/2026"}, {"by": "Tutor"}),
    ],
)
def test_a_spreadsheet_may_write_in_its_own_way(tmp_path: Path, cells: dict[str, str], said: dict[str, Any]) -> None:
    (entry,) = read_written(_edited(tmp_path, {2: cells}), contents())
    assert entry.said == said


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"decision": "expelled"}, "row 3, column decision: not one of: none yet, followed up, overruled"),
        ({"seen_on": "tomorrow"}, "row 3, column seen_on: not a day"),
        ({"seen_on": "2026-11-08"}, "row 3, column seen_on: not a day from 9 November 2026 to 8 May 2027"),
        ({"seen_on": "2062-11-12"}, "row 3, column seen_on: not a day from"),
        ({"by": "me", "person_id": "SECRET1"}, "row 3, column person_id: nobody with this id is listed at this school"),
        ({"by": "me", "person_id": "P0020"}, "row 3, column person_id: nobody with this id is listed at this school"),
        ({"by": "me", "as_of": "2026-10-12"}, "row 3, column as_of: not of the list of 9 November 2026"),
        ({"why": "x" * 40_000}, "row 3, column why: over 32,767 characters"),
        ({"person_id": "P0001"}, "row 3, column person_id: the same person as in row 2"),
    ],
)
def test_what_cannot_be_taken_is_named_by_row_and_column(tmp_path: Path, cells: dict[str, str], says: str) -> None:
    with pytest.raises(TableError) as refused:
        read_written(_edited(tmp_path, {3: cells}), contents())
    assert says in str(refused.value)
    assert not any(secret in str(refused.value) for secret in ("P0001", "P0020", "SECRET1", "expelled", "xxx"))


def test_many_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"row 2, .*row 6, .*; and 2 more"):
        read_written(_edited(tmp_path, {number: {"decision": "?"} for number in range(2, 9)}), contents())


def test_a_pupil_who_is_not_listed_has_no_decision(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="column person_id: nobody with this id is listed"):
        read_written(_edited(tmp_path, {15: {"decision": "overruled"}}), contents())


@pytest.mark.parametrize("name", ["other.xlsx", "missing.xlsx", "missing.csv"])
def test_another_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "other.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(TableError, match=name):
        read_written(tmp_path / name, contents())


def test_a_sheet_without_our_columns_is_refused(tmp_path: Path) -> None:
    found = contents().about
    write_workbook(tmp_path / "pupils.xlsx", Sheet(("a", "b", "c", "d"), (), (), found.as_of, found.delete_by))
    with pytest.raises(TableError, match="row 1: has no column person_id"):
        read_written(tmp_path / "pupils.xlsx", contents())


def _sheet_xml(folder: Path) -> str:
    with zipfile.ZipFile(folder / "pupils.xlsx") as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_both_files_hold_the_same_rows(tmp_path: Path) -> None:
    _files(tmp_path, by="Tutor")
    with (tmp_path / "pupils.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    sheet = CalamineWorkbook.from_path(tmp_path / "pupils.xlsx").get_sheet_by_name("Pupils")
    assert [[str(cell) for cell in row] for row in sheet.to_python()] == table
    assert table[0][-4:] == ["seen_on", "decision", "by", "why"]


def test_the_sheet_helps_to_fill_it_in(tmp_path: Path) -> None:
    xml = _sheet_xml(_files(tmp_path))
    for part in ("<sheetProtection", "<autoFilter", 'state="frozen"', 'type="list"', 'type="date"'):
        assert part in xml
    guide = CalamineWorkbook.from_path(tmp_path / "pupils.xlsx").get_sheet_by_name("How to fill this in").to_python()
    assert {"seen_on", "decision", "by", "why", "Safeguarding"} <= {row[0] for row in guide}


def test_the_same_pupils_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = _files(tmp_path / "a"), _files(tmp_path / "b")
    assert (first / "pupils.xlsx").read_bytes() == (second / "pupils.xlsx").read_bytes()
