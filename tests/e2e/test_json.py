"""The commands for programs: JSON on standard output and nothing else; and help without a wait."""

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, earlywarn_here, python_apart
from demo_folder import Demo, Trained


def test_simulate(tmp_path: Path) -> None:
    ran = earlywarn_here("simulate", tmp_path / "data", "--schools", 1, "--pupils", 60, "--years", 1, "--json")
    made = _only_json(ran)
    assert made["folder"] == str(tmp_path / "data")
    assert made["rows"]["schools"] == 1


def test_check(demo: Demo, tmp_path: Path) -> None:
    found = _only_json(earlywarn_here("check", demo.data, "--private", tmp_path, "--json"))
    assert {table["table"] for table in found["summary"]} >= {"schools", "pupils", "attendance", "staff", "waves"}
    assert all(finding["effect"] != "stops" for finding in found["findings"])


def test_train(again: Trained) -> None:
    found = _only_json(again.ran)
    assert again.folder / found["bundle"] == again.bundle
    assert found["headline"] == json.loads((again.bundle / "metrics.json").read_text(encoding="utf-8"))["headline"]


def test_score(demo: Demo, tmp_path: Path) -> None:
    as_of = json.loads((demo.scores / "about.json").read_text(encoding="utf-8"))["as_of"]
    command = ("score", demo.bundle, demo.data, "--as-of", as_of, "--out", tmp_path / "scores", "--json")
    found = _only_json(earlywarn_here(*command, "--private", tmp_path / "private"))
    assert found["packs"] == len(demo.packs)
    assert 0 < found["listed"] < found["people"]
    pages = {"trust.html", *(f"packs/{pack.name}/index.html" for pack in demo.packs)}
    for page in pages:
        assert (tmp_path / "scores" / page).read_bytes() == (demo.scores / page).read_bytes(), f"{page} is not the same"


def test_audit_that_is_refused_says_nothing_on_standard_output(demo: Demo, tmp_path: Path) -> None:
    ran = earlywarn_here("audit", demo.bundle, demo.data, "--out", tmp_path / "audit", "--private", tmp_path, "--json")
    assert (ran.code, ran.out) == (12, "")


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"], ["--version"]])
def test_help_does_not_wait_for_libraries(words: list[str], tmp_path: Path) -> None:
    heavy = ("lightgbm", "mlflow", "pandas", "optuna", "sklearn", "duckdb")
    program = f"""
import sys
from earlywarn.cli import main
sys.argv = ["earlywarn", *{words!r}]
try:
    main()
finally:
    loaded = [name for name in {heavy!r} if name in sys.modules]
    assert not loaded, f"loaded for nothing: {{loaded}}"
"""
    ran = python_apart(program, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "earlywarn" in ran.out


def _only_json(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    assert ran.err == "", "programs are spared the progress"
    found: dict[str, Any] = json.loads(ran.out)
    return found
