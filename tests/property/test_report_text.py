"""Any text stays text: on a page, in a spreadsheet."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from earlywarn.report.model_report import render_model_report
from earlywarn.report.pack import folder_name, write_packs
from made_up_facts import about, pupil, report_facts, scores
from page_reader import read_page

NASTY = st.sampled_from(
    ["<script>alert(1)</script>", '=HYPERLINK("x","y")', "@SUM(A1)", "+1", "-2+3", "\"><img src=x onerror='a'>",
     "{{ 7 * 7 }}", "{% raw %}", "</style><b>", "</title>", "O'Brien & Söhne", "&lt;b&gt;", "a\tb", "＝1"]
)  # fmt: skip
# Control characters and half characters cannot stand in HTML at all.
PLAIN = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=20)
TEXTS = NASTY | PLAIN


@settings(max_examples=40, deadline=None)
@given(person=TEXTS, form=TEXTS, sentence=TEXTS, school=TEXTS)
def test_what_a_pack_is_given_is_what_it_shows(person: str, form: str, sentence: str, school: str) -> None:
    usual = read_page(_pack(pupil(0), "A school")[0])
    row = pupil(0, person_id=person, form=form, reasons=[{"sentence": sentence}], going_well=[sentence])
    page, cells = _pack(row, school)
    found = read_page(page)
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert found.count("b") == usual.count("b")
    assert not found.wrong
    for text in (person, form, sentence, school):
        assert " ".join(text.split()) in found.text
    assert all(cell[:1] not in tuple("=+-@\t\r＝＋－＠") for cell in cells)
    assert {person, form, sentence} <= {cell.removeprefix("'") for cell in cells} | set(cells)


def _pack(row: dict[str, object], school: str) -> tuple[str, list[str]]:
    with TemporaryDirectory() as folder:
        (pack,) = write_packs(scores(row), about(school_names={"900001": school}), Path(folder))
        with (pack / "pupils.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.reader(file))[1]
        return (pack / "index.html").read_text(encoding="utf-8"), cells


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
    assert (folder_name(first) == folder_name(second)) == (first == second)
    assert "/" not in folder_name(first)
    assert folder_name(first) not in (".", "..")
