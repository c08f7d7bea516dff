"""Marks, of which there are tens of millions: what is done to be quick changes nothing that is found or kept."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from earlywarn.errors import TableError
from earlywarn.tables.readers.lines import is_plain
from earlywarn.tables.store import open_store
from small_folder import INSTRUMENTS, Check, Write

PLAIN = """\
person_id,date,session,code,school_id,minutes_late,known_on
ann,2024-09-09,AM,/,100001,,
ann,2024-09-09,pm,l,100001,7.0,2024-09-10
ben,2024-09-09,AM,,100002,,
"""
PADDED = """\
person_id,date,session,code,school_id,minutes_late,known_on
 ann ,2024-09-09,AM,/,100001, ,
"ann",2024-09-09 , pm, l ,"100001",7.0 ,"2024-09-10"
ben, 2024-09-09,"AM","",100002\N{NO-BREAK SPACE},,
"""


def marks(folder: Path, tmp_path: Path) -> list[tuple[object, ...]]:
    with open_store(folder, private=tmp_path / "private", instruments=INSTRUMENTS) as store:
        return store.db.sql("FROM attendance ORDER BY line").fetchall()


def test_spaces_and_quotes_around_cells_change_nothing(folder: Write, tmp_path: Path) -> None:
    plain = folder(attendance=PLAIN)
    assert is_plain(plain / "attendance.csv")
    as_plain = marks(plain, tmp_path)
    padded = folder(attendance=PADDED)
    assert not is_plain(padded / "attendance.csv")
    assert marks(padded, tmp_path) == as_plain


@pytest.mark.parametrize("day", ["2024-9-09", "2024/09/09", "2024-09-9", "2024-02-30", "20240-9-09", "infinity"])
@pytest.mark.parametrize("beside", ["x", "of the day"])  # with a space the file is read with more care
def test_a_date_is_written_one_way_only(found: Check, day: str, beside: str) -> None:
    rows = f"ann,2024-09-09,AM,/,{beside}\nann,{day},PM,/,{beside}\n"
    stops = [f for f in found(attendance="person_id,date,session,code,note\n" + rows) if f.effect == "stops"]
    assert [(f.code, f.column, f.lines) for f in stops] == [("EW006", "date", (3,))]


def test_a_mark_without_school_goes_by_the_one_enrolment_of_its_day(folder: Write, tmp_path: Path) -> None:
    pupils = """\
person_id,school_id,year_group,joined_on,left_on
cat,100001,7,2023-09-04,2024-10-11
cat,100002,7,2024-10-07,
dan,100002,7,2023-09-04,2024-07-19
"""
    days = {"cat": ("2024-10-04", "2024-10-07", "2024-10-11", "2024-10-14"), "dan": ("2024-07-19", "2024-07-22")}
    rows = [f"{who},{day},AM,/," for who in days for day in days[who]]
    sound = [f"cat,{date(2024, 10, 14) + timedelta(n)},PM,/,100002" for n in range(3000)]
    text = "\n".join(["person_id,date,session,code,school_id", *rows, *sound]) + "\n"
    data = folder(pupils=pupils, attendance=text, responses=None)
    with open_store(data, private=tmp_path / "private", instruments=INSTRUMENTS) as store:
        kept = store.db.sql("SELECT line, school_id FROM attendance WHERE line < 8 ORDER BY line").fetchall()
        (finding,) = [finding for finding in store.findings if finding.effect == "sets aside"]
    assert kept == [(2, "100001"), (5, "100002"), (6, "100002")]
    assert (finding.code, finding.lines) == ("EW106", (3, 4, 7))  # two enrolments open, and none any more


@pytest.mark.parametrize("has_school", [True, False])
def test_every_mark_that_stands_twice_is_found(folder: Write, tmp_path: Path, has_school: bool) -> None:
    rows = random_marks(1500, random.Random(7), has_school)
    head = "person_id,date,session,code,known_on" + (",school_id" if has_school else "")
    data = folder(attendance="\n".join([head, *(",".join(row) for row in rows)]) + "\n")
    with pytest.raises(TableError, match="EW103"):
        marks(data, tmp_path)
    with (tmp_path / "private" / "rejects.csv").open() as file:
        lines = [int(row["line"]) for row in csv.DictReader(file) if row["rule_code"] == "EW103"]
    assert lines == repeated(rows)
    assert len(lines) > 100


def random_marks(count: int, draw: random.Random, has_school: bool) -> list[tuple[str, ...]]:
    """Return marks of two pupils, in no order, some corrected later, many of them twice."""
    rows = []
    for _ in range(count):
        day = date(2024, 9, 9) + timedelta(draw.randrange(700))
        known_on = draw.choice(["", str(day), str(day + timedelta(1)), "2027-07-01"])
        who, school = draw.choice([("ann", "100001"), ("ben", "100002")])
        mark = (who, str(day), draw.choice(["AM", "PM", "pm"]), draw.choice("/I"), known_on)
        rows.append((*mark, school) if has_school else mark)
    return rows


def repeated(rows: list[tuple[str, ...]]) -> list[int]:
    """Return the lines of marks whose key stands further up already."""
    seen, lines = set(), []
    for line, (who, day, session, _, known_on, *_school) in enumerate(rows, start=2):
        key = (who, day, session.upper(), known_on or day)
        lines += [line] if key in seen else []
        seen.add(key)
    return lines


def test_a_register_keeps_the_order_of_its_file(folder: Write, tmp_path: Path) -> None:
    rows = [f"ann,{date(2024, 9, 9) + timedelta(n)},AM,/,{n % 600}" for n in range(150_000)]
    rows[140_000] = rows[140_000].replace("/", "QQ")
    data = folder(attendance="\n".join(["person_id,date,session,code,minutes_late", *rows]) + "\n", responses=None)
    with pytest.raises(TableError, match=r"EW101.*: line 140002 \(column code\); 'QQ' is no attendance code"):
        marks(data, tmp_path)
