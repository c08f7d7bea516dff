"""Ten thousand spoiled bundles: each is refused or scores, and none ends the process (`tests/fuzz_bundle.py`)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import earlywarn

TESTS = Path(__file__).parents[1]
SOURCE = Path(earlywarn.__file__).parents[1]
EACH = 2_500


def run_apart(*words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (SOURCE, TESTS))), "OMP_THREAD_LIMIT": "1"}
    return subprocess.run([sys.executable, *words], env=env, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("first", range(0, 10_000, EACH))
def test_ten_thousand_spoiled_bundles_are_refused_or_score(first: int) -> None:
    ran = run_apart(str(TESTS / "fuzz_bundle.py"), str(first), str(first + EACH))
    lines = ran.stdout.splitlines()
    assert ran.returncode == 0, f"way {lines[-1] if lines else 'none'} ended the process: {ran.stderr[-2000:]}"
    became: dict[str, int] = json.loads(lines[-1])
    assert sum(became.values()) == EACH
    matching = sum(times for what, times in became.items() if "hashes match" in what)
    assert abs(matching - EACH // 2) < 10  # near enough: every kind of bundle takes turns
    loaded = [what for what in became if "loaded" in what]
    assert not [what for what in loaded if "signed" in what], "a change to a signed bundle went unnoticed"


def test_without_our_check_of_the_trees_the_process_would_end() -> None:
    """The trial can tell: with LightGBM left to itself, it is over soon."""
    unchecked = """
import fuzz_bundle
from earlywarn.bundle import read
read.checked_text = lambda content, names, file: content.decode("ascii", "replace")
fuzz_bundle.main(0, 400)
"""
    assert run_apart("-c", unchecked).returncode != 0
