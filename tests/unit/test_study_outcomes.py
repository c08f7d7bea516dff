"""Outcomes by attendance band: what happened later to whom, with no small number in what is shared."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmark_world import AS_OF, Pupils, trust
from earlywarn.cohort import cohort
from earlywarn.disclosure import HIDDEN
from earlywarn.features.gather import Sources
from earlywarn.study.happened import outcomes_of
from earlywarn.study.mornings import groups_of, morning
from earlywarn.study.outcomes import outcome_tables
from earlywarn.study.table import Table, as_csv
from earlywarn.study.ties import ties
from text_school import BEECH, OAK

NEXT_YEAR = date(2025, 9, 10)
BEST, WORST = "over 95%", "80% or less"
THERE = Pupils(BEECH, 5, 40, {"two": [4, 5] * 20})
AWAY = Pupils(OAK, 5, 40, {"two": [1] * 20 + [5] * 20}, absent=8)


def examples(sources: Sources, as_of: date = AS_OF) -> Any:
    """Return rows of one test date, of whom nothing is known yet."""
    people = cohort(sources.store, sources.config, as_of)
    now = SimpleNamespace(outcome=np.full(len(people), np.nan))
    plan = SimpleNamespace(test=(as_of,), kept=(as_of,))
    return SimpleNamespace(plan=plan, people=people, now=now, on=lambda dates: np.ones(len(people), bool))


def tables_of(folder: Path, *groups: Pupils, **more: str) -> dict[str, Table]:
    with trust(folder, *groups, today=NEXT_YEAR, **more) as sources:
        return {table.name: table for table in outcome_tables(sources, examples(sources), sources.config)}


def row(
    table: Table, outcome: str, band: str, group_by: str = "everyone", group: str = "everyone"
) -> Mapping[str, Any]:
    wanted = {"outcome": outcome, "band": band, "group_by": group_by, "group": group}
    (found,) = [one for one in table.rows if wanted.items() <= one.items()]
    return found


def judged(values: Mapping[str, float], measure: str = "grade") -> list[str]:
    return [f"{one},maths,2024-10-21,{measure},{value}" for one, value in values.items()]


def lines_of(folder: Path, table: str) -> list[str]:
    return (folder / "data" / f"{table}.csv").read_text(encoding="utf-8").strip().splitlines()


def assessments(*rows: str) -> str:
    return "\n".join(["person_id,subject,collected_on,measure,value", *rows]) + "\n"


def test_low_scores_come_after_the_absence_they_stand_beside(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, THERE, AWAY)
    away = row(tables["bands"], "low feelings.school", WORST)
    assert (away["n"], away["happened"], away["share"]) == (40, 20, 0.5)
    assert row(tables["bands"], "low feelings.school", BEST)["happened"] == 0
    assert away["as_of"] == "2024-10-14"  # the day on which the wave opened
    assert "low feelings.school" in {one["outcome"] for one in tables["trust_bands"].rows}


def test_a_low_grade_is_one_of_the_lowest_fifth_of_the_year_group(tmp_path: Path) -> None:
    grades = {one: 9.0 - i / 100 for i, one in enumerate(THERE.ids())}
    grades |= {one: 3.0 + i / 100 for i, one in enumerate(AWAY.ids())}
    targets = {one: 5.0 for one in (*THERE.ids(), *AWAY.ids())}
    given = assessments(*judged(grades), *judged(targets, "target"))
    tables = tables_of(tmp_path, THERE, AWAY, assessments=given)
    assert row(tables["bands"], "low grade", WORST)["happened"] == 16  # of 80 pupils
    assert row(tables["bands"], "below target", WORST)["happened"] == 40
    assert row(tables["bands"], "below target", BEST)["happened"] == 0
    assert not [one for one in tables["bands"].rows if one["outcome"] == "low target"]


def test_what_others_recorded_is_told_by_its_name(tmp_path: Path) -> None:
    rows = [f"{one},suspended,2025-03-03,{int(i < 15)}" for i, one in enumerate(AWAY.ids())]
    rows += [f"{one},suspended,2025-03-03,{int(i < 6)}" for i, one in enumerate(THERE.ids())]
    tables = tables_of(tmp_path, THERE, AWAY, outcomes="\n".join(["person_id,outcome,date,value", *rows]) + "\n")
    assert row(tables["bands"], "suspended", WORST)["times"] == 2.5
    (said,) = [line for line in tables["bands"].says if "suspended" in line]
    assert said.startswith(
        "Of 100 who attended 80% or less, 38 had the recorded outcome suspended: 2.5 times as likely"
    )


def test_who_leaves_at_the_end_of_the_year_has_not_left_during_it(tmp_path: Path) -> None:
    early = Pupils(BEECH, 5, 12, joined="2023-09-05")
    late = Pupils(BEECH, 6, 12)
    leaves = {**dict.fromkeys(early.ids(), "2024-09-18"), **dict.fromkeys(late.ids(), "2024-09-26")}
    with trust(tmp_path / "plain", early, late):
        head, *roll = lines_of(tmp_path / "plain", "pupils")
        attendance = lines_of(tmp_path / "plain", "attendance")
    pupils = [f"{head},left_on", *(f"{line},{leaves[line.split(',')[0]]}" for line in roll)]
    there = [line for line in attendance if line.split(",")[2] <= leaves.get(line.split(",")[0], "date")]
    tables = {"pupils": "\n".join(pupils) + "\n", "attendance": "\n".join(there) + "\n"}
    with trust(tmp_path / "left", early, late, today=NEXT_YEAR, **tables) as sources:
        day = date(2024, 9, 16)
        (left,) = [one for one in outcomes_of(sources, examples(sources, day), sources.config) if one.name == "left"]
        told = morning(sources, day)
        by_year = {year: left.of(told.people)[told.people["year_group"] == year].sum() for year in (5, 6)}
    assert by_year == {5: 12, 6: 0}


def test_nothing_shared_tells_of_one_to_four_pupils_or_of_a_school(tmp_path: Path) -> None:
    few = Pupils(OAK, 5, 3, {"two": [1] * 3}, absent=8, premium="true")
    bands = tables_of(tmp_path, THERE, AWAY, few)["bands"]
    for one in bands.rows:
        if one["n"] != HIDDEN:
            assert not any(0 < each < 5 for each in (one["n"], one["happened"], one["n"] - one["happened"]))
    assert row(bands, "low feelings.school", WORST, "pupil_premium", "yes")["n"] == HIDDEN
    assert row(bands, "low feelings.school", WORST, "pupil_premium", "no")["n"] == HIDDEN
    assert not any(school in str(bands) for school in (BEECH, OAK))


def test_what_an_interval_was_made_from_is_shared_only_where_no_school_has_few(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, THERE, AWAY)
    assert tables["trust_bands"].replicates
    assert not tables["bands"].replicates  # two schools: groups of single pupils are left out in turn


def test_staff_and_data_without_marks_have_no_bands(tmp_path: Path) -> None:
    with trust(tmp_path, THERE) as sources:
        staff = sources.config.model_copy(update={"population": "staff"})
        assert not [one for one in outcome_tables(sources, examples(sources), staff) if "bands" in one.name]


def test_groups_never_name_a_school_and_few_unknown_count_with_the_largest(tmp_path: Path) -> None:
    with trust(tmp_path, THERE, AWAY) as sources:
        people = morning(sources, AS_OF).people
        fairness = sources.config.fairness.model_copy(
            update={"groups": ("school_id", "year_group"), "intersections": ()}
        )
        groups = groups_of(people, fairness, lambda rows: True)
    assert set(groups) == {"pupil_premium", "phase", "year_group"}
    assert "not recorded" not in groups["phase"]


def test_cells_are_tied_wherever_one_is_filled_by_others() -> None:
    premium = np.array(["yes", "yes", "no", "no"])
    both = np.array(["yes × K", "yes × N", "no × N", "no × N"])
    found = [sorted(each) for each in ties({"premium": premium, "both": both}, {})]
    assert ["both|yes × K", "both|yes × N", "premium|yes"] in found
    assert ["both|no × N", "premium|no"] in found  # one cell tells the other


def test_the_tables_are_csv_that_other_programs_read(tmp_path: Path) -> None:

    bands = tables_of(tmp_path, THERE, AWAY)["bands"]
    assert [dict(one)["band"] for one in csv.DictReader(as_csv(bands).splitlines())] == [
        one["band"] for one in bands.rows
    ]
