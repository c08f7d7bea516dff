"""`earlywarn pack`: the packs again, from the scores folder alone."""

import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from command_line import Ran, earlywarn_here
from earlywarn.report.contents import read_contents
from page_reader import read_page
from small_scores import earlier_folder, written


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    return written(tmp_path / "scores")


def _pack(scores: Path, *options: object, out: str = "packs-again") -> Ran:
    return earlywarn_here("pack", scores, "--out", scores.parent / out, *options)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _page(folder: Path, school: str = "900001") -> str:
    return read_page((folder / "packs" / school / "index.html").read_text(encoding="utf-8")).text


def _table(folder: Path) -> list[dict[str, object]]:
    sheet = CalamineWorkbook.from_path(folder / "packs" / "900001" / "pupils.xlsx").get_sheet_by_name("Pupils")
    header, *rows = sheet.to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def _filled(scores: Path, name: str, **said: str) -> Path:
    """Return a sheet as a school hands it back, with something written of its first pupil."""
    assert _pack(scores, out="empty").code == 0
    found = scores.parent / "empty" / "packs" / "900001" / "pupils.csv"
    lines = found.read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].split(",")
    row = lines[1].split(",")
    for column, text in said.items():
        row[header.index(column) - len(header)] = text
    path = scores.parent / name
    path.write_text("\n".join([lines[0], ",".join(row), *lines[2:]]) + "\n", encoding="utf-8")
    return path


def test_names_stand_in_the_packs_and_nowhere_else(scores: Path) -> None:
    before = _bytes(scores)
    (scores.parent / "names.csv").write_text("person_id,name\nP0000,Ada <b>Lovelace\nP9,Bo Nobody\n", encoding="utf-8")
    ran = _pack(scores, "--names", scores.parent / "names.csv")
    out = scores.parent / "packs-again"
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Names for 1 pupil.")
    assert "In the names file but not in these scores: 1 person." in ran.out
    assert "Ada <b>Lovelace" in _page(out)
    assert "Ada <b>Lovelace" in {row["name"] for row in _table(out)}
    assert "Lovelace" not in ran.out + ran.err + _page(out, "900002")
    assert "Lovelace" not in (out / "trust.html").read_text(encoding="utf-8")
    assert _bytes(scores) == before


def test_what_a_school_wrote_is_kept_and_stands_in_the_next_pack(scores: Path) -> None:
    sheet = _filled(scores, "back.csv", seen_on="12/11/2026", decision="overruled", by="Tutor", why="knows better")
    ran = _pack(scores, "--log", sheet)
    assert f"Something new was read about 1 pupil; {scores / 'list_log.csv'} keeps it." in ran.out
    assert [entry.why for entry in read_contents(scores).log.values() if entry.said] == ["knows better"]
    assert _pack(scores, out="third").code == 0
    kept = [row for row in _table(scores.parent / "third") if row["why"]]
    assert [(row["decision"], str(row["seen_on"])) for row in kept] == [("overruled", "2026-11-12")]


def test_two_sheets_that_disagree_are_told(scores: Path) -> None:
    first, second = _filled(scores, "one.csv", by="Tutor"), _filled(scores, "two.csv", by="Head")
    found = json.loads(_pack(scores, "--log", first, "--log", second, "--json").out)
    assert (found["noted"], found["replaced"], found["packs"]) == (2, 1, 2)


def test_a_sheet_that_cannot_be_read_leaves_everything_as_it_was(scores: Path) -> None:
    good, bad = _filled(scores, "good.csv", by="Tutor"), _filled(scores, "bad.csv", decision="maybe")
    before = _bytes(scores)
    ran = _pack(scores, "--log", good, "--log", bad, out="never")
    assert ran.code == 11
    assert "row 2, column decision: not one of" in ran.err
    assert _bytes(scores) == before
    assert not (scores.parent / "never").exists()


def test_an_earlier_list_says_who_is_new_and_who_left(scores: Path) -> None:
    earlier = earlier_folder(scores.parent / "earlier")
    ran = _pack(scores, "--previous", earlier)
    assert "Since the list of 2026-10-12: 2 stayed on their list" in ran.out
    assert "The earlier list was made by version 2 of the model" in ran.out
    text = _page(scores.parent / "packs-again")
    assert "On the list of 12 October too, then at place 4; now 1." in text
    assert "No longer on roll here, or no longer looked at" in text
    assert "P0070" not in _page(scores.parent / "packs-again", "900002")


def test_the_same_command_twice_gives_the_same_bytes(scores: Path) -> None:
    assert _pack(scores, out="a").code == _pack(scores, out="b").code == 0
    assert _bytes(scores.parent / "a") == _bytes(scores.parent / "b")


@pytest.mark.parametrize("out", ["scores", "scores/packs", "."])
def test_packs_are_not_written_into_the_scores_folder_or_over_it(scores: Path, out: str) -> None:
    before = _bytes(scores)
    ran = _pack(scores, out=out)
    assert (ran.code, "lies in the scores folder, or holds it" in ran.err) == (10, True)
    assert _bytes(scores) == before


def test_a_folder_of_something_else_is_not_replaced(scores: Path) -> None:
    (scores.parent / "mine").mkdir()
    (scores.parent / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert _pack(scores, out="mine").code == 10
    assert (scores.parent / "mine" / "thesis.txt").exists()
