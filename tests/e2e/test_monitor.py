"""A trust watches the model that it has: this term's data beside those of the training."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from command_line import Ran, earlywarn_here
from demo_folder import Demo
from earlywarn.bundle.protocol import REFERENCE
from earlywarn.bundle.read import read_bundle
from earlywarn.run import monitor
from searched import files_naming, people_in


@pytest.fixture(scope="module")
def watched(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    folder = tmp_path_factory.mktemp("watched")
    command = ("monitor", demo.bundle, demo.data, "--out", folder / "monitor", "--in", demo.folder / "scores")
    return folder / "monitor", earlywarn_here(*command, "--private", folder / "private", "--json")


def test_a_quiet_term_is_fine_and_its_outcomes_are_still_to_come(watched: tuple[Path, Ran]) -> None:
    folder, ran = watched
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    facts = json.loads((folder / "monitor.json").read_text(encoding="utf-8"))
    assert said["verdict"]["level"] == facts["verdict"]["level"] == "fine"
    latest = facts["dates"][-1]
    assert latest["realised"] == [] and latest["groups"] == []
    assert {one["kind"] for one in latest["readings"]} == {"feature", "risk", "item", "answers", "code", "response"}
    auc = next(one for one in latest["performance"] if (one["population"], one["measure"]) == ("everyone", "auc"))
    assert auc["expected"]["low"] < auc["tested"] < auc["expected"]["high"]


def test_the_tables_hold_what_the_page_shows(watched: tuple[Path, Ran]) -> None:
    folder, _ = watched
    facts = json.loads((folder / "monitor.json").read_text(encoding="utf-8"))
    with (folder / "readings.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == sum(len(one["readings"]) for one in facts["dates"])
    page = (folder / "monitor.html").read_text(encoding="utf-8")
    assert "Is pupil-absence still true?" in page and "None" not in page


def test_neither_the_reference_nor_a_monitoring_names_a_person(demo: Demo, watched: tuple[Path, Ran]) -> None:
    folder, ran = watched
    assert files_naming(demo.bundle / REFERENCE, folder) == []
    assert people_in(ran.out + ran.err) == set()


def test_no_small_number_stands_in_the_reference(demo: Demo) -> None:
    reference = read_bundle(demo.bundle).reference
    assert reference is not None
    for snapshot in reference.dates:
        least = 4.5 / snapshot.people
        for shares in (*snapshot.features.values(), snapshot.scores):
            assert all(share == 0 or share > least for share in shares)
        assert all(item.n >= 10 for wave in snapshot.waves for item in wave.items)


def test_a_model_is_not_judged_on_what_it_learnt_from(demo: Demo, tmp_path: Path) -> None:
    fitted_on = max(read_bundle(demo.bundle).manifest.trained)
    ran = earlywarn_here(
        *("monitor", demo.bundle, demo.data, "--as-of", fitted_on, "--out", tmp_path / "out"),
        *("--private", tmp_path / "private"),
    )
    assert ran.code == 12
    assert str(fitted_on) in ran.err
    assert not (tmp_path / "out").exists()


def test_what_should_have_been_deleted_is_named(demo: Demo, tmp_path: Path) -> None:
    found = monitor(
        demo.bundle, demo.data, tmp_path / "out", folders=[demo.folder / "scores"], private=tmp_path / "private",
        today=date(2099, 1, 1),
    )  # fmt: skip
    assert {one.path.name for one in found.overdue} >= {"pupil-absence"}
    page = (tmp_path / "out" / "monitor.html").read_text(encoding="utf-8")
    assert "To be deleted" in page
