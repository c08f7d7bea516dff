"""The audit's page: alarms stand out, chance is called chance, and what is hidden stays hidden."""

from earlywarn.report.audit_page import render_audit_page
from made_up_facts import audit_facts, audit_parts
from page_reader import read_page


def test_the_reading_in_words_comes_first() -> None:
    audit = audit_facts()
    text = read_page(render_audit_page(audit)).text
    assert text.index(audit["reading"][0]) < text.index("How to read it")


def test_the_answer_stands_at_the_top_in_people_of_100() -> None:
    text = read_page(render_audit_page(audit_facts())).text
    row = text[text.index("Group, and whether to worry") : text.index("What was asked of the model")]
    assert "Without pupil premium the group that others are compared with 59 52" in row
    assert "With pupil premium ▲ Missed more often; listed in vain less often" in row and " 67 52" in row
    assert "On the list of those already at or above the threshold: missed more often" in row
    assert "With an EHC plan Cannot be told: too few people –" in row


def test_a_limit_that_is_not_met_is_marked_and_said_once() -> None:
    audit = audit_facts()
    audit["reading"] = [*audit["reading"], audit["limits"][0]["words"]]
    text = read_page(render_audit_page(audit)).text
    assert "▲ Not met Asked: at most 5 more missed." in text
    assert text.count("The limit is not met.") == 1


def test_why_and_what_could_be_done_are_told_with_their_numbers() -> None:
    text = read_page(render_audit_page(audit_facts())).text
    assert "Why are the gaps there?" in text and "In 14 of the 19 schools" in text
    assert "With pupil premium +2.0 points (0.0 to +4.0 points) −9.0 points (−11.0 to −7.0 points)" in text
    assert "A head start that makes up the whole gap −1.0 points (−4.0 to +2.0 points) 184 −6 (−11 to −1)" in text
    assert "Nothing of this is applied unless the config asks for a head start." in text


def test_other_lengths_and_dates_stand_behind_and_a_hidden_one_is_a_dash() -> None:
    text = read_page(render_audit_page(audit_facts())).text
    assert "With pupil premium 9% 33% 64%" in text
    assert "With pupil premium 31% –" in text


def test_an_audit_of_an_older_version_has_a_page_without_them() -> None:
    older = {key: value for key, value in audit_facts().items() if key not in audit_parts()}
    text = read_page(render_audit_page(older)).text
    assert "What could be done" not in text and "Behind these numbers" not in text


def test_an_alarm_is_marked_in_the_chart_and_in_the_table() -> None:
    text = read_page(render_audit_page(audit_facts())).text
    assert "With pupil premium 1,240 people · alarm" in text
    assert "With pupil premium, against without pupil premium Found The model −8.0 points" in text
    assert "▲ alarm" in text


def test_without_an_alarm_there_is_no_mark() -> None:
    audit = audit_facts() | {"limits": []}
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
