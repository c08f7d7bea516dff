"""A bundle becomes a run of MLflow, its trials the run's children, and its model a registered model.

In:  the folder of a bundle.
Out: a run with settings, measures and tags, written in one call; one child for each trial, likewise; a
     version of the registered model, whose tags say which bundle it is. A bundle is recorded once.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earlywarn.bundle.manifest import Manifest, canonical
from earlywarn.bundle.read import Bundle, read_bundle
from earlywarn.track.registry import mirror_decisions, recorded_version
from earlywarn.track.store import Store, mlflow_at, store_in

MEASURED = ("everyone", "onset")
SERVING = Path(__file__).parents[1] / "serving_model.py"
LONGEST = 250  # characters of a setting: enough for a list of dates


@dataclass(frozen=True)
class TrackedRun:
    """Where MLflow keeps a training run."""

    run_id: str
    model_version: str


def record_run(bundle_path: Path, store_dir: Path = Path("mlruns")) -> TrackedRun:
    """Record a bundle under `models/` as a run of the experiment of its name, register its model, mirror decisions."""
    bundle = read_bundle(bundle_path)
    tracked = record_bundle(bundle, store_in(store_dir))
    mirror_decisions(bundle_path.resolve().parents[1], bundle.manifest.name, store_dir)
    return tracked


def record_bundle(bundle: Bundle, store: Store) -> TrackedRun:
    """Record a bundle in a store, or find it there."""
    manifest = bundle.manifest
    with mlflow_at(store) as mlflow:
        client = mlflow.MlflowClient()
        if known := recorded_version(client, manifest):
            return TrackedRun(known.run_id, str(known.version))
        experiment = _experiment(mlflow, manifest.name, store)
        title = f"{manifest.name} {manifest.version}"
        with mlflow.start_run(experiment_id=experiment, run_name=title, tags=_tags(manifest)) as run:
            _log(client, run.info.run_id, _measures(bundle.metrics), _settings(manifest.config))
            _record_trials(client, run, bundle)
            return TrackedRun(run.info.run_id, _register(mlflow, bundle))


def _experiment(mlflow: Any, name: str, store: Store) -> str:
    found = mlflow.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    return str(mlflow.create_experiment(name, artifact_location=store.artifacts.as_uri()))


def _log(client: Any, run_id: str, metrics: Mapping[str, float], params: Mapping[str, str]) -> None:
    """Write a run's measures and settings in one call: one by one they take twenty times as long."""
    from mlflow.entities import Metric, Param

    measured = [Metric(name, value, timestamp=0, step=0) for name, value in metrics.items()]
    client.log_batch(run_id, metrics=measured, params=[Param(name, value) for name, value in params.items()])


def _record_trials(client: Any, parent: Any, bundle: Bundle) -> None:
    """Record every trial of settings as a child; one that was stopped early is a run that was killed."""
    from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

    tags = {MLFLOW_PARENT_RUN_ID: parent.info.run_id, "bundle_digest": bundle.manifest.digest}
    for trial in bundle.metrics.get("trials") or ():
        child = client.create_run(parent.info.experiment_id, tags=tags, run_name=f"trial {trial['number']}")
        pruned = bool(trial.get("pruned"))
        # Over the folds that it reached: not to be held against the loss over all of them.
        name = "log_loss_when_stopped" if pruned else "log_loss"
        loss = {} if trial.get("log_loss") is None else {name: float(trial["log_loss"])}
        _log(client, child.info.run_id, loss, _settings(trial.get("settings") or {}))
        client.set_terminated(child.info.run_id, "KILLED" if pruned else "FINISHED")


def _register(mlflow: Any, bundle: Bundle) -> str:
    """Log the bundle with the code that serves it, and return the version MLflow gives it."""
    logged = mlflow.pyfunc.log_model(
        name="model",
        python_model=str(SERVING),
        artifacts={"bundle": str(bundle.path.resolve())},
        pip_requirements=_requirements(bundle.manifest),
        signature=_signature(bundle.names),
    )
    return str(mlflow.register_model(logged.model_uri, bundle.manifest.name, tags=_tags(bundle.manifest)).version)


def _requirements(manifest: Manifest) -> list[str]:
    libraries = [f"{name}=={version}" for name, version in manifest.libraries.items() if name != "python"]
    return [f"earlywarn=={manifest.earlywarn}", *libraries]


def _signature(names: tuple[str, ...]) -> Any:
    """Return doubles in, a double out; the served model casts to the float32 it was trained on."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs = Schema([ColSpec("double", name) for name in names])
    return ModelSignature(inputs=inputs, outputs=Schema([ColSpec("double")]))


def _tags(manifest: Manifest) -> dict[str, str]:
    return {
        "bundle_version": str(manifest.version),
        "bundle_digest": manifest.digest,
        "data_digest": manifest.data.digest,
        "config_digest": hashlib.sha256(canonical(manifest.config)).hexdigest(),
        "earlywarn": manifest.earlywarn,
        "population": manifest.population,
        "model": manifest.model,
    }


def _settings(config: Mapping[str, Any]) -> dict[str, str]:
    """Return settings as MLflow's flat parameters; what is empty says nothing and is left out."""
    return {name: str(value)[:LONGEST] for name, value in _flat(config) if value not in (None, [], {})}


def _measures(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Return the values that could be estimated, as `onset.model.auc`."""
    populations = metrics.get("populations") or {}
    measured = {name: populations[name] for name in MEASURED if name in populations}
    return {
        name.removesuffix(".value"): float(value)
        for name, value in _flat(measured)
        if name.endswith(".value") and value is not None
    }


def _flat(found: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
