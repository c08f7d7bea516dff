"""What the store holds once a folder is read: every table, in its final form."""

from datetime import date
from pathlib import Path

import pytest

from earlywarn.codes import load_codes
from earlywarn.config import AsOf, Config, Outcome
from earlywarn.errors import ConfigError, TableError
from earlywarn.tables import TABLES
from earlywarn.tables.store import Store, open_store
from small_folder import INSTRUMENTS, SOUND, Write


def config(**given: object) -> Config:
    return Config(name="test", as_of=AsOf(dates=(date(2024, 10, 7),)), **given)


def opened(data: Path, tmp_path: Path, **given: object) -> Store:
    return open_store(data, private=tmp_path / "private", instruments=INSTRUMENTS, config=config(**given))


def test_every_table_is_there_whatever_the_folder_holds(folder: Write, tmp_path: Path) -> None:
    with opened(folder(), tmp_path) as store:
        for name, table in TABLES.items():
            columns = [row[0] for row in store.db.execute(f"DESCRIBE {name}").fetchall()]
            assert "line" in columns
            if name != "attendance":
                assert {column.name for column in table.columns} <= set(columns)
        assert store.present == {"schools", "pupils", "attendance", "waves", "responses", "staff"}


def test_marks_are_numbered_by_code_and_date(folder: Write, tmp_path: Path) -> None:
    marks = """\
person_id,date,session,code,minutes_late
ben,2024-07-15,AM,J,
ann,2024-09-09,AM, i ,
ann,2024-09-09,PM,\\,
ann,2024-09-10,AM,,
ben,2024-09-10,pm,L,7.0
"""
    with opened(folder(attendance=marks), tmp_path) as store:
        rows = store.db.sql("SELECT school_id, session, mark, minutes_late FROM attendance ORDER BY line").fetchall()
    codes = load_codes()
    assert [codes.rows[mark - 1].code for _, _, mark, _ in rows] == ["J", "I", "\\", "", "L"]
    assert [bool(codes.absent[mark]) for _, _, mark, _ in rows] == [False, True, False, False, False]
    assert [(school, session, late) for school, session, _, late in rows] == [
        ("100001", 0, None), ("100001", 0, None), ("100001", 1, None), ("100001", 0, None), ("100002", 1, 7),
    ]  # fmt: skip


def test_known_on_is_filled_where_a_table_can_say_it(folder: Write, tmp_path: Path) -> None:
    data = folder(
        events="person_id,date,kind,known_on\nann,2024-09-10,behaviour,\nann,2024-09-11,behaviour,2024-09-13\n",
        leavers="person_id,resigned_on\nzoe,2024-09-20\n",
        attendance_summary="person_id,from_on,to_on,possible,absent\nben,2022-09-01,2023-07-20,380,20\n",
    )
    with opened(data, tmp_path) as store:
        known = {name: [str(day) for (day,) in store.db.sql(f"SELECT known_on FROM {name} ORDER BY line").fetchall()]
                 for name in ("events", "leavers", "attendance_summary", "waves", "attendance")}  # fmt: skip
        assert store.today == date(2024, 9, 20)
    assert known == {
        "events": ["2024-09-10", "2024-09-13"],
        "leavers": ["2024-09-20"],
        "attendance_summary": ["2023-07-20"],
        "waves": ["2024-09-22"],
        "attendance": ["2024-09-09"] * 3,
    }


def test_an_enrolment_is_one_row_per_pupil_and_school(folder: Write, tmp_path: Path) -> None:
    pupils = SOUND["pupils"] + "ann,100001,6,2023-09-04,2024-10-01,K,2024-10-01\n"
    with opened(folder(pupils=pupils), tmp_path) as store:
        rows = store.db.sql("FROM enrolments ORDER BY joined_on, person_id").fetchall()
    assert [(who, school, str(joined), str(left)) for who, school, joined, left in rows] == [
        ("ann", "100001", "2023-09-04", "2024-10-01"),
        ("ben", "100001", "2023-09-04", "2024-07-19"),
        ("ben", "100002", "2024-09-02", "None"),
    ]


def test_today_is_the_configs_where_it_says_so(folder: Write, tmp_path: Path) -> None:
    with opened(folder(), tmp_path) as store:
        assert store.today == date(2024, 9, 9)
    with opened(folder(), tmp_path, data_to=date(2024, 10, 1)) as store:
        assert store.today == date(2024, 10, 1)


def test_flags_are_read_as_schools_write_them(folder: Write, tmp_path: Path) -> None:
    written = ("Yes", "NO", "1", "0", "true", "F", "")
    rows = "".join(f"p{n},100002,7,2023-09-04,{flag}\n" for n, flag in enumerate(written))
    data = folder(pupils="person_id,school_id,year_group,joined_on,fsm\nann,100001,5,2023-09-04,y\n" + rows,
                  attendance="person_id,date,session,code\nann,2024-09-09,AM,/\n", responses=None)  # fmt: skip
    with opened(data, tmp_path) as store:
        flags = store.db.sql("SELECT fsm FROM pupils WHERE person_id <> 'ann' ORDER BY line").fetchall()
    assert [flag for (flag,) in flags] == [True, False, True, False, True, False, None]


def test_declared_columns_are_kept_and_others_named(folder: Write, tmp_path: Path) -> None:
    rows = SOUND["pupils"].splitlines()
    pupils = "\n".join([rows[0] + ",imd_band,credits,shoe_size", *(f"{row},20-30%,60,4" for row in rows[1:])]) + "\n"
    with opened(folder(pupils=pupils), tmp_path, extra={"imd_band": "category", "credits": "number"}) as store:
        assert store.db.sql("SELECT imd_band, credits FROM pupils LIMIT 1").fetchall() == [("20-30%", 60.0)]
        (note,) = [finding for finding in store.findings if finding.code == "EW012"]
    assert "shoe_size" in str(note)
    assert "imd_band" not in str(note)


def test_a_declared_column_that_is_not_there_stops(folder: Write, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"pupils\.csv lacks imd_band"):
        opened(folder(), tmp_path, extra={"imd_band": "category"})


def test_a_fixed_column_must_exist(folder: Write, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="fixed names imd_band"):
        opened(folder(), tmp_path, fixed=("imd_band",))
    assert list((tmp_path / "private").iterdir()) == []


def test_people_who_asked_to_be_left_out_are_in_no_table(folder: Write, tmp_path: Path) -> None:
    (tmp_path / "exclude.txt").write_text("ben\n\n")
    data = folder(events="person_id,population,date,kind\nben,pupils,2024-09-10,contact\nann,,2024-09-10,contact\n")
    with opened(data, tmp_path, exclude=tmp_path / "exclude.txt") as store:
        for name in ("pupils", "attendance", "responses", "events", "enrolments"):
            assert store.db.sql(f"SELECT DISTINCT person_id FROM {name}").fetchall() == [("ann",)]
        assert {table.table: table.excluded for table in store.summary if table.excluded} == {
            "pupils": 2, "attendance": 1, "responses": 1, "events": 1,
        }  # fmt: skip
        assert not any("ben" in str(finding) for finding in store.findings)


def test_what_is_needed_follows_the_outcome(folder: Write, tmp_path: Path) -> None:
    recorded = Outcome(kind="recorded", recorded="resit")
    with pytest.raises(TableError, match="the folder has no outcomes"):
        opened(folder(), tmp_path, outcome=recorded)
    outcomes = "person_id,outcome,date,value\nann,resit,2024-09-10,1\n"
    with opened(folder(outcomes=outcomes, attendance=None), tmp_path, outcome=recorded) as store:
        assert "attendance" not in store.present
    with pytest.raises(TableError, match="the folder has no leavers"):
        opened(folder(), tmp_path, population="staff", outcome=Outcome(kind="leaves"))
