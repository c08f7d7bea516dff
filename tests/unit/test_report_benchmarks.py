"""A school beside others like it, and schools side by side: what a reader is told, and is not."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benchmark_world import ABSENCE, BELONGING, HOME, WORKLOAD, shown
from earlywarn.benchmarks import Benchmark
from earlywarn.report.about import PackAbout, about_of, about_record
from earlywarn.report.benchmarks import Section, benchmark_section
from earlywarn.report.beside import axis_of, beside, change_words, tone_of
from earlywarn.report.side_by_side import apart_words
from earlywarn.report.staff_overview import write_staff_overview
from earlywarn.report.trust_overview import write_trust_overview
from earlywarn.report.trust_spread import trust_facts
from made_up_facts import about, scores, staff_scores
from page_reader import PageReader, read_page

BECK, FELL = "900001", "900002"
HIDDEN = Benchmark(BECK, "year_group", "7", BELONGING, date(2026, 10, 16), "suppressed")


def _section(*benchmarks: Benchmark) -> Section:
    found = benchmark_section(benchmarks, BECK)
    assert found is not None
    return found


def test_what_stands_apart_is_said_first_and_the_surest_of_all() -> None:
    section = _section(shown(BECK, 6.7), shown(BECK, 0.09, ABSENCE), shown(BECK, 6.2, HOME))
    assert section.stands_out == (
        "Absence so far this year: 9.0%, above others like it (5.0%).",
        "Belonging and safety at school: 6.7, above others like it (6.0).",
        "The other 1 measure is about the same as at others like it.",
    )


def test_where_nothing_stands_apart_that_is_said() -> None:
    assert _section(shown(BECK, 6.4), shown(BECK, 5.8, HOME)).stands_out == (
        "Nothing stands out: on all 2 measures, what differs is no more than chance would make.",
    )


@pytest.mark.parametrize(
    ("benchmark", "words", "tone"),
    [
        (shown(BECK, 6.7), "▲ above (6.0)", "good"),
        (shown(BECK, 5.4), "▼ below (6.0)", "bad"),
        (shown(BECK, 6.4), "about the same (6.0)", ""),
        (shown(BECK, 0.09, ABSENCE), "▲ above (5.0%)", "bad"),
        (shown(BECK, 6.7, replace(BELONGING, risk=0)), "▲ above (6.0)", ""),
        (shown(BECK, 6.7, expected=None, margin=None), "too few like it elsewhere", ""),
        (HIDDEN, "too few answered to show", ""),
    ],
)
def test_a_benchmark_in_words(benchmark: Benchmark, words: str, tone: str) -> None:
    assert beside(benchmark).words == words
    assert beside(benchmark).brief in ("", words, words.removeprefix("about the same "))
    assert tone_of(benchmark) == tone


def test_a_change_is_told_beside_that_of_the_others() -> None:
    moved = shown(BECK, 6.0, change=-0.42, change_margin=0.2, change_respondents=60, trust_change=-0.4)
    assert change_words(moved) == "down 0.4 (elsewhere −0.4)"
    assert change_words(replace(moved, change=0.1)) == "no clear change"
    assert change_words(shown(BECK, 6.0)) == ""


def test_a_school_sees_its_latest_wave_and_a_line_through_all() -> None:
    earlier = shown(BECK, 5.0, wave=date(2026, 3, 6))
    (panel,) = _section(earlier, shown(BECK, 6.2)).panels
    (line,) = panel.lines
    assert line.beside.value == "6.2"
    assert "waves" in line.waves
    assert "80 of 95 asked answered in the wave that closed on 16 October 2026" in panel.says


def test_groups_stand_in_the_order_in_which_they_are_read() -> None:
    groups = (("pupil_premium", "yes"), ("attendance_band", "80% or less"), ("attendance_band", "over 95%"))
    years = (("year_group", "not recorded"), ("year_group", "10"), ("year_group", "9"))
    made = [shown(BECK, 6.2, group_by=by, group=group) for by, group in (*groups, *years)]
    (panel,) = _section(shown(BECK, 6.2), *made).panels
    assert [row.name for row in panel.groups] == [
        "Year 9", "Year 10", "Whose year group is not recorded", "Attendance over 95%", "Attendance 80% or less",
        "With pupil premium",
    ]  # fmt: skip


def test_those_without_sen_are_one_line() -> None:
    made = [shown(BECK, 6.2, group_by=by, group=group) for by, group in (("any_sen", "no"), ("sen", "N"), ("sen", "K"))]
    (panel,) = _section(shown(BECK, 6.2), *made).panels
    assert [row.name for row in panel.groups] == ["Without SEN", "With SEN support"]


def test_a_scale_is_of_points_or_of_percent() -> None:
    low = axis_of([shown(BECK, 0.4, expected=0.6, margin=0.2)])
    assert [label for _, label in low.ticks] == ["0", "1"]
    share = axis_of([shown(BECK, 0.09, ABSENCE), shown(FELL, 0.04, ABSENCE)])
    assert [label for _, label in share.ticks] == ["0%", "5%", "10%"]
    assert axis_of([HIDDEN]).high == 10


def test_a_school_sees_no_other_school() -> None:
    assert benchmark_section([shown(FELL, 6.2)], BECK) is None
    assert len(_section(shown(BECK, 6.2), shown(FELL, 2.1)).panels[0].lines) == 1


def test_a_whole_school_of_under_ten_is_told_so() -> None:
    hidden = replace(HIDDEN, group_by="everyone", group="everyone")
    (panel,) = _section(hidden).panels
    assert panel.says == "Fewer than 10 answered: nothing of them is shown."
    assert panel.lines[0].beside.value == "c"


def test_the_trust_is_told_how_many_would_stand_apart_by_chance() -> None:
    made = [shown(str(school), 6.7 if school < 2 else 6.1) for school in range(210)]
    assert apart_words(made) == (
        "Of 210 comparisons of a school with others like it, 2 stand apart; about 2 would by chance alone."
    )
    assert apart_words([HIDDEN]) == ""


def _calibrated(**more: float | str | None) -> dict[str, float | str | None]:
    row = {"population": "everyone", "group": BECK, "contender": "model", "measure": "observed_over_expected"}
    return {**row, "value": 1.31, "low": 1.08, "high": 1.54, "n": 300, "status": "ok", **more}


METRICS = {
    "by": {
        "school": [
            _calibrated(),
            _calibrated(group=FELL, value=None, low=None, high=None, n=None, status="suppressed"),
            _calibrated(population="onset", value=9.99),
            _calibrated(measure="auc", value=8.88),
        ]
    }
}


def _trust_page(folder: Path, *benchmarks: Benchmark, said: PackAbout | None = None) -> PageReader:
    write_trust_overview(scores(), said or about(), folder / "trust.html", benchmarks)
    return read_page((folder / "trust.html").read_text(encoding="utf-8"))


def test_the_trust_sees_how_risks_were_borne_out_at_each_school(tmp_path: Path) -> None:
    facts = trust_facts(METRICS)
    kept = about_of(json.loads(json.dumps(about_record(replace(about(), trust=facts)))))
    text = _trust_page(tmp_path, said=kept).text
    assert "Beck Lane Primary School more than expected: 1.31 (1.08 to 1.54)" in text
    assert "Fellside High School too few to show" in text
    assert "9.99" not in text
    assert "8.88" not in text


def test_a_bundle_without_schools_to_compare_is_no_error(tmp_path: Path) -> None:
    assert trust_facts({"by": {}}) == {"calibration": []}
    assert "Had the outcome" not in _trust_page(tmp_path).text


def test_the_trust_sees_schools_side_by_side_and_no_number_of_a_hidden_one(tmp_path: Path) -> None:
    hidden = replace(HIDDEN, school_id=FELL, group_by="everyone", group="everyone")
    page = _trust_page(tmp_path, shown(BECK, 6.7), hidden, HIDDEN)
    assert "Beck Lane Primary School 6.7 ▲ above (6.0)" in page.text
    assert "Fellside High School c" in page.text.partition("What pupils say")[2]
    assert not page.wrong
    assert not page.values("style")


def test_how_far_schools_differ_is_told_of_five_or_more(tmp_path: Path) -> None:
    four = [shown(str(school), 5.0 + school / 2) for school in range(4)]
    assert "How far schools truly differ" not in _trust_page(tmp_path, *four).text
    text = _trust_page(tmp_path, *four, shown("4", 7.0)).text
    row = re.search(r"Belonging and safety at school 5\.0 7\.0 (\S+) (\S+) to (\S+)", text)
    assert row is not None
    assert 0 < float(row[2]) < float(row[1]) < float(row[3])


def test_places_are_told_beside_the_need(tmp_path: Path) -> None:
    rows = [
        {**row, "listed": number % 4 == 0, "risk": 0.5}
        for number, row in enumerate(scores().iloc[[0] * 80].to_dict("records"))
    ]
    write_trust_overview(scores(*rows), about(), tmp_path / "trust.html")
    text = read_page((tmp_path / "trust.html").read_text(encoding="utf-8")).text
    assert "20 pupils are listed. Of about 40 expected with the outcome, about 10 are on a list and 30 on none" in text


def test_staff_see_what_they_say_by_school_and_role_from_ten_up(tmp_path: Path) -> None:
    trust = {"expected": None, "margin": None, "group_by": "role"}
    made = [
        shown(BECK, 5.2, WORKLOAD),
        replace(HIDDEN, school_id=FELL, measure=WORKLOAD, group_by="everyone", group="everyone"),
        shown("", 4.4, WORKLOAD, group="teacher", **trust),
        replace(HIDDEN, school_id="", measure=WORKLOAD, group_by="role", group="clerk"),
    ]
    write_staff_overview(staff_scores(), about(), tmp_path / "staff.html", made)
    page = read_page((tmp_path / "staff.html").read_text(encoding="utf-8"))
    said = page.text.partition("What staff say")[2]
    assert "Beck Lane Primary School 5.2 ▼ below (6.0)" in said
    assert "Fellside High School c" in said
    assert "Teacher 4.4" in said
    assert "Clerk c" in said
    assert not page.wrong
