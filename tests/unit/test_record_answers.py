"""What only a person can say: `record.yaml`, and what is still open in the papers."""

import json
from pathlib import Path

import pytest

from command_line import earlywarn_here
from earlywarn.bundle.write import write_bundle
from earlywarn.errors import ConfigError
from earlywarn.record.answers import Answers, answers_beside, load_answers
from earlywarn.record.check import Place, check_papers
from earlywarn.record.papers import PAPERS, papers, write_papers
from earlywarn.run import check_record, write_record
from made_up_runs import FILLED, pupil_run
from small_bundle import contents


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("models"), contents())


def answers_file(folder: Path, text: str) -> Path:
    path = folder / "record.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_models_own_answers_come_before_the_shared_ones(tmp_path: Path) -> None:
    path = answers_file(tmp_path, "team: Data\nbenefit: both\nmodels:\n  pupil-absence: {benefit: fewer missed days}\n")
    assert load_answers(path, "pupil-absence").benefit == "fewer missed days"
    assert load_answers(path, "staff-resignation").benefit == "both"
    assert load_answers(path, "pupil-absence").team == "Data"


def test_training_finds_the_answers_beside_its_config_or_does_without(tmp_path: Path) -> None:
    assert answers_beside(tmp_path / "model.yaml", "m") == Answers()
    answers_file(tmp_path, "team: Data")
    assert answers_beside(tmp_path / "model.yaml", "m").team == "Data"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contact_mail: a@b.org", r"contact_mail \(line 1\): unknown key; did you mean `contact_email`\?"),
        ("companies_house_number: 01234567", "put it in quotes"),
        ("team: [a, b]", "put it in quotes"),
        ("models: {pupil-absence: {teem: x}}", "models.pupil-absence.teem.*unknown key"),
        ("just words", "expected keys such as `organisation:` and `team:`"),
        ("team: 'x", "not readable as YAML"),
    ],
)
def test_an_answer_that_would_be_lost_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_answers(answers_file(tmp_path, text), "pupil-absence")


def test_the_page_about_papers_names_every_answer() -> None:
    page = (Path(__file__).parents[2] / "docs/records.md").read_text(encoding="utf-8")
    rows = [f"| `{key}` | {field.description} |" for key, field in Answers.model_fields.items()]
    assert [row for row in rows if row not in page] == []


def test_a_bare_no_is_an_answer_and_a_blank_is_none(tmp_path: Path) -> None:
    found = load_answers(answers_file(tmp_path, "third_party_involvement: no\nteam: '  '\nphase:\n"), "m")
    assert (found.third_party_involvement, found.team, found.phase) == ("No", None, None)


def test_every_open_mark_is_named_with_its_lines(tmp_path: Path) -> None:
    write_papers(papers(pupil_run(), FILLED.model_copy(update={"team": None})), tmp_path)
    (only,) = check_papers(tmp_path).open
    assert (only.key, only.asks) == ("team", "the team that answers for the tool")
    lines = {name: (tmp_path / name).read_text(encoding="utf-8").splitlines() for name in PAPERS}
    assert {place.file for place in only.places} == {"transparency_record.json", "transparency_record.md"}
    assert all("[TO FILL IN team" in lines[place.file][place.line - 1] for place in only.places)


def test_a_paper_that_was_filled_by_hand_counts_as_it_stands(tmp_path: Path) -> None:
    paper = tmp_path / "dpia_annex.md"
    paper.write_text("a\n[TO FILL IN necessity: why]\n", encoding="utf-8")
    assert check_papers(paper).open[0].places == (Place("dpia_annex.md", 2),)
    paper.write_text("a\nBecause nothing else would do.\n", encoding="utf-8")
    assert check_papers(paper).open == ()


def test_a_record_that_lost_a_field_or_is_no_json_is_told(tmp_path: Path) -> None:
    record = tmp_path / "transparency_record.json"
    record.write_text('{"standard": ', encoding="utf-8")
    assert check_papers(record).problems == ("transparency_record.json: not JSON (line 1)",)
    record.write_text("[]", encoding="utf-8")
    assert check_papers(record).problems == ("transparency_record.json: the record: not an object with fields",)


@pytest.mark.parametrize("there", ["empty", "nothing", "picture"])
def test_what_holds_no_paper_is_refused(tmp_path: Path, there: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff")
    with pytest.raises(ConfigError, match=r"no paper there|not readable as text"):
        check_papers(tmp_path / there)


def test_papers_are_written_again_with_answers_and_the_bundle_stays_as_it_is(bundle: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in bundle.iterdir()}
    all_said = "\n".join(f"{key}: said" for key in Answers.model_fields)
    written = write_record(bundle, tmp_path / "out", answers_file(tmp_path, all_said))
    assert (written.checked.open, written.checked.problems) == ((), ())
    assert check_record(tmp_path / "out").papers == PAPERS
    assert {path.name: path.read_bytes() for path in bundle.iterdir()} == before
    assert check_record(bundle).open and not check_record(bundle).problems


def test_papers_never_take_the_place_of_a_bundle(bundle: Path) -> None:
    with pytest.raises(ConfigError, match="was not written by this command"):
        write_record(bundle, bundle)


def test_the_command_lists_what_is_open_and_says_so_by_its_exit_code(bundle: Path, tmp_path: Path) -> None:
    ran = earlywarn_here("record", "check", bundle)
    assert ran.code == 10
    assert "lawful_basis: the basis in Article 6 of the UK GDPR" in ran.out
    assert "    dpia_annex.md " in ran.out
    write_papers(papers(pupil_run(), FILLED), tmp_path)
    ran = earlywarn_here("record", "check", tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Nothing is open in card.md, ")
    found = json.loads(earlywarn_here("record", "check", tmp_path, "--json").out)
    assert found == {"papers": list(PAPERS), "open": [], "problems": []}
