"""MLflow's own servers work on the store, over real HTTP, and its models give the scores of the command line."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from demo_folder import Demo
from earlywarn.bundle.decisions import Said, promote, record_training
from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.write import write_bundle
from earlywarn.cohort import cohort
from earlywarn.features.build import build_matrix
from earlywarn.report.contents import read_contents
from earlywarn.run.opening import config_of, instruments_of, opened
from earlywarn.score.people import features_of
from earlywarn.track import record_run
from earlywarn.track.store import SETTINGS, mlflow_at, store_in
from small_bundle import NAMES, contents, metrics, people

NAME = "pupil-absence"
PATIENCE = 240  # seconds: MLflow starts in ten on an idle machine, in minutes on a crowded one
MLFLOW = (sys.executable, "-m", "mlflow")
TRIALS = [{"number": number, "log_loss": 0.6, "pruned": False} for number in range(2)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `models/` and `mlruns/`, in which one version was trained and promoted."""
    made = tmp_path_factory.mktemp("registry")
    path = write_bundle(made / "models", contents(metrics=metrics() | {"trials": TRIALS}))
    record_training(made / "models", NAME, 1)
    promote(made / "models", NAME, 1, Said("the lead", "ahead of the rule", date(2026, 11, 23)))
    record_run(path, made / "mlruns")
    return made


def test_the_ui_shows_the_run_its_trials_and_the_champion(folder: Path) -> None:
    store = f"sqlite:///{folder / 'mlruns' / 'mlflow.db'}"
    with server("ui", "--backend-store-uri", store, "--workers", "1", folder=folder, health="/health") as address:
        found = post(f"{address}/api/2.0/mlflow/runs/search", {"experiment_ids": ["1"]})["runs"]
        assert sorted(run["info"]["run_name"] for run in found) == [f"{NAME} 1", "trial 0", "trial 1"]
        champion = get(f"{address}/api/2.0/mlflow/registered-models/alias?name={NAME}&alias=champion")
        assert champion["model_version"]["version"] == "1"
        assert b"<title>MLflow</title>" in raw(address + "/")


def test_a_served_champion_gives_the_risks_of_the_bundle_to_the_last_digit(folder: Path) -> None:
    values, _ = people()
    rows = [[None if np.isnan(value) else float(value) for value in row] for row in values]
    asked = {"dataframe_split": {"columns": list(NAMES), "data": rows}}
    command = ("models", "serve", "-m", f"models:/{NAME}@champion", "--env-manager", "local")
    with server(*command, folder=folder, health="/ping") as address:
        served = post(f"{address}/invocations", asked)["predictions"]
    np.testing.assert_array_equal(served, read_bundle(folder / "models" / NAME / "1").kept.risk(values))


def test_the_registered_model_gives_the_risks_that_the_command_line_wrote(demo: Demo, tmp_path: Path) -> None:
    scores = pq.read_table(demo.scores / "scores.parquet", columns=["person_id", "school_id", "risk"]).to_pandas()
    people = _features(demo, tmp_path)
    who = ["person_id", "school_id"]
    served = people[who].assign(served=_registered(demo).predict(people.drop(columns=who)))
    both = served.merge(scores, on=who, validate="1:1")
    assert len(both) == len(scores) > 1_000
    np.testing.assert_array_equal(both["served"], both["risk"])


def _features(demo: Demo, private: Path) -> pd.DataFrame:
    """Return the people whom the demo scored, with the model's features."""
    bundle, as_of = read_bundle(demo.bundle), read_contents(demo.scores).about.as_of
    with opened(demo.data, config_of(bundle), instruments_of(bundle), private) as sources:
        people = cohort(sources.store, sources.config, as_of)
        matrix = build_matrix(sources, people, features_of(bundle, sources))
    features = pd.DataFrame(matrix.choose(bundle.names), index=people.index, columns=list(bundle.names))
    return people[["person_id", "school_id"]].join(features)


def _registered(demo: Demo) -> Any:
    with mlflow_at(store_in(demo.folder / "mlruns")) as mlflow:
        return mlflow.pyfunc.load_model(f"models:/{NAME}/1")


@contextmanager
def server(*command: str, folder: Path, health: str) -> Iterator[str]:
    """Run one of MLflow's servers on a free port of this machine; whatever it started ends with it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    tracking = {"MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlruns' / 'mlflow.db'}"}
    here = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [*MLFLOW, *command, "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env={**os.environ, **SETTINGS, **tracking, **here},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(address + health, process, Path(log.name))
            yield address
        finally:
            with suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            raw(address)
            return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"MLflow's server did not answer: {log.read_text(errors='replace')[-2000:]}")


def raw(address: str, body: bytes | None = None) -> bytes:
    with urlopen(Request(address, body, {"Content-Type": "application/json"}), timeout=30) as answer:
        content: bytes = answer.read()
        return content


def get(address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(raw(address))
    return found


def post(address: str, body: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(raw(address, json.dumps(body).encode()))
    return found
