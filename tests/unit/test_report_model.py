"""The model report: the verdict first, and no claim that the intervals do not carry."""

from earlywarn.report.model_report import render_model_report
from made_up_facts import estimate, gain, report_facts, staff_facts
from page_reader import read_page


def test_the_verdict_comes_before_any_other_number() -> None:
    facts = report_facts()
    text = read_page(render_model_report(facts)).text
    assert text.index(facts["headline"][0]) < text.index("What a list of this length finds")


def test_a_result_that_is_too_good_to_be_true_is_doubted_before_it_is_told() -> None:
    facts = report_facts() | {"warnings": ["Too good to be true: exit_interview alone tells."]}
    text = read_page(render_model_report(facts)).text
    assert text.index("The verdict") < text.index("exit_interview alone") < text.index(facts["headline"][0])


def test_a_gain_is_called_shown_only_where_it_is_claimed() -> None:
    facts = report_facts(("everyone",))
    for row in facts["gains"]["everyone"].values():
        row |= {"auc": gain(0.01, 0.02), "recall": gain(0.01, 0.02)}
    text = read_page(render_model_report(facts)).text
    assert "not shown (smallest these data could have shown: +0.028)" in text
    assert text.count("not shown") == 2 * (len(facts["contenders"]) - 1)
    assert " points shown" not in text


def test_a_contender_that_is_ahead_is_said_to_be_ahead() -> None:
    facts = report_facts(("everyone",))
    facts["gains"]["everyone"]["rate_to_date"]["auc"] = gain(-0.03, 0.01)
    assert "the model does worse" in read_page(render_model_report(facts)).text


def test_every_contender_stands_in_the_contest_of_every_population() -> None:
    facts = report_facts()
    text = read_page(render_model_report(facts)).text
    for words in facts["contenders"].values():
        assert text.count(words[:1].upper() + words[1:]) >= 2 * len(facts["populations"])


def test_staff_have_one_population_and_no_list_of_onset() -> None:
    text = read_page(render_model_report(staff_facts())).text
    assert "Everyone" in text
    assert "may cross the line" not in text
    assert "both lists" not in text


def test_what_cannot_be_estimated_is_said_so() -> None:
    facts = staff_facts()
    facts["populations"]["everyone"]["model"]["auc"] = estimate(None)
    assert "The model not estimable" in read_page(render_model_report(facts)).text


def test_dates_that_were_not_used_say_why() -> None:
    assert "no full earlier year" in read_page(render_model_report(report_facts())).text
