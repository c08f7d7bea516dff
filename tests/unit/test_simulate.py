"""A simulated trust is a folder that the package itself accepts, the same for the same plan."""

import csv
import gzip
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from earlywarn.codes.attendance import load_codes
from earlywarn.errors import ConfigError
from earlywarn.paths import shipped_instruments
from earlywarn.simulate import Plan, Simulated, simulate
from earlywarn.simulate import folder as folder_module
from earlywarn.simulate.trust import make_trust
from earlywarn.surveys.instrument import load_instruments
from earlywarn.tables.store import open_store

SMALL = Plan(schools=4, pupils=700, years=3, current_weeks=6, seed=3)


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(SMALL, tmp_path_factory.mktemp("simulated") / "trust")


def rows(trust: Simulated, table: str) -> list[dict[str, str]]:
    with (trust.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_plan_gives_the_same_bytes(trust: Simulated, tmp_path: Path) -> None:
    again = simulate(SMALL, tmp_path / "again")
    names = sorted(path.name for path in trust.folder.iterdir())
    assert names == sorted(path.name for path in again.folder.iterdir())
    for name in names:
        assert (trust.folder / name).read_bytes() == (again.folder / name).read_bytes(), name


def test_another_seed_gives_another_trust(trust: Simulated, tmp_path: Path) -> None:
    other = simulate(Plan(schools=4, pupils=700, years=1, current_weeks=0, seed=4), tmp_path / "other")
    assert (trust.folder / "schools.csv").read_bytes() != (other.folder / "schools.csv").read_bytes()


def test_the_packages_own_checks_accept_the_folder(trust: Simulated, tmp_path: Path) -> None:
    instruments = load_instruments(shipped_instruments())
    with open_store(trust.folder, private=tmp_path / "private", instruments=instruments) as store:
        assert all(table.set_aside == 0 for table in store.summary)
        assert {table.table: table.rows for table in store.summary} == dict(trust.rows)
        assert store.has_correction_history
        assert store.today == date(2026, 10, 9)  # the Friday of the sixth week of 2026/27


def test_codes_are_in_force_on_their_dates(trust: Simulated) -> None:
    marks = pq.read_table(trust.folder / "attendance.parquet", columns=["code", "date"])
    used = marks.group_by(["code", "date"]).aggregate([])
    known = load_codes().rows
    for code, day in {(row["code"], row["date"]) for row in used.to_pylist()}:
        assert any(one.code == code and one.valid_on(day) for one in known), (code, day)
    assert {"H", "C"} <= {row["code"] for row in used.to_pylist() if row["date"] < date(2024, 8, 19)}
    assert {"C2"} <= {row["code"] for row in used.to_pylist() if row["date"] >= date(2024, 8, 19)}


def test_a_mark_without_reason_is_corrected_days_later(trust: Simulated) -> None:
    marks = pq.read_table(trust.folder / "attendance.parquet").to_pandas()
    late = marks[marks.known_on > marks.date]
    first = marks[(marks.code == "N") & (marks.known_on == marks.date)]
    both = late.merge(first, on=["person_id", "school_id", "date", "session"], suffixes=("", "_first"))
    assert len(both) == len(late) > 100
    assert set(late.code) == {"I", "O", "G"}
    assert not marks.duplicated(["person_id", "school_id", "date", "session", "known_on"]).any()


def test_nobody_is_enrolled_twice_at_once(trust: Simulated) -> None:
    spans: dict[str, dict[str, list[str]]] = {}
    for row in rows(trust, "pupils"):
        left = spans.setdefault(row["person_id"], {}).setdefault(row["school_id"], [row["joined_on"], ""])
        left[1] = row["left_on"] or left[1]
    moved = [sorted(schools.values()) for schools in spans.values() if len(schools) > 1]
    assert len(moved) > 20  # from Year 6 to the trust's own secondary
    for enrolments in moved:
        assert all(left and left < joined for (_, left), (joined, _) in pairwise(enrolments))


def test_left_on_stands_only_in_rows_known_by_then(trust: Simulated) -> None:
    for table in ("pupils", "staff"):
        assert all(not row["left_on"] or row["known_on"] >= row["left_on"] for row in rows(trust, table))


def test_only_marks_that_are_known_by_the_last_day_are_written(trust: Simulated) -> None:
    known_on = pq.read_table(trust.folder / "attendance.parquet", columns=["known_on"])["known_on"]
    assert max(known_on.to_pylist()) == date(2026, 10, 9)


def test_the_calendar_reaches_to_the_end_of_the_year_in_progress(trust: Simulated) -> None:
    days = [row["date"] for row in rows(trust, "calendar") if row["school_id"] == "900001"]
    assert max(days) > "2027-07-15"
    sessions = [int(row["sessions"]) for row in rows(trust, "calendar") if row["school_id"] == "900001"]
    assert sum(sessions) == 4 * 380


def test_notice_clusters_before_the_three_dates(trust: Simulated) -> None:
    teachers = {row["person_id"] for row in rows(trust, "staff") if row["role"] in ("teacher", "leader")}
    given = [row for row in rows(trust, "leavers") if row["person_id"] in teachers and row["reason"] == "resigned"]
    assert given
    months = {row["resigned_on"][5:7] for row in given}
    assert months <= {"09", "10", "01", "02", "04", "05"}
    assert {row["leaves_on"][5:] for row in given} <= {"12-31", "04-30", "08-31"}


def test_answers_are_those_of_the_questionnaires(trust: Simulated) -> None:
    with gzip.open(trust.folder / "responses.csv.gz", "rt", encoding="utf-8") as file:
        answers = list(csv.DictReader(file))
    assert {row["answer"] for row in answers} == {"", "1", "2", "3", "4", "5"}
    assert 0.01 < np.mean([row["answer"] == "" for row in answers]) < 0.03


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("x\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not an empty folder"):
        simulate(SMALL, tmp_path)


def test_nothing_remains_of_a_run_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(folder_module, "make_marks", broken)
    with pytest.raises(OSError, match="disk full"):
        simulate(SMALL, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [{"schools": 0}, {"pupils": 10}, {"engagement_effect": -1}, {"current_weeks": 60}])
def test_a_plan_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        Plan(**wrong)  # type: ignore[arg-type]


def test_one_small_school_can_be_made(tmp_path: Path) -> None:
    made = simulate(Plan(schools=1, pupils=60, years=1, current_weeks=0), tmp_path / "one")
    assert made.rows["schools"] == 1
    assert made.rows["attendance"] > 15_000


def test_two_trusts_of_one_country_share_the_years_and_nothing_else() -> None:
    ours, theirs = (
        make_trust(Plan(schools=4, pupils=700, years=2, current_weeks=0, seed=seed, years_seed=9)) for seed in (1, 2)
    )
    for here, there in zip(ours.shared, theirs.shared, strict=True):
        assert here.wave.tolist() == there.wave.tolist()
        assert here.snow.tolist() == there.snow.tolist()
    assert [school.effect.tolist() for school in ours.schools] != [school.effect.tolist() for school in theirs.schools]
    assert ours.people.fsm.tolist() != theirs.people.fsm.tolist()


def test_a_trusts_own_years_come_from_its_seed() -> None:
    plan = Plan(schools=4, pupils=700, years=2, current_weeks=0, seed=5)
    alone, other, same = (make_trust(replace(plan, years_seed=years)).shared[0].wave for years in (None, 6, 5))
    assert alone.tolist() == same.tolist() != other.tolist()
