"""Nobody can be read out of what is kept or said, and a school receives its own pupils only."""

import gzip
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command_line import earlywarn_here
from demo_folder import Demo, Trained
from searched import PUPIL, STAFF, files_naming, people_in

FOR_SCHOOLS = ("scores.parquet", "left.parquet", "list_log.csv", "packs")  # the rest is for the trust


def test_the_made_up_people_are_who_we_look_for(demo: Demo) -> None:
    for table, pattern in (("pupils", PUPIL), ("staff", STAFF)):
        rows = (demo.data / f"{table}.csv").read_bytes().splitlines()[1:]
        assert all(pattern.match(row) for row in rows)


def test_a_person_is_found_wherever_a_file_may_hold_one(tmp_path: Path) -> None:
    said = "x" * 9_000 + "row_P000123."
    (tmp_path / "P000123.txt").touch()
    (tmp_path / "plain.log").write_text(said)
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(said.encode()))
    pq.write_table(pa.table({"who": [said] * 9}), tmp_path / "columns.parquet")
    with zipfile.ZipFile(tmp_path / "workbook.xlsx", "w", zipfile.ZIP_DEFLATED) as workbook:
        workbook.writestr("sheet.xml", said)
    with closing(sqlite3.connect(tmp_path / "rows.db")) as db, db:
        db.execute("CREATE TABLE runs AS SELECT ? AS value", (said,))
    assert files_naming(tmp_path) == [str(file) for file in tmp_path.rglob("*")]
    assert people_in("S00001 P000123 SP000123 P0001234") == {"S00001", "P000123"}


@pytest.mark.parametrize("store", ["models", "mlruns"])
def test_no_person_is_in_a_bundle_or_in_mlflow(demo: Demo, again: Trained, store: str) -> None:
    assert files_naming(demo.folder / store, again.folder / store) == []


def test_no_person_is_in_what_the_commands_say(demo: Demo, again: Trained, tmp_path: Path) -> None:
    checked = earlywarn_here("check", demo.data, "--private", tmp_path)
    for ran in (demo.ran, again.ran, checked):
        assert ran.out
        assert people_in(ran.out + ran.err) == set()


def test_no_member_of_staff_is_in_the_scores_folders(demo: Demo) -> None:
    pages = [path for path in (demo.folder / "scores").rglob("*") if path.suffix in (".html", ".csv", ".json")]
    assert demo.staff_scores / "staff.html" in pages
    assert [path.name for path in pages if STAFF.search(path.read_bytes())] == []
    assert [path.name for path in demo.staff_scores.glob("*.parquet")] == []


def test_a_pack_holds_the_pupils_of_its_school_only(demo: Demo) -> None:
    scores = pq.read_table(demo.scores / "scores.parquet", columns=["school_id", "person_id"]).to_pandas()
    for pack in demo.packs:
        own = set(scores.loc[scores["school_id"] == pack.name, "person_id"])
        listed = people_in((pack / "index.html").read_bytes())
        assert people_in((pack / "pupils.csv").read_bytes()) == own
        assert listed
        assert listed < own


def test_the_trust_sees_schools_and_no_pupil(demo: Demo) -> None:
    shared = [path for path in demo.scores.iterdir() if path.name not in FOR_SCHOOLS]
    assert demo.scores / "trust.html" in shared
    assert files_naming(*shared) == []
