"""Nobody can be read out of what is kept or said, and a school receives its own pupils only."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from command_line import earlywarn_here
from demo_folder import Demo, Trained

PUPIL, STAFF = rb"\bP\d{6}\b", rb"\bS\d{5}\b"


def test_the_made_up_people_are_who_we_look_for(demo: Demo) -> None:
    for table, pattern in (("pupils", PUPIL), ("staff", STAFF)):
        rows = (demo.data / f"{table}.csv").read_bytes().splitlines()[1:]
        assert all(re.match(pattern, row) for row in rows)


@pytest.mark.parametrize("store", ["models", "mlruns"])
def test_no_person_is_in_a_bundle_or_in_mlflow(demo: Demo, again: Trained, store: str) -> None:
    for folder in (demo.folder, again.folder):
        files = [path for path in (folder / store).rglob("*") if path.is_file()]
        assert files
        assert [path.name for path in files if set(_people(path.read_bytes()))] == []


def test_no_person_is_in_what_the_commands_say(demo: Demo, again: Trained, tmp_path: Path) -> None:
    checked = earlywarn_here("check", demo.data, "--private", tmp_path)
    for ran in (demo.ran, again.ran, checked):
        assert ran.out
        assert set(_people((ran.out + ran.err).encode())) == set()


def test_no_member_of_staff_is_in_the_scores_folders(demo: Demo) -> None:
    pages = [path for path in (demo.folder / "scores").rglob("*") if path.suffix in (".html", ".csv", ".json")]
    assert demo.staff_scores / "staff.html" in pages
    assert [path.name for path in pages if re.search(STAFF, path.read_bytes())] == []
    assert [path.name for path in demo.staff_scores.glob("*.parquet")] == []


def test_a_pack_holds_the_pupils_of_its_school_only(demo: Demo) -> None:
    scores = pq.read_table(demo.scores / "scores.parquet", columns=["school_id", "person_id"]).to_pandas()
    for pack in demo.packs:
        own = set(scores.loc[scores["school_id"] == pack.name, "person_id"])
        everyone = {one.decode() for one in _people((pack / "pupils.csv").read_bytes())}
        listed = {one.decode() for one in _people((pack / "index.html").read_bytes())}
        assert everyone == own
        assert listed
        assert listed < own


def test_the_trust_sees_schools_and_no_pupil(demo: Demo) -> None:
    assert set(_people((demo.scores / "trust.html").read_bytes())) == set()


def _people(content: bytes) -> Iterator[bytes]:
    return (found.group() for pattern in (PUPIL, STAFF) for found in re.finditer(pattern, content))
