"""What is set aside: rows left out, counted and listed; more than one in a thousand of them stops."""

import csv
from pathlib import Path

import pytest

from earlywarn.tables.check import Finding
from earlywarn.tables.store import open_store
from small_folder import INSTRUMENTS, SOUND, Check, Write

MARKS = 2000  # so many that two set aside are still one in a thousand


def many_marks(*others: str) -> str:
    """Return a register with more than a thousand sound marks (of Ann and Ben), and others after them."""
    sound = [f"{who},{year}-{month:02}-{day:02},{session},/,{school}"
             for who, school, year in (("ann", "100001", 2025), ("ben", "100002", 2025), ("ann", "100001", 2026))
             for month in range(1, 13) for day in range(1, 29) for session in ("AM", "PM")]  # fmt: skip
    return "\n".join(["person_id,date,session,code,school_id", *sound[:MARKS], *others]) + "\n"


def codes(findings: tuple[Finding, ...], effect: str) -> list[str]:
    return [finding.code for finding in findings if finding.effect == effect]


@pytest.mark.parametrize(
    ("mark", "code", "column"),
    [
        ("eve,2024-09-09,AM,/,100001", "EW104", "person_id"),  # nobody of that name
        ("ann,2024-09-09,AM,/,100002", "EW104", "person_id"),  # not at that school
        ("ann,2023-09-01,AM,/,100001", "EW105", "date"),  # before joining
        ("ben,2024-07-20,AM,/,100001", "EW105", "date"),  # after leaving
        ("eve,2024-09-09,AM,/,", "EW106", "school_id"),
        ("ben,2024-08-25,AM,/,", "EW106", "school_id"),  # between two schools
    ],
)
def test_a_mark_that_belongs_to_no_enrolment_is_left_out_and_listed(
    folder: Write, tmp_path: Path, mark: str, code: str, column: str
) -> None:
    with open_store(
        folder(attendance=many_marks(mark)), private=tmp_path / "private", instruments=INSTRUMENTS
    ) as store:
        (finding,) = [finding for finding in store.findings if finding.effect == "sets aside"]
        marks = store.db.execute("SELECT count(*), max(line) FROM attendance").fetchone()
        (summary,) = [table for table in store.summary if table.table == "attendance"]
    assert (finding.code, finding.column, finding.lines) == (code, column, (MARKS + 2,))
    assert marks == (MARKS, MARKS + 1)
    assert (summary.rows, summary.set_aside) == (MARKS + 1, 1)
    with (tmp_path / "private" / "rejects.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["line"], row["rule_code"], row["effect"], row["value"]) == (
        "attendance.csv", str(MARKS + 2), code, "set aside", "***",
    )  # fmt: skip


def test_a_placeholder_beside_an_enrolment_is_nobodys_mistake(found: Check) -> None:
    assert codes(found(attendance=many_marks("ann,2023-08-30,AM,Z,100001")), "sets aside") == []


def test_more_than_one_row_in_a_thousand_stops(found: Check) -> None:
    lost = [f"eve,2024-09-{day:02},AM,/,100001" for day in range(2, 5)]
    assert codes(found(attendance=many_marks(*lost[:2])), "stops") == []
    findings = found(attendance=many_marks(*lost))
    assert codes(findings, "stops") == ["EW009"]
    assert "3 rows of 2,003 in attendance.csv by EW104" in str(findings[-1])


SMALL = [
    ("responses", SOUND["responses"] + "w1,eve,likes,3\n", ["EW314"]),
    ("responses", SOUND["responses"] + "w9,ann,likes,3\n", ["EW315"]),
    ("leavers", "person_id,resigned_on\nyan,2024-10-01\n", ["EW412"]),
    ("staff_absence", "person_id,starts_on,ends_on\nyan,2024-10-01,2024-10-02\n", ["EW421"]),
    ("staff_absence", "person_id,starts_on,ends_on\nzoe,2024-10-02,2024-10-01\n", ["EW422"]),
    ("attendance_summary", "person_id,from_on,to_on,possible,absent\nann,2023-09-01,2024-07-19,380,381\n", ["EW112"]),
    ("attendance_summary", "person_id,from_on,to_on,possible,absent\nann,2024-07-19,2023-09-01,380,10\n", ["EW112"]),
    ("attendance_summary", "person_id,from_on,to_on,possible,absent\neve,2023-09-01,2024-07-19,380,10\n", ["EW113"]),
    ("events", "person_id,date,kind\nzoe,2024-09-10,behaviour\n", ["EW501"]),
    ("events", "person_id,population,date,kind\nzoe,staff,2024-09-10,contact\n", []),
    ("assessments", "person_id,subject,collected_on,measure,value\neve,maths,2024-09-10,grade,5\n", ["EW512"]),
    ("outcomes", "person_id,outcome,date,value\neve,resit,2024-09-10,1\n", ["EW522"]),
    ("interventions", "person_id,kind,starts_on\neve,mentor,2024-09-10\n", ["EW531"]),
    ("interventions", "person_id,kind,starts_on,ends_on\nann,mentor,2024-09-10,2024-09-09\n", ["EW532"]),
]


@pytest.mark.parametrize(("table", "text", "expected"), SMALL)
def test_rows_that_no_one_can_use_are_set_aside(found: Check, table: str, text: str, expected: list[str]) -> None:
    assert codes(found(**{table: text}), "sets aside") == expected
