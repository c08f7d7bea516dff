"""A training that is killed: nothing half made is ever listed, and the next call ends as if nothing had happened."""

import json
import random
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from command_line import python_apart, quick_config
from earlywarn import run
from earlywarn.bundle.decision_log import decisions
from earlywarn.bundle.listing import list_bundles
from earlywarn.bundle.write import versions
from earlywarn.simulate import Plan

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")

NAME = "pupil-absence"
CHANCE = random.Random(11)
# The calls at which a run is killed, one run after the other in one folder, and how many calls are let pass before.
MOMENTS = (
    ("duckdb.DuckDBPyConnection.execute", CHANCE.randrange(20, 80)),  # while the tables are read and checked
    ("pathlib.Path.rename", 0),  # the features are on disk, under the name of a draft
    ("lightgbm.train", CHANCE.randrange(1, 5)),  # in the first trial
    ("lightgbm.train", CHANCE.randrange(5, 15)),  # in a later one, or in the fits that follow
    ("pathlib.Path.rename", 0),  # the bundle is on disk, under the name of a draft
    ("mlflow.start_run", 0),  # the bundle is there, and MLflow knows nothing of it
)
THE_SAME = ("model.txt", "tested_model.txt", "calibration.json", "features.json", "metrics.json", "audit.json")


def test_a_training_killed_at_random_moments_ends_as_one_that_was_not(tmp_path: Path) -> None:
    data = run.simulate(Plan(schools=5, pupils=700, seed=7), tmp_path / "data").folder
    quick_config(tmp_path, NAME, model={"trials": 4, "seed": 1})
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    train(whole, data)
    for call, before in MOMENTS:
        train_until(call, before, killed, data)
        nothing_half_made_is_listed(killed)
    train(killed, data)
    nothing_half_made_is_listed(killed)
    assert not [*(killed / "models" / NAME).glob(".*"), *(killed / "private").glob("store-*")]
    first, last = (folder / "models" / NAME / str(versions(folder / "models", NAME)[-1]) for folder in (whole, killed))
    assert (first.name, last.name) == ("1", "2")  # one bundle was finished before its run was killed
    for name in THE_SAME:
        assert (first / name).read_bytes() == (last / name).read_bytes(), name


def train(folder: Path, data: Path) -> None:
    run.train(folder.parent / f"{NAME}.yaml", data, folder / "models", folder / "private", folder / "mlruns")


def train_until(call: str, before: int, folder: Path, data: Path) -> None:
    """Train in a process that is killed instead of making a call for the nth time."""
    folder.mkdir(exist_ok=True)
    owner, name = call.rsplit(".", 1)
    program = f"""
import os, signal, sys
import {call.split(".")[0]}
left, real = iter(range({before})), {call}
def last(*given, **named):
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
{owner}.{name} = last
sys.argv = ["earlywarn", "train", "../{NAME}.yaml", "--data", {str(data)!r}]
from earlywarn.cli import main
main()
"""
    ran = python_apart(program, cwd=folder)
    assert ran.code == -signal.SIGKILL, ran.err


def nothing_half_made_is_listed(folder: Path) -> None:
    """Assert that all that is listed is whole: bundles, decisions and MLflow's models; no version is left out."""
    models = folder / "models"
    listed = list_bundles(models)
    assert not [one.damage for one in listed if one.damage]
    there = [one.version for one in listed]
    assert there == list(range(1, len(there) + 1))
    assert {each.version for each in decisions(models, NAME)} <= set(there)
    assert set(registered(folder / "mlruns" / "mlflow.db")) <= set(there)


def registered(store: Path) -> list[int]:
    """Return the versions of bundles that MLflow's registry holds."""
    if not store.exists():
        return []
    with closing(sqlite3.connect(store)) as db:
        try:
            tags = db.execute("""
                SELECT tags.value FROM model_versions JOIN tags ON tags.run_uuid = model_versions.run_id
                WHERE tags.key = 'bundle_version'
            """)
        except sqlite3.OperationalError:  # killed before the tables were there
            return []
        return [int(json.loads(value)) for (value,) in tags]
