"""Any text that stands in a pack's files is text, and comes back as it was."""

import csv
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from earlywarn.cells import as_written, safe_cell
from earlywarn.report.spreadsheet import read_csv, write_csv
from earlywarn.report.workbook import Sheet, write_workbook
from earlywarn.score.list_log import Entry, log_of, read_log, write_log

NASTY = st.sampled_from(
    ["=1+1", '=HYPERLINK("x","y")', "@SUM(A1)", "+1", "-2+3", "'=1", "''=1", "\t=1", "\r\n=1", "＝1", "{=1+1}", "1e5",
     "<script>alert(1)</script>", "_x0041_", "&lt;", "]]>", "mailto:a@b", "http://a", "007", "x\x00y", "\x0b"]
)  # fmt: skip
# Half characters, and two that no XML can hold, stand in no file of a school.
TEXTS = NASTY | st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
)
_HEADER = ("person_id", "name", "seen_on", "decision", "by", "why")


@given(text=TEXTS)
def test_a_cell_is_disarmed_and_read_as_it_was(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert as_written(cell) == text


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_csv_gives_back_every_text(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_csv(path, ("text", "end"), [(text, "x") for text in texts])
        assert [row.cells["text"] for row in read_csv(path, ("text",))] == texts
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not any(row[0].startswith(tuple("=+-@\t\r\n＝＋－＠")) for row in csv.reader(file))


@settings(max_examples=30, deadline=None)
@given(person=TEXTS, name=TEXTS, why=TEXTS)
def test_a_workbook_holds_every_text_and_no_formula(person: str, name: str, why: str) -> None:
    day = date(2026, 11, 9)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pupils.xlsx"
        write_workbook(path, Sheet(_HEADER, ((person, name, "", "none yet", "", why),), (True,), day, day))
        found = CalamineWorkbook.from_path(path).get_sheet_by_name("Pupils").to_python(skip_empty_area=False)[1]
        assert [found[0], found[1], found[5]] == [person, name, why]
        with zipfile.ZipFile(path) as book:
            parts = "".join(book.read(part).decode() for part in book.namelist() if "sharedStrings" not in part)
    assert not any(tag in parts for tag in ("<f>", "<f ", "hyperlink"))


@settings(max_examples=60, deadline=None)
@given(person=TEXTS, by=TEXTS, why=TEXTS)
def test_the_list_log_keeps_every_text(person: str, by: str, why: str) -> None:
    day = date(2026, 11, 9)
    log = log_of([Entry("1", person, "onset", day, day, "overruled", by, why)])
    with TemporaryDirectory() as folder:
        write_log(Path(folder) / "log.csv", log)
        assert read_log(Path(folder) / "log.csv") == log
