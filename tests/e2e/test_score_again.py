"""A week later: the list is held against the last one, and who asked to be left out is nowhere in it."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from command_line import Ran, earlywarn_here
from demo_folder import Demo
from earlywarn.report.contents import PackContents, read_contents


def _score(demo: Demo, as_of: date, out: Path, *options: object) -> Ran:
    where = ("--as-of", as_of, "--out", out, "--private", out.parent / "private")
    return earlywarn_here("score", demo.bundle, demo.data, *where, *options)


@pytest.fixture(scope="module")
def weeks(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scores of a week ago, on which a school wrote something of its first pupil; and those of today."""
    folder = tmp_path_factory.mktemp("weeks")
    today = read_contents(demo.scores).about.as_of
    assert _score(demo, today - timedelta(days=7), folder / "then").code == 0
    ran = earlywarn_here("pack", folder / "then", "--out", folder / "packs", "--log", _filled(folder / "then"))
    assert ran.code == 0
    leaves_out = _last_listed(folder / "then")
    (folder / "exclude.txt").write_text(leaves_out + "\n", encoding="utf-8")
    options = ("--previous", folder / "then", "--exclude", folder / "exclude.txt", "--json")
    ran = _score(demo, today, folder / "now", *options)
    assert ran.code == 0, ran.err
    (folder / "said.json").write_text(ran.out, encoding="utf-8")
    return folder


def _filled(scores: Path) -> Path:
    """Return a school's sheet on which it says that it saw the first of its list on the list's own day."""
    with (sorted((scores / "packs").iterdir())[0] / "pupils.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"seen_on": rows[0]["as_of"], "decision": "followed up", "by": "Tutor"}
    path = scores.parent / "filled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def _last_listed(scores: Path) -> str:
    return list(read_contents(scores).log)[-1][1]


def _seen(contents: PackContents) -> list[str]:
    return [text for said in contents.scores["since"] for text in said if text.startswith("Seen on")]


def test_what_changed_adds_up_to_both_lists(weeks: Path) -> None:
    changes = json.loads((weeks / "said.json").read_text(encoding="utf-8"))["changes"]
    then, now = read_contents(weeks / "then"), read_contents(weeks / "now")
    assert changes["kept"] + changes["new"] == len(now.log)
    assert changes["kept"] + changes["gone"] == len(then.log) - 1  # who is left out is not told as gone
    assert len(now.left) == changes["gone"]
    assert changes["other_model"] is None
    assert now.about.earlier == then.about.as_of


def test_everybody_listed_reads_what_changed_and_who_was_seen_is_told(weeks: Path) -> None:
    now = read_contents(weeks / "now")
    listed = now.scores["listed"].astype(bool)
    assert (now.scores["since"].map(len) > 0).tolist() == listed.tolist()
    assert now.scores["new"].notna().tolist() == listed.tolist()
    seen = next(entry for entry in read_contents(weeks / "then").log.values() if entry.said)
    assert (seen.decision, seen.seen_on) == ("followed up", seen.listed_on)
    still_there = (seen.school_id, seen.person_id) in now.log
    assert len(_seen(now)) == still_there


def test_who_asked_to_be_left_out_is_nowhere_in_the_new_folder(weeks: Path) -> None:
    person = (weeks / "exclude.txt").read_text(encoding="utf-8").strip()
    contents = read_contents(weeks / "now")
    assert person not in {*contents.scores["person_id"], *contents.left["person_id"]}
    texts = [path for path in (weeks / "now").rglob("*") if path.suffix in (".html", ".csv", ".json")]
    assert [path.name for path in texts if person in path.read_text(encoding="utf-8-sig")] == []


def test_what_schools_wrote_is_not_replaced_by_scoring_again(demo: Demo, weeks: Path) -> None:
    then = read_contents(weeks / "then")
    ran = _score(demo, then.about.as_of, weeks / "then")
    assert (ran.code, "holds what schools wrote" in ran.err) == (10, True)
    assert read_contents(weeks / "then").log == then.log


def test_an_earlier_list_of_staff_or_of_a_later_day_is_refused(demo: Demo, weeks: Path) -> None:
    day = read_contents(weeks / "then").about.as_of
    staff = _score(demo, day, weeks / "refused", "--previous", demo.staff_scores)
    assert (staff.code, "scores of staff" in staff.err) == (10, True)
    later = _score(demo, day, weeks / "refused", "--previous", weeks / "now")
    assert (later.code, "an earlier morning" in later.err) == (10, True)
    assert not (weeks / "refused").exists()
