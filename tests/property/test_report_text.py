"""Any text stays text: on a page, in a spreadsheet."""

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from earlywarn.report.model_report import render_model_report
from earlywarn.report.pack import write_packs
from earlywarn.report.page import file_name
from earlywarn.score.list_log import Entry, log_of
from earlywarn.score.since import LEFT
from made_up_facts import about, contents, pupil, report_facts
from page_reader import read_page

NASTY = st.sampled_from(
    ["<script>alert(1)</script>", '=HYPERLINK("x","y")', "@SUM(A1)", "+1", "-2+3", "\"><img src=x onerror='a'>",
     "{{ 7 * 7 }}", "{% raw %}", "</style><b>", "</title>", "O'Brien & Söhne", "&lt;b&gt;", "a\tb", "＝1",
     "\u202egnp.exe", "\u05d0\u05d1 \u0645\u0631", "</script><script>", "a\x00b\x1b[2J", "&#60;b&#62;", "]]>",
     "<!--", "\r\n"]
)  # fmt: skip
# Half characters cannot be written down at all; control characters can, and must not turn text into markup.
ANY = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
TEXTS = NASTY | ANY


@settings(max_examples=25, deadline=None)
@given(person=TEXTS, name=TEXTS, form=TEXTS, sentence=TEXTS, school=TEXTS)
def test_what_a_pack_is_given_is_what_it_shows(person: str, name: str, form: str, sentence: str, school: str) -> None:
    usual, _ = _pack("P0", "A name", "9A", "A sentence.", "A school")
    pages, cells = _pack(person, name, form, sentence, school)
    for before, page in zip(map(read_page, usual), map(read_page, pages), strict=True):
        assert [tag for tag, _ in page.elements] == [tag for tag, _ in before.elements]
        assert not page.wrong
        for text in (person, name, form, sentence, school):
            assert _words(text) in page.text
    assert {person, name, form, sentence} <= {cell.removeprefix("'") for cell in cells} | set(cells)


def _words(text: str) -> str:
    """Return text as a page reader gives it back: one blank between words, line ends of one kind."""
    return " ".join(text.split())


def _pack(person: str, name: str, form: str, sentence: str, school: str) -> tuple[list[str], list[str]]:
    """Return the pages on which a pupil stands, and their cells in the file."""
    row = pupil(0, person_id=person, form=form, reasons=[{"sentence": sentence}], going_well=[sentence],
                not_known=[sentence], since=[sentence], new=True, unlike_training=True,
                unlike_why=sentence)  # fmt: skip
    left = pd.DataFrame([("900001", person, "onset", 1, sentence)], columns=list(LEFT))
    entry = Entry("900001", person, "onset", date(2026, 11, 9), None, "overruled", sentence, sentence)
    said = about(school_names={"900001": school}, outcome_words=sentence, sure=(sentence,))
    told = contents(row, about=said, left=left, names={person: name}, log=log_of([entry]))
    with TemporaryDirectory() as folder:
        (pack,) = write_packs(told, Path(folder))
        with (pack / "pupils.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.reader(file))[1]
        assert all(cell[:1] not in tuple("=+-@\t\r＝＋－＠") for cell in cells)
        pages = [pack / "index.html", pack / "year-3.html", *(pack / "pupils").iterdir()]
        return [page.read_bytes().decode("utf-8") for page in pages], cells


@settings(max_examples=20, deadline=None)
@given(text=TEXTS)
def test_what_a_report_is_given_is_what_it_shows(text: str) -> None:
    facts = report_facts(("everyone",)) | {"headline": [text], "notes": [text], "name": text}
    facts["contenders"] = facts["contenders"] | {"rate_to_date": text}
    found = read_page(render_model_report(facts))
    assert found.count("script") == 0
    assert not found.wrong
    assert found.text.count(" ".join(text.split())) >= 3


@given(first=st.text(max_size=8), second=st.text(max_size=8))
def test_two_schools_never_share_a_folder(first: str, second: str) -> None:
    assert (file_name(first) == file_name(second)) == (first == second)
    assert "/" not in file_name(first)
    assert file_name(first) not in (".", "..")
