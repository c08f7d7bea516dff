"""MLflow holds the run and a model that predicts as the bundle does, who is champion, and nobody's data."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from earlywarn import run
from earlywarn.bundle.decisions import Said, promote, record_training
from earlywarn.bundle.listing import list_bundles
from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.write import write_bundle
from earlywarn.errors import BundleError
from earlywarn.track import mirror_decisions, rebuild, record_run
from small_bundle import NAMES, contents, metrics, people

NAME = "pupil-absence"
SAID = Said("the lead", "ahead of the rule", date(2026, 11, 23))
TRIALS = [
    {"number": 0, "log_loss": 0.61, "pruned": False, "settings": {"leaves": 7}},
    {"number": 1, "log_loss": 0.7, "pruned": True},
]


def train(models: Path, **changed: Any) -> Path:
    """Write the next version, and that it was trained, as a run does."""
    path = write_bundle(models, contents(**changed))
    record_training(models, NAME, int(path.name))
    return path


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of no models; MLflow takes seconds to lay out its tables, so every test has a copy of it."""
    folder = tmp_path_factory.mktemp("empty")
    assert rebuild(folder / "models", folder).recorded == ()
    return folder / "mlflow.db"


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Path:
    (tmp_path / "mlruns").mkdir()
    shutil.copy(empty_database, tmp_path / "mlruns")
    return tmp_path / "mlruns"


@pytest.fixture
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """MLflow has much to say, and none of it is for our users."""
    yield
    assert capfd.readouterr() == ("", "")


def test_a_bundle_becomes_a_run_and_a_registered_model(models: Path, store: Path, quiet: None) -> None:
    excluded = models / "exclude.txt"
    excluded.write_text("PUPIL-4711\n")
    config = contents().config.model_copy(update={"exclude": excluded})
    path = train(models, config=config)

    tracked = record_run(path, store)

    client = client_of(store)
    run, bundle = client.get_run(tracked.run_id), read_bundle(path)
    assert run.data.metrics == {
        f"{population}.{contender}.auc": value
        for population in ("everyone", "onset")
        for contender, value in (("model", 0.8123), ("rate_to_date", 0.79))
    }
    assert run.data.params["outcome.window"] == "rest_of_year"
    assert run.data.tags["bundle_digest"] == bundle.manifest.digest
    assert run.data.tags["data_digest"] == bundle.manifest.data.digest
    values, _ = people()
    frame = pd.DataFrame(values.astype(np.float64), columns=list(NAMES))
    served = loaded(f"models:/{NAME}/{tracked.model_version}").predict(frame[list(reversed(NAMES))])
    np.testing.assert_array_equal(served, bundle.kept.risk(values))
    kept = [file for file in store.rglob("*") if file.is_file()]
    assert not any(b"PUPIL-4711" in file.read_bytes() for file in kept)
    assert not any(file.suffix in (".pkl", ".pickle", ".cloudpickle") for file in kept)


def test_the_trials_of_settings_are_the_children_of_the_run(models: Path, store: Path, quiet: None) -> None:
    path = train(models, metrics=metrics() | {"trials": TRIALS})
    tracked = record_run(path, store)
    first, second = children(store, tracked.run_id)
    assert (first.info.run_name, first.info.status, first.data.metrics) == ("trial 0", "FINISHED", {"log_loss": 0.61})
    assert first.data.params == {"leaves": "7"}
    assert (second.info.status, second.data.metrics) == ("KILLED", {"log_loss_when_stopped": 0.7})


def test_a_bundle_is_recorded_once(models: Path, store: Path, quiet: None) -> None:
    path = train(models)
    assert record_run(path, store) == record_run(path, store)


def test_the_aliases_follow_the_log_of_decisions(models: Path, store: Path, quiet: None) -> None:
    record_run(train(models), store)
    assert aliases(store) == {"challenger": 1}
    promote(models, NAME, 1, SAID)
    mirror_decisions(models, NAME, store)
    assert aliases(store) == {"champion": 1}
    record_run(train(models), store)
    assert aliases(store) == {"champion": 1, "challenger": 2}
    promote(models, NAME, 2, SAID)
    promote(models, NAME, 1, SAID)
    mirror_decisions(models, NAME, store)
    assert aliases(store) == {"champion": 1}


def test_a_promotion_moves_the_alias_and_takes_no_name_into_mlflow(models: Path, store: Path) -> None:
    record_run(train(models), store)
    assert run.promote(NAME, 1, "A. Governor", "ahead of the rule", models=models, mlruns=store).mirrored
    assert aliases(store) == {"champion": 1}
    assert not any(b"A. Governor" in file.read_bytes() for file in store.rglob("*") if file.is_file())


def test_the_store_is_made_anew_from_the_bundles(models: Path, store: Path, quiet: None) -> None:
    made = [train(models) for _ in range(4)]
    for path in made:
        record_run(path, store)
    promote(models, NAME, 3, SAID)
    shutil.rmtree(made[1])
    (made[3] / "metrics.json").write_text("{}")
    moved = store.rename(store.with_name("moved"))  # MLflow keeps absolute paths: nothing in it can be loaded now

    rebuilt = rebuild(models, moved)
    content = content_of(moved)
    assert rebuild(models, moved) == rebuilt
    assert content_of(moved) == content
    assert (rebuilt.recorded, rebuilt.left_out) == ((made[0], made[2]), (made[3],))
    assert aliases(moved) == {"champion": 3}
    assert sorted(path.name for path in moved.iterdir()) == ["artifacts", "mlflow.db"]
    values, _ = people()
    frame = pd.DataFrame(values.astype(np.float64), columns=list(NAMES))
    served = loaded(f"models:/{NAME}@champion").predict(frame)
    np.testing.assert_array_equal(served, read_bundle(made[2]).kept.risk(values))
    assert record_run(train(models), moved).model_version == "3"  # the next run goes into the new store


def test_the_shelf_names_what_is_damaged_and_says_who_is_champion(models: Path) -> None:
    train(models)
    damaged = train(models)
    promote(models, NAME, 1, SAID)
    (damaged / "metrics.json").write_text("{}")
    first, second = list_bundles(models)
    assert (first.version, first.role, first.auc, first.damage) == (1, "champion", 0.8123, "")
    assert (second.version, second.role, second.auc) == (2, "", None)
    assert second.damage.startswith("metrics.json: ")


def test_runs_of_somebody_else_are_not_lost_by_a_rebuild(models: Path, store: Path, quiet: None) -> None:
    record_run(train(models), store)
    client_of(store).create_run("0", run_name="an experiment of my own")
    with pytest.raises(BundleError, match="would lose them"):
        rebuild(models, store)


def test_no_models_make_an_empty_shelf_and_an_empty_store(models: Path, empty_database: Path) -> None:
    assert list_bundles(models) == ()
    assert client_of(empty_database.parent).search_registered_models() == []


def client_of(store: Path) -> Any:
    import mlflow  # as late as the package does: after its reporting is switched off

    uri = f"sqlite:///{store / 'mlflow.db'}"
    return mlflow.MlflowClient(uri, registry_uri=uri)


def loaded(uri: str) -> Any:
    import mlflow

    return mlflow.pyfunc.load_model(uri)


def children(store: Path, run_id: str) -> list[Any]:
    client = client_of(store)
    found = client.search_runs([client.get_run(run_id).info.experiment_id], f"tags.`mlflow.parentRunId` = '{run_id}'")
    return sorted(found, key=lambda run: run.info.run_name)


def aliases(store: Path) -> dict[str, int]:
    """Return the bundle's version behind each alias."""
    client = client_of(store)
    found = client.get_registered_model(NAME).aliases
    return {
        alias: int(client.get_model_version(NAME, version).tags["bundle_version"]) for alias, version in found.items()
    }


def content_of(store: Path) -> tuple[int, list[Any], list[str]]:
    """Return what a store holds, without what MLflow names anew each time."""
    with closing(sqlite3.connect(store / "mlflow.db")) as db:
        runs = db.execute("SELECT count(*) FROM runs").fetchone()[0]
        measured = db.execute("SELECT key, value FROM metrics ORDER BY key, value").fetchall()
    return runs, measured, sorted(path.name for path in store.rglob("*") if path.is_file())
