"""The pack of a school: whom to see, in what order, and what not to conclude."""

import csv
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from earlywarn.report.pack import write_packs
from made_up_facts import about, contents, pupil, scores
from page_reader import read_page


def _text(folder: Path) -> str:
    return read_page((folder / "index.html").read_text(encoding="utf-8")).text


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "pupils.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_packs(contents(), tmp_path)[0]


def test_a_school_sees_its_own_pupils_only(tmp_path: Path) -> None:
    names = {"P0001": "Amira Ali", "P0021": "Ben Brown"}
    packs = write_packs(contents(names=names), tmp_path)
    assert [folder.name for folder in packs] == ["900001", "900002"]
    for folder, other in zip(packs, ("900002", "900001"), strict=True):
        theirs = [*scores().query("school_id == @other")["person_id"], other, about().school(other)]
        theirs += [name for person, name in names.items() if person in theirs]
        files = [file for file in folder.rglob("*") if file.is_file()]
        assert {file.suffix for file in files} == {".html", ".csv", ".xlsx"}
        for file in files:
            content = f"{file.relative_to(folder)} {_everything(file)}"
            assert not [one for one in theirs if one in content]


def _everything(file: Path) -> str:
    """Return all text of a file; a workbook is an archive of texts."""
    if file.suffix != ".xlsx":
        return file.read_text(encoding="utf-8")
    with ZipFile(file) as archive:
        return " ".join(archive.read(name).decode("utf-8") for name in archive.namelist())


def test_listed_pupils_stand_in_the_order_of_their_places(tmp_path: Path) -> None:
    tiny = scores().sample(frac=1, random_state=1)  # the frame's own order must not matter
    text = _text(write_packs(contents(scores=tiny), tmp_path)[0])
    assert text.index("P0000") < text.index("P0002") < text.index("P0004") < text.index("P0006")
    assert text.index("May cross the line: in order") < text.index("Already at or above the line: in order")


def test_a_tutor_reads_risk_reasons_and_what_is_not_known(pack: Path) -> None:
    text = _text(pack)
    assert "about 9 in 10 very high 86%" in text
    assert "Missed 9 of the last 40 sessions" in text
    assert "Going well: Late only once this term." in text
    assert "Not known: No answers from a parent." in text


def test_what_must_be_read_with_care_is_marked(pack: Path) -> None:
    text = _text(pack)
    assert text.count("Too early to tell") == 1
    assert text.count("Unlike the pupils the model learnt from") == 1
    assert text.count("Shares this place with others") == 2


def test_the_page_names_the_safeguarding_lead_and_the_day_of_deletion(pack: Path) -> None:
    text = _text(pack)
    assert text.index("designated safeguarding lead first, today") < text.index("May cross the line Below")
    assert "Delete it by 8 May 2027" in text
    assert "A list is advice" in text


def test_only_listed_pupils_stand_on_the_page_and_all_in_the_file(pack: Path) -> None:
    rows = _rows(pack)
    assert len(rows) == 14
    assert "P0009" not in _text(pack)
    unlisted = [row for row in rows if row["listed"] == "no"]
    assert {(row["reason_1"], row["risk_percent"], row["place"]) for row in unlisted} == {("", "", "")}
    assert all(row["band"] for row in rows)


def test_a_list_without_anybody_says_so(tmp_path: Path) -> None:
    folder = write_packs(contents(pupil(1), pupil(2, listed=False)), tmp_path)[0]
    assert "Nobody is on this list. 1 other pupil of this kind looked at." in _text(folder)


def test_scores_read_back_from_parquet_make_the_same_pack(tmp_path: Path) -> None:
    scores().to_parquet(tmp_path / "scores.parquet")
    again = pd.read_parquet(tmp_path / "scores.parquet")
    first = write_packs(contents(), tmp_path / "first")[0]
    second = write_packs(contents(scores=again), tmp_path / "second")[0]
    for name in ("index.html", "pupils.csv"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_missing_year_group_form_and_reasons_are_said_plainly(tmp_path: Path) -> None:
    bare = pupil(0, year_group=None, form=None, reasons=None, going_well=None, not_known=None)
    text = _text(write_packs(contents(bare, pupil(2)), tmp_path)[0])
    assert "1 P0000 not recorded –" in text
    assert "No single thing stands out." in text


def test_a_schools_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    folder = write_packs(contents(pupil(0, "../../up")), tmp_path / "out")[0]
    assert folder.parent == tmp_path / "out"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
