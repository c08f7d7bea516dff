"""What stops a run: each broken rule is told with its code, file, lines, column and remedy."""

from pathlib import Path

import pytest

from earlywarn.errors import TableError
from earlywarn.tables.store import open_store
from small_folder import INSTRUMENTS, SOUND, Check, Write

HEAD = {name: text.splitlines()[0] + "\n" for name, text in SOUND.items()}
STAFF = SOUND["staff"]
BAD_DATES = "".join(f"cat,100001,5,{day},,K,\n" for day in ("04/09/2023", "2023-02-30", "2023/09/04"))
BAD_YEARS = "".join(f"cat,100001,{year},2023-09-04,,K,\n" for year in ("14", "5.5", "five"))

# table, its rows, code, column, lines, a word of the remedy
ROWS = [
    ("schools", "100001,,primary\n100002,,secondary\n100001,,primary\n", "EW201", "school_id", (4,), "one row"),
    ("schools", "100001,Beech Tree,primry\n100002,Oak Hill,secondary\n", "EW006", "phase", (2,), "recode"),
    ("pupils", SOUND["pupils"] + "ann,100001,5,2023-09-04,,K,2023-09-04\n", "EW221", "school_id", (5,), "one row"),
    ("pupils", SOUND["pupils"] + "cat,999999,5,2023-09-04,,K,\n", "EW222", "school_id", (5,), "add the school"),
    ("pupils", SOUND["pupils"] + "cat,100001,5,2023-09-04,2022-01-01,K,\n", "EW223", "left_on", (5,), "left_on"),
    ("pupils", SOUND["pupils"] + BAD_DATES, "EW006", "joined_on", (5, 6, 7), "YYYY-MM-DD"),
    ("pupils", SOUND["pupils"] + BAD_YEARS, "EW006", "year_group", (5, 6, 7), "number"),
    ("pupils", SOUND["pupils"] + "cat,100001,5,2023-09-04,,S,\n", "EW006", "sen", (5,), "recode"),
    ("pupils", SOUND["pupils"] + ",100001,5,2023-09-04,,K,\n", "EW007", "person_id", (5,), "fill it"),
    ("attendance", SOUND["attendance"] + "ann,2024-09-10,XX,/,100001\n", "EW006", "session", (5,), "recode"),
    ("attendance", SOUND["attendance"] + "ann,2024-09-10,AM,QQ,100001\n", "EW101", "code", (5,), "sub-codes"),
    ("attendance", SOUND["attendance"] + "ann,2024-09-09,am,I,100001\n", "EW103", "session", (5,), "one row"),
    ("waves", SOUND["waves"] + "w1,views,pupil,2024-09-16,2024-09-22\n", "EW301", "wave_id", (3,), "one row"),
    ("waves", SOUND["waves"] + "w2,views,pupil,2024-09-22,2024-09-16\n", "EW302", "closes_on", (3,), "opens_on"),
    ("waves", SOUND["waves"] + "w2,other,pupil,2024-09-16,2024-09-22\n", "EW303", "instrument", (3,), "YAML"),
    ("waves", SOUND["waves"] + "w2,views,staff,2024-09-16,2024-09-22\n", "EW304", "audience", (3,), "audience"),
    ("responses", SOUND["responses"] + "w1,ann,likes,3\n", "EW311", "item", (5,), "one row"),
    ("responses", SOUND["responses"] + "w1,ben,likse,3\n", "EW312", "item", (5,), "item"),
    ("responses", SOUND["responses"] + "w1,ben,belongs,6\n", "EW313", "answer", (5,), "range"),
    ("responses", SOUND["responses"] + "w1,ben,belongs,2.5\n", "EW313", "answer", (5,), "range"),
    ("staff", STAFF + "zoe,100001,teacher,permanent,2020-09-01,\n", "EW401", "school_id", (3,), "one row"),
    ("staff", STAFF + "yan,100009,teacher,permanent,2020-09-01,\n", "EW402", "school_id", (3,), "add the school"),
    ("staff", STAFF + "yan,100001,teacher,permanent,2020-09-01,2019-09-01\n", "EW403", "left_on", (3,), "left_on"),
    ("staff", STAFF + "yan,100001,teacher,forever,2020-09-01,\n", "EW006", "contract", (3,), "recode"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "text", "code", "column", "lines", "remedy"), ROWS)
def test_a_broken_row_is_told_with_its_place_and_remedy(
    found: Check, table: str, text: str, code: str, column: str, lines: tuple[int, ...], remedy: str
) -> None:
    whole = text if text.startswith(HEAD[table]) else HEAD[table] + text
    (finding,) = [finding for finding in found(**{table: whole}) if finding.effect == "stops"]
    assert (finding.code, finding.file, finding.column, finding.lines) == (code, f"{table}.csv", column, lines)
    assert remedy in finding.fix


def test_the_sound_folder_has_nothing_to_stop_for(found: Check) -> None:
    assert [finding.code for finding in found()] == ["EW013"]


def test_a_mark_cannot_be_known_before_its_date(found: Check) -> None:
    marks = "person_id,date,session,code,known_on\nann,2024-09-09,AM,/,2024-09-09\nann,2024-09-09,PM,/,2024-09-08\n"
    (finding,) = found(attendance=marks)
    assert (finding.code, finding.lines, finding.column) == ("EW102", (3,), "known_on")


def test_a_correction_known_later_is_no_duplicate(found: Check) -> None:
    marks = "person_id,date,session,code,known_on\nann,2024-09-09,AM,N,2024-09-09\nann,2024-09-09,AM,I,2024-09-12\n"
    assert found(attendance=marks) == ()


def test_an_unknown_code_says_when_it_was_in_force(found: Check) -> None:
    marks = SOUND["attendance"] + "ann,2024-09-10,AM,J,100001\nann,2024-09-10,PM,Ann Smith,100001\n"
    (finding,) = [finding for finding in found(attendance=marks) if finding.effect == "stops"]
    assert finding.count == 2
    assert "'J' was in force 2006-09-01 to 2024-08-18" in str(finding)
    assert "Smith" not in str(finding)  # a shifted column may hold a name


def test_several_broken_rules_come_in_one_message(folder: Write, tmp_path: Path) -> None:
    data = folder(
        pupils=SOUND["pupils"] + "cat,100009,5,2023-09-04,,K,\n",
        attendance=SOUND["attendance"] + "ann,2024-09-09,AM,/,100001\nann,2024-09-09,PM,/,100001\n",
    )
    with pytest.raises(TableError) as stopped:
        open_store(data, private=tmp_path / "private", instruments=INSTRUMENTS)
    message = str(stopped.value)
    assert (
        "EW103: a person has one mark per school, date, session and known_on; "
        "broken on 2 rows of attendance.csv: lines 5, 6 (column session)"
    ) in message
    assert "EW222" in message
    assert message.count("fix: ") == 2
    assert not {"ann", "cat"} & set(message.replace(",", " ").split())


def test_nothing_but_the_list_of_rejects_is_left_after_a_failure(folder: Write, tmp_path: Path) -> None:
    data = folder(attendance=SOUND["attendance"] + "ann,2024-09-09,AM,/,100001\n")
    with pytest.raises(TableError):
        open_store(data, private=tmp_path / "private", instruments=INSTRUMENTS)
    (left,) = (tmp_path / "private").iterdir()
    assert left.name == "rejects.csv"
    header, row = left.read_text().splitlines()
    assert header == "file,line,column,rule_code,rule,effect,value"
    assert row.startswith("attendance.csv,5,session,EW103,")
    assert "ann" not in row


def test_unreadable_cells_are_told_before_the_rules_that_they_would_break(found: Check) -> None:
    stops = [f.code for f in found(pupils=HEAD["pupils"] + "ann,100001,five,2023-09-04,,K,\n") if f.effect == "stops"]
    assert stops == ["EW006"]
