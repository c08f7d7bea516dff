"""The page opens with the answer, and every table stands behind it with what its columns mean."""

import csv
import io
import json
from pathlib import Path

from conftest import Golden
from earlywarn.bundle.manifest import canonical
from earlywarn.report.study_cells import MOST_ROWS, ShownCell, shown_table
from earlywarn.report.study_facts import StudyFacts, as_dict
from earlywarn.report.study_figures import figures
from earlywarn.report.study_files import SCALES, dictionary, write_figures, write_tables
from earlywarn.report.study_page import render_study_page
from earlywarn.study.figure import CORRELATION, FROM_NOTHING, PLAIN, SHARE, UP_TO_ONE, WITHIN_ONE
from made_up_study import CONFIG, domains, gains, horizons, primary, study_facts, table, tables

PICTURE = b'<svg viewBox="0 0 396 200"></svg>'


def page(facts: StudyFacts) -> str:
    drawn = figures(facts.found.tables, CONFIG)
    return render_study_page(facts, drawn, {one.name: PICTURE for one in drawn})


def test_the_answer_stands_before_every_table() -> None:
    found = page(study_facts())
    assert found.index(study_facts().verdict.headline) < found.index("<table>")
    assert (
        found.index("The one test") < found.index("Which domain tells most?") < found.index("The calendar of the year")
    )


def test_it_says_whether_the_test_was_written_down_before() -> None:
    facts = study_facts()
    assert "proves nothing by itself" in page(facts)
    assert facts.preregistration.sha256 in page(facts)
    before = page(study_facts(deposited=True))
    assert "proves nothing" not in before and facts.preregistration.sha256 in before


def test_every_table_and_the_parts_that_are_missing_are_on_it() -> None:
    found = page(study_facts())
    assert all(f"tables/{one.name}.csv" in found for one in tables() if one.rows)
    assert "The data hold nothing for: benchmarks." in found


def test_a_table_of_no_section_still_has_a_place() -> None:
    found = page(study_facts(primary(), table("something_new", {"a": 1})))
    assert "Further tables" in found and "tables/something_new.csv" in found


def test_words_of_the_data_are_escaped() -> None:
    found = page(study_facts(domains()))
    assert "effort &lt;in&gt; class" in found and "<in>" not in found


def test_a_number_stands_with_its_interval_and_empty_columns_are_left_out() -> None:
    shown = shown_table(horizons())
    assert shown.heads == ("Gain", "N", "Schools", "Weeks", "Named", "Why")
    assert shown.rows[1][0] == ShownCell("0.0110", "0.0030 to 0.0190")
    assert [cell.value for cell in shown.rows[2]] == ["–", "–", "–", "36", "no", "out of reach"]
    assert shown_table(table("all", {"a": 1, "b": None})).heads == ("A",)


def test_a_long_table_says_how_much_more_is_in_its_file() -> None:
    shown = shown_table(table("long", *({"a": number} for number in range(MOST_ROWS + 5))))
    assert (len(shown.rows), shown.more) == (MOST_ROWS, 5)


def test_json_holds_every_table_the_verdict_and_the_hash() -> None:
    facts = study_facts()
    found = json.loads(canonical(as_dict(facts)))
    assert [one["name"] for one in found["tables"]] == [one.name for one in tables()]
    assert found["tables"][0]["rows"][0]["gain"] == 0.0123
    assert found["verdict"]["headline"] == facts.verdict.headline
    assert found["preregistration"] == {"sha256": facts.preregistration.sha256, "deposited_before": False}


def test_files_hold_the_tables_and_what_intervals_were_made_from(tmp_path: Path) -> None:
    write_tables(tables(), tmp_path / "tables")
    text = (tmp_path / "tables" / "primary.csv").read_text(encoding="utf-8")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["gain_low"] == "0.004" and row["smallest_shown"] == "0.0117"
    made_from = (tmp_path / "tables" / "replicates.csv").read_text(encoding="utf-8").splitlines()
    assert made_from[:2] == ["table,row,column,scale,left_out,value", "primary,0,gain,plain,0,0.0123"]


def test_the_dictionary_explains_every_column_and_every_scale_in_use() -> None:
    said = dictionary((primary(), gains()))
    assert all(f"| `{name}` |" in said for one in (primary(), gains()) for name in one.columns)
    assert "- `plain`" in said and "arctanh" not in said


def test_every_scale_of_an_interval_can_be_explained() -> None:
    scales = (CORRELATION, FROM_NOTHING, PLAIN, SHARE, UP_TO_ONE, WITHIN_ONE)
    assert {one.name for one in scales} <= SCALES.keys()


def test_figures_are_written_in_every_form(tmp_path: Path) -> None:
    write_figures({"gains": {"svg": b"<svg/>", "png": b"png"}}, tmp_path / "figures")
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["gains.png", "gains.svg"]


def test_the_study_reads_as_agreed(golden: Golden) -> None:
    golden("study.html", page(study_facts()))
