"""What is half made: whose it is can be told, and what a killed process left is removed."""

import subprocess
import sys
from pathlib import Path

import pytest

from earlywarn.folders import half_made, written_whole

LEAVE_BEHIND = """
import os, signal, sys
from pathlib import Path
from earlywarn.folders import half_made
half_made(Path(sys.argv[1]), ".draft").mkdir()
half_made(Path(sys.argv[1]), "store").with_suffix(".duckdb").touch()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals, and nothing is removed for the dead")
def test_what_a_killed_process_left_is_removed_by_the_next_of_its_kind(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "src"
    subprocess.run([sys.executable, "-c", LEAVE_BEHIND, tmp_path], env={"PYTHONPATH": str(source)}, check=False)
    assert len(list(tmp_path.iterdir())) == 2
    half_made(tmp_path, ".draft")
    assert [path.suffix for path in tmp_path.iterdir()] == [".duckdb"]
    half_made(tmp_path, "store")
    assert list(tmp_path.iterdir()) == []


def test_what_others_are_making_is_left_alone(tmp_path: Path) -> None:
    own = half_made(tmp_path, ".draft")
    elsewhere = tmp_path / ".draft-00000000-1-ab"
    for path in (own, elsewhere):
        path.mkdir()
    with written_whole(tmp_path / "results", "sign.txt") as draft:
        (draft / "sign.txt").touch()
    assert {path.name for path in tmp_path.iterdir()} == {own.name, elsewhere.name, "results"}
