"""A person who is forgotten is in no byte of what was kept; everybody else is there as before."""

import json
import shutil
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from command_line import Ran, earlywarn_here
from earlywarn import run
from earlywarn.features.kept import MANIFEST, MATRIX
from earlywarn.folders import half_made
from earlywarn.forget.overdue import overdue
from earlywarn.report.contents import PackContents, read_contents, write_contents, write_frame
from earlywarn.report.scores import write_for_schools
from earlywarn.score.list_log import new_log
from earlywarn.tables.people_file import read_people
from made_up_facts import about, scores

WHO = "P0004"  # on a list of the first school, and one of those who left an earlier list of the second
STAFF = "P0004"  # staff have identifiers of their own, and this one has the same


@dataclass(frozen=True)
class Kept:
    """What the runs of a term left behind."""

    folder: Path

    @property
    def scores(self) -> Path:
        return self.folder / "scores" / "pupil-absence"

    @property
    def packs(self) -> Path:
        return self.folder / "handed-out"

    @property
    def private(self) -> Path:
        return self.folder / "private"

    @property
    def staff(self) -> Path:
        return self.private / "scores-staff-resignation-2026-11-09.parquet"

    def features(self, model: str) -> Path:
        return self.private / "features" / model

    @cached_property
    def everything(self) -> tuple[Path, ...]:
        return (self.folder / "scores", self.packs, self.private)

    def files(self, *folders: Path) -> dict[str, bytes]:
        """Return every file with what can be read in it, unpacked."""
        found = (path for folder in folders or self.everything for path in sorted(folder.rglob("*")) if path.is_file())
        return {str(path.relative_to(self.folder)): unpacked(path) for path in found}

    def holding(self, person: str) -> set[str]:
        """Return the names of the files in which, or in whose names, a person is found."""
        return {name for name, content in self.files().items() if person in name or person.encode() in content}


def unpacked(path: Path) -> bytes:
    """Return a file's bytes, and those of the tables and archives in it without their compression."""
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        return raw + str(pq.read_table(path).to_pylist()).encode()
    if path.suffix == ".xlsx":
        archive = zipfile.ZipFile(BytesIO(raw))
        return raw + b"".join(archive.read(name) for name in archive.namelist())
    return raw


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    kept = Kept(tmp_path_factory.mktemp("kept"))
    frame = scores()
    frame = frame.assign(new=pd.array([None] * len(frame), dtype="boolean"), since=[[] for _ in range(len(frame))])
    why = "others stand before now"
    left = pd.DataFrame(
        [("900002", WHO, "onset", 2, why), ("900002", "P9999", "onset", 3, why)],
        columns=["school_id", "person_id", "list", "place_then", "why"],
    )
    log = {
        key: replace(entry, decision="followed up", by="A. Tutor", why=f"about {key[1]}")
        for key, entry in new_log(frame).items()
    }
    write_contents(PackContents(frame, about(earlier=date(2026, 10, 12)), left, (), {}, log), kept.scores)
    write_for_schools(read_contents(kept.scores), kept.scores)
    names = kept.folder / "names.csv"
    names.write_text(f"person_id,name\n{WHO},Ann Example\n", encoding="utf-8")
    run.pack(kept.scores, kept.packs, names)
    for model, population in (("pupil-absence", "pupils"), ("staff-resignation", "staff")):
        keep_features(kept.features(model), population)
    staff = frame.drop(columns=["year_group", "form"]).assign(role="teacher", subject="")
    write_frame(staff, kept.staff)
    (kept.private / "rejects.csv").write_text("file,line\npupils.csv,4\n", encoding="utf-8")
    left_behind = half_made(kept.private, "store").name.split("-")
    (kept.private / "-".join([*left_behind[:2], "999999999", "0a1b2c3d.duckdb"])).write_bytes(b"page " + WHO.encode())
    return kept


def keep_features(folder: Path, population: str) -> None:
    folder.mkdir(parents=True)
    people = pd.DataFrame({"person_id": [WHO, WHO, "P0005"], "school_id": "900001", "absence_rate": [0.1, 0.2, 0.3]})
    people.to_parquet(folder / MATRIX, index=False)
    (folder / MANIFEST).write_text(json.dumps({"made_from": {"config": {"population": population}}}), encoding="utf-8")


@pytest.fixture
def kept(made: Kept, tmp_path: Path) -> Kept:
    shutil.copytree(made.folder, tmp_path / "kept")
    return Kept(tmp_path / "kept")


def forget(kept: Kept, *words: object) -> Ran:
    return earlywarn_here("forget", *words, *(word for folder in kept.everything for word in ("--in", folder)))


def test_no_byte_of_a_forgotten_pupil_is_left_and_nobody_else_is_lost(kept: Kept) -> None:
    before = kept.files()
    assert len(kept.holding(WHO)) > 8
    ran = forget(kept, WHO)
    assert ran.code == 0, ran.err
    staffs = {str(path.relative_to(kept.folder)) for path in (kept.staff, kept.features("staff-resignation") / MATRIX)}
    assert kept.holding(WHO) == staffs
    assert kept.holding("Ann Example") == set()
    assert kept.files(kept.private).items() <= before.items()
    others = {person for person in scores()["person_id"] if person != WHO}
    assert set(pq.read_table(kept.scores / "scores.parquet").column("person_id").to_pylist()) == others
    for table in (kept.scores / "list_log.csv", kept.scores / "packs" / "900001" / "pupils.csv"):
        assert "P0005" in table.read_text(encoding="utf-8-sig")
    assert "P9999" in (kept.scores / "packs" / "900002" / "index.html").read_text(encoding="utf-8")


def test_a_forgotten_member_of_staff_leaves_the_pupil_of_that_name_alone(kept: Kept) -> None:
    pupils = kept.files(kept.scores, kept.packs, kept.features("pupil-absence"))
    ran = forget(kept, STAFF, "--population", "staff")
    assert ran.code == 0, ran.err
    assert WHO.encode() not in unpacked(kept.staff)
    assert not kept.features("staff-resignation").exists()
    assert kept.files(kept.scores, kept.packs, kept.features("pupil-absence")) == pupils


def test_a_list_of_staff_by_person_loses_a_row_and_keeps_its_page(kept: Kept) -> None:
    folder = kept.folder / "scores" / "staff-resignation"
    folder.mkdir()
    shutil.copy(kept.scores / "about.json", folder)
    shutil.copy(kept.staff, folder / "scores.parquet")
    (folder / "staff.html").write_text("<p>By role, from ten people up.</p>", encoding="utf-8")
    assert "all found" in earlywarn_here("forget", STAFF, "--in", folder, "--population", "staff").out
    assert sorted(path.name for path in folder.iterdir()) == ["about.json", "scores.parquet", "staff.html"]
    left = pq.read_table(folder / "scores.parquet").column("person_id").to_pylist()
    assert sorted([*left, STAFF]) == sorted(scores()["person_id"])


def test_nothing_that_is_said_names_anyone(kept: Kept) -> None:
    for ran in (forget(kept, WHO, "P1234567", "--dry-run"), forget(kept, WHO, "--json"), forget(kept, WHO)):
        assert ran.code == 0
        assert "P0004" not in ran.out + ran.err
        assert "P1234567" not in ran.out + ran.err


def test_a_dry_run_says_where_and_changes_nothing(kept: Kept) -> None:
    before = kept.files()
    exclude = kept.folder / "exclude.txt"
    ran = forget(kept, WHO, "P1234567", "--exclude", exclude, "--dry-run")
    assert ran.out.startswith("2 people looked for; 1 found nowhere in these folders.\n")
    assert f"{kept.scores} (scores folder, 3 rows): taken out, and its packs written again" in ran.out
    assert f"{kept.features('pupil-absence')} (features, 2 rows): removed whole" in ran.out
    assert f"{kept.packs / 'packs' / '900002'} (pack, 1 row): removed whole" in ran.out  # it says who left the list
    assert "Nothing was changed" in ran.out
    assert kept.files() == before
    assert not exclude.exists()


def test_they_are_added_to_the_exclude_file_once(kept: Kept) -> None:
    exclude = kept.folder / "exclude.txt"
    exclude.write_text("P0001", encoding="utf-8-sig")
    asked = kept.folder / "asked.txt"
    asked.write_text(f"{WHO}\n\nP0001\n", encoding="utf-8")
    assert f"Added 1 to {exclude}" in forget(kept, "--from", asked, "--exclude", exclude).out
    assert f"Added 0 to {exclude}" in forget(kept, "--from", asked, "--exclude", exclude).out
    assert read_people(exclude, "--exclude") == ["P0001", WHO]


def test_a_second_call_finds_nobody_and_is_content(kept: Kept) -> None:
    forget(kept, WHO)
    ran = forget(kept, WHO)
    assert ran.code == 0
    assert ran.out.startswith("1 person looked for; 1 found nowhere in these folders.\n\nWhat is left to do:\n")


def test_when_everyone_is_forgotten_no_pack_is_left(kept: Kept) -> None:
    everyone = kept.folder / "everyone.txt"
    everyone.write_text("\n".join([*scores()["person_id"], "P9999"]), encoding="utf-8")
    assert forget(kept, "--from", everyone).code == 0
    assert not (kept.scores / "packs").exists()
    assert pq.read_metadata(kept.scores / "scores.parquet").num_rows == 0


def test_a_folder_of_somebody_else_and_input_tables_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    table = tmp_path / "pupils.csv"
    table.write_text(f"person_id,school_id\n{WHO},900001\n", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "nowhere"):
        ran = earlywarn_here("forget", WHO, "--in", folder)
        assert ran.code == 10
        assert "holds nothing that earlywarn wrote about people" in ran.err
    assert WHO in table.read_text(encoding="utf-8")


def test_nothing_is_changed_while_a_run_is_at_work(kept: Kept) -> None:
    before = kept.files(kept.scores)
    half_made(kept.private, "store").with_suffix(".duckdb").write_bytes(b"")
    ran = forget(kept, WHO)
    assert ran.code == 10
    assert "a run is at work there" in ran.err
    assert kept.files(kept.scores) == before


def test_a_table_that_cannot_be_read_is_named_before_anything_is_changed(kept: Kept) -> None:
    before = kept.files(kept.packs, kept.private)
    for name in ("notes.csv", "notes.parquet"):
        (kept.scores / name).write_bytes(b"person_id,\xff\n")
        ran = forget(kept, WHO)
        assert (ran.code, name in ran.err) == (11, True)
        (kept.scores / name).unlink()
    assert kept.files(kept.packs, kept.private) == before


@pytest.mark.parametrize("words", [(), ("",), ("P1\nP2",), (WHO, "--overdue")])
def test_a_call_that_says_nobody_or_too_much_is_refused(kept: Kept, words: tuple[str, ...]) -> None:
    assert forget(kept, *words).code == 10


def test_what_is_past_its_day_is_named_and_removed_on_request(kept: Kept) -> None:
    last = date(2027, 5, 8)
    assert overdue(kept.folder, last) == ()
    late = {one.path for one in overdue(kept.folder, date(2027, 5, 9))}
    assert late == {kept.scores, kept.staff, *(kept.packs / "packs").iterdir()}
    said = forget(kept, "--overdue", "--on", "2027-05-09", "--dry-run").out
    assert f"{kept.scores} (scores folder): to be deleted by 2027-05-08" in said
    assert all(path.exists() for path in late)
    assert forget(kept, "--overdue", "--on", "2027-05-09").out.startswith("Removed, past their delete-by date:\n")
    assert not any(path.exists() for path in late)
    assert kept.features("pupil-absence").exists()
    assert "Nothing is past" in forget(Kept(kept.folder), "--overdue", "--on", "2027-05-08").out
