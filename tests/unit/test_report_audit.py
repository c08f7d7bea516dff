"""The audit's page: alarms stand out, chance is called chance, and what is hidden stays hidden."""

from earlywarn.report.audit_page import render_audit_page
from made_up_facts import audit_facts
from page_reader import read_page


def test_the_reading_in_words_comes_first() -> None:
    audit = audit_facts()
    text = read_page(render_audit_page(audit)).text
    assert text.index(audit["reading"][0]) < text.index("How to read it")


def test_an_alarm_is_marked_in_the_chart_and_in_the_table() -> None:
    text = read_page(render_audit_page(audit_facts())).text
    assert "With pupil premium 1,240 people · alarm" in text
    assert "With pupil premium, against without pupil premium Found The model −8.0 points" in text
    assert "▲ alarm" in text


def test_without_an_alarm_there_is_no_mark() -> None:
    audit = audit_facts()
    for gap in audit["gaps"]:
        gap |= {"alarm": False, "low": -0.12, "high": 0.01}
    text = read_page(render_audit_page(audit)).text
    assert "▲" not in text
    assert "may be chance; smallest these data could have shown: 6.0 points" in text


def test_a_suppressed_cell_shows_c_and_neither_number_nor_count() -> None:
    audit = audit_facts()
    hidden = {"value": None, "low": None, "high": None, "n": None, "status": "suppressed"}
    audit["rows"] = [row | hidden if row["group"] == "K" else row for row in audit["rows"]]
    audit["gaps"] = [gap | hidden | {"alarm": False} if gap["group"] == "K" else gap for gap in audit["gaps"]]
    audit["own_decisions"] = {"rows": [], "gaps": [], "words": ""}
    text = read_page(render_audit_page(audit)).text
    assert "With SEN support c c c c c c" in text
    assert "With SEN support, against without SEN Found The model c " in text


def test_a_group_with_too_few_is_not_a_gap_of_nothing() -> None:
    assert "With an EHC plan 1,240 people not estimable" in read_page(render_audit_page(audit_facts())).text


def test_the_version_without_the_schools_own_decisions_stands_beside() -> None:
    text = read_page(render_audit_page(audit_facts())).text
    assert "Without the school’s own decisions" in text
    assert "Suspensions and the like count as possible and present." in text
