"""What the papers about a model say: to the public, to parents and staff, to a data protection officer."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import earlywarn.record
from earlywarn.config import Outcome
from earlywarn.record.answers import MARK, Answers
from earlywarn.record.card import card
from earlywarn.record.papers import PAPERS, papers
from earlywarn.record.standard import problems, schema, sections
from earlywarn.record.transparency import transparency_record
from made_up_runs import FILLED, pupil_run, staff_run
from page_numbers import not_in_facts

NO_NUMBERS: dict[str, Any] = {"metrics": {}, "audit": {}}
RUNS = {"pupils": pupil_run(), "staff": staff_run(), "staff by person": staff_run(by_person=True)}


def test_the_card_says_who_was_predicted_how_well_and_against_what() -> None:
    text = card(pupil_run(), Answers())
    assert text.startswith("# Model card: pupil-absence, version 3\n")
    assert "missing 10% or more of their sessions from the date to the end of the school year" in text
    assert re.search(r"\| model \| 0\.842 \(0\.\d{3} to 0\.\d{3}\) \|", text)
    assert "What is known of gap_to_form (`gap_to_form`)" in text
    assert "## Calibration\n" in text and "## How to use it\n" in text


def test_the_card_claims_no_gain_that_could_not_be_shown() -> None:
    gain = {"value": 0.02, "low": -0.01, "high": 0.05, "smallest_shown": 0.04, "claimed": False}
    measured = {"everyone": {"model": {"auc": {"value": 0.81, "low": 0.7, "high": 0.9}}}}
    metrics = {"populations": measured, "gains": {"everyone": {"rate_to_date": {"auc": gain}}}}
    text = card(pupil_run(metrics=metrics), Answers())
    assert "No gain over rate to date could be shown: AUC +0.020 (−0.010 to +0.050); the smallest" in text


def test_the_card_doubts_a_result_that_is_too_good_to_be_true() -> None:
    metrics = {"warnings": ["Too good to be true: leak alone tells."], "headline": ["The model is ahead."]}
    text = card(pupil_run(metrics=metrics), Answers())
    assert "## In short\n- Too good to be true: leak alone tells.\n- The model is ahead.\n" in text


@pytest.mark.parametrize("run", [pupil_run(**NO_NUMBERS), staff_run(**NO_NUMBERS)], ids=["pupils", "staff"])
def test_papers_stand_without_measures(run: Any) -> None:
    written = papers(run, Answers())
    assert "Nothing could be measured." in written["card.md"]
    assert "AUC not estimable" in written["dpia_annex.md"]
    assert "We could not yet measure how often it is right." in written["in_plain_words.md"]
    assert "None" not in "".join(written.values()).replace("None: records", "")


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_record_has_every_field_of_the_standard_in_its_order(run: Any) -> None:
    record = transparency_record(run, Answers())
    assert problems(record) == ()
    for section in sections():
        part: Any = record
        for key in section.place:
            part = part[key]
        assert list(part) == list(section.fields)


def test_the_field_list_holds_what_the_standard_asks_for_and_says_where_it_is_from() -> None:
    assert [section.title for section in sections()] == [
        "Tier 1 Information", "Owner and Responsibility", "Description and Rationale", "Deployment Context",
        "Tool Specification", "Model Specification", "Development Data", "Operational Data",
        "Risks, Mitigations and Impact Assessments",
    ]  # fmt: skip
    assert sum(len(section.fields) for section in sections()) == 56
    assert "algorithmic-transparency-recording-standard" in schema()["$comment"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda record: record.pop("tier_1"), "tier_1 is missing"),
        (lambda record: record["tier_1"].pop("phase"), "tier_1: phase is missing"),
        (lambda record: record["tier_1"].update(phase=""), "tier_1.phase: no text"),
        (lambda record: record["tier_2"]["tool_specification"].update(models=3), "tool_specification.models: no text"),
        (lambda record: record["tier_2"].update(more="x"), "tier_2: more is no field of the standard"),
        (lambda record: record["tier_2"].update(development_data="x"), "development_data: not an object"),
        (lambda record: record.update(standard="v3.0"), "standard: not 'UK Algorithmic"),
    ],
)  # fmt: skip
def test_a_record_that_departs_from_the_fields_is_told_where(spoil: Any, said: str) -> None:
    record = json.loads(papers(pupil_run(), Answers())["transparency_record.json"])
    spoil(record)
    assert any(said in problem for problem in problems(record))


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_answers_close_every_mark_and_each_answer_is_asked_for_somewhere(run: Any) -> None:
    asked = {found["key"] for text in papers(run, Answers()).values() for found in MARK.finditer(text)}
    assert asked == set(Answers.model_fields)
    assert all(not MARK.search(text) and "TO FILL IN" not in text for text in papers(run, FILLED).values())


def test_who_has_no_third_party_is_not_asked_for_its_name() -> None:
    text = papers(pupil_run(), Answers(third_party_involvement="No"))["transparency_record.md"]
    assert "third_party" not in {found["key"] for found in MARK.finditer(text)}
    assert text.count("Not applicable: no third party is involved.") == 5


def test_papers_about_staff_say_whether_lists_by_person_are_written() -> None:
    without, by_person = (papers(staff_run(by_person), Answers()) for by_person in (False, True))
    for name in set(PAPERS) - {"transparency_record.json"}:
        assert re.search("No list (by person|of people) is (written|made)", without[name]), name
        assert not re.search("No list (by person|of people) is", by_person[name]), name
        assert re.search("[Ll]ists? .*by person (are|is) written|A list of people is made", by_person[name]), name


@pytest.mark.parametrize("name", PAPERS)
def test_papers_about_staff_never_speak_of_pupils_as_those_concerned(name: str) -> None:
    text = papers(staff_run(), Answers())[name]
    own = (
        text.replace("stay and for pupils", "").replace("parents, pupils and staff", "").replace("families, pupils", "")
    )
    assert "pupil" not in own.replace("teachers or pupils", "")
    assert "your child" not in text


def test_what_the_model_reads_and_what_only_the_audit_sees_are_told_apart() -> None:
    page = papers(pupil_run(), Answers())["in_plain_words.md"]
    looked_at, not_looked_at = page.split("## What it does not look at")
    assert "pupil premium" in not_looked_at and "special needs" in not_looked_at
    assert "pupil premium" not in looked_at
    assert "such as behaviour" in looked_at


def test_a_page_about_another_outcome_than_absence_does_not_speak_of_absence() -> None:
    about = pupil_run().about
    other = about.model_copy(update={"outcome": Outcome(kind="recorded", recorded="fail")})
    page = papers(pupil_run(about=other), FILLED)["in_plain_words.md"]
    assert page.startswith("# How we spot pupils who may need help\n")
    assert "Missing school" not in page and "A session is" not in page
    assert "the chance of having the recorded outcome fail" in page


def test_a_hidden_number_stays_hidden() -> None:
    hidden = {"value": None, "low": None, "high": None, "status": "suppressed"}
    row = {"contender": "model", "population": "onset", "group_by": "sen", "group": "E", **hidden}
    rows = [row | {"measure": measure} for measure in ("recall", "false_alarms")]
    written = papers(pupil_run(audit={"rows": rows}), Answers())
    for name in ("card.md", "dpia_annex.md", "transparency_record.md"):
        assert "numbers so small: pupils with an EHC plan." in written[name]


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_every_number_stands_in_what_the_bundle_holds_or_in_our_own_words(run: Any) -> None:
    said = {"metrics": run.metrics, "audit": run.audit, "about": run.about.model_dump(mode="json")}
    own = [path.read_text(encoding="utf-8") for path in Path(earlywarn.record.__file__).parent.rglob("*.[pm][yd]")]
    facts = said | {"features": run.features.model_dump(mode="json"), "own": own}
    for name, text in papers(run, FILLED).items():
        assert not_in_facts(text.replace("<", ""), facts) == set(), name


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_page_in_plain_words_can_be_read_at_twelve(run: Any) -> None:
    sentences = _sentences(papers(run, FILLED)["in_plain_words.md"])
    assert max(map(len, sentences)) <= 32
    assert _school_grade(sentences) <= 6, "American grade 6 is age 11 to 12"


def _sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence; a bullet is one, a heading none."""
    paragraphs = re.split(r"\n\s*\n|\n(?=- )", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    found = [sentence for each in paragraphs for sentence in re.split(r"(?<=[.?!])\s", " ".join(each.split()))]
    return [words for sentence in found if (words := re.findall(r"[A-Za-z’']+", sentence))]


def _school_grade(sentences: list[list[str]]) -> float:
    """Return the grade of Kincaid et al. (1975): from the length of sentences and the syllables of words."""
    words = [word for sentence in sentences for word in sentence]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    """Count groups of vowels; a silent e at the end is none."""
    spoken = re.sub(r"(?<=[^l])e$|(?<=[^td])ed$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))
