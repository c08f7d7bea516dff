"""The demo: a made-up trust, both models, and what schools and the trust open."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from command_line import earlywarn_here
from demo_folder import Demo
from earlywarn import run
from earlywarn.run import demonstration
from earlywarn.simulate import Plan
from page_reader import read_page

BUNDLE = {
    "audit.csv", "audit.html", "audit.json", "calibration.json", "card.md", "dpia_annex.md", "features.json",
    "golden_rows.json", "in_plain_words.md", "manifest.json", "metrics.json", "reference.json", "report.html",
    "transparency_record.json", "transparency_record.md",
}  # fmt: skip

PACK = {"index.html", "pupils", "pupils.csv", "pupils.xlsx"}


def test_both_bundles_are_whole(demo: Demo) -> None:
    for bundle in (demo.bundle, demo.staff_bundle):
        there = {path.name for path in bundle.iterdir()}
        assert there > BUNDLE
        assert len(there - BUNDLE) == 2, "the kept model and its tested twin"


def test_every_school_has_its_pack(demo: Demo) -> None:
    schools = (demo.data / "schools.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [pack.name for pack in demo.packs] == sorted(row.split(",")[0] for row in schools)
    for pack in demo.packs:
        names = {path.name for path in pack.iterdir()}
        assert {name for name in names if not name.startswith("year-")} == PACK


def test_it_ends_by_saying_what_it_found_and_where_the_pages_are(demo: Demo) -> None:
    named = re.findall(r"^  (\S+)  ", demo.ran.out.split("Where to look:")[1], re.MULTILINE)
    assert len(named) == 6
    assert all(Path(each).exists() for each in named)
    for sentence in _metrics(demo.bundle)["headline"]:
        assert sentence in demo.ran.out


def test_the_verdict_on_the_report_is_that_of_the_metrics(demo: Demo) -> None:
    metrics = _metrics(demo.bundle)
    page = read_page((demo.bundle / "report.html").read_text(encoding="utf-8")).text
    assert all(sentence in page for sentence in metrics["headline"])
    everyone = metrics["populations"]["everyone"]
    told = [
        found
        for one in metrics["headline"]
        for found in re.findall(r"^Among everyone, .*? AUC (\S+) against (\S+),", one)
    ]
    assert told  # whether the model is ahead of the simple contenders or not, with its numbers
    others = {f"{measures['auc']['value']:.3f}" for name, measures in everyone.items() if name != "model"}
    for ours, theirs in told:
        assert ours == f"{everyone['model']['auc']['value']:.3f}"
        assert theirs in others


def test_staff_are_shown_by_school_and_role_and_by_person_only_in_private(demo: Demo) -> None:
    assert {path.name for path in demo.staff_scores.iterdir()} == {"about.json", "benchmarks.json", "staff.html"}
    (private,) = (demo.folder / "private").glob("scores-staff-resignation-*.parquet")
    assert pq.read_table(private).num_rows > 50


def test_a_new_demo_takes_the_place_of_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration, "DEMO_MODELS", ())  # the folder is what is tried here, not the training
    trust = Plan(schools=1, pupils=50, years=1)
    run.demo(tmp_path / "out", trust)
    (tmp_path / "out" / "of-the-last.txt").write_text("")
    run.demo(tmp_path / "out", trust)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"data", run.DEMO_SIGN}


def test_a_folder_that_no_demo_wrote_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("two years of work")
    ran = earlywarn_here("demo", "--out", tmp_path)
    assert ran.code == 10
    assert "not written by this command" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def _metrics(bundle: Path) -> dict[str, Any]:
    return json.loads((bundle / "metrics.json").read_text(encoding="utf-8"))


def test_the_model_is_also_judged_on_schools_that_it_never_saw(demo: Demo) -> None:
    everyone = _metrics(demo.bundle)["populations"]["everyone"]
    known, unseen = everyone["model"]["auc"], everyone["unseen_schools"]["auc"]
    assert unseen["n"] == known["n"] and unseen["value"] != known["value"]
    assert 0.6 < unseen["value"] < 0.95
