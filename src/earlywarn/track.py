"""MLflow: an index of the runs and a registry of the models, rebuilt at will from the bundles.

In:  the folder of a bundle.
Out: a run with its settings and measures, and a registered model, in `mlruns/`.

This file and `serving_model`, which MLflow runs, are the only ones that import
MLflow, and they do so late: it takes seconds. Reporting to anyone, and pickles, are
switched off before. What is kept is what a bundle holds: nothing of a person.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from earlywarn.bundle.manifest import Manifest
from earlywarn.bundle.read import Bundle, read_bundle

SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "GIT_PYTHON_REFRESH": "quiet",  # git need not be there
}
MEASURED = ("everyone", "onset")
SERVING = Path(__file__).with_name("serving_model.py")
LONGEST = 250  # characters of a setting: enough for a list of dates


@dataclass(frozen=True)
class TrackedRun:
    """Where MLflow keeps a training run."""

    run_id: str
    model_version: str


def record_run(bundle_path: Path, store_dir: Path = Path("mlruns")) -> TrackedRun:
    """Record a bundle as a run of the experiment of its name, and register its model under that name."""
    bundle = read_bundle(bundle_path)
    store_dir.mkdir(parents=True, exist_ok=True)
    with _mlflow(store_dir.resolve()) as mlflow:
        experiment = _experiment(mlflow, bundle.manifest.name, store_dir.resolve())
        title = f"{bundle.manifest.name} {bundle.manifest.version}"
        with mlflow.start_run(experiment_id=experiment, run_name=title, tags=_tags(bundle.manifest)) as run:
            mlflow.log_params(_settings(bundle.manifest.config))
            mlflow.log_metrics(_measures(bundle.metrics))
            version = _register(mlflow, bundle)
        return TrackedRun(run_id=run.info.run_id, model_version=version)


@contextmanager
def _mlflow(store: Path) -> Iterator[Any]:
    """Lend MLflow, pointed at the store and kept quiet; this process's MLflow stays pointed there."""
    os.environ.update(SETTINGS)
    with warnings.catch_warnings(), redirect_stderr(StringIO()):
        warnings.simplefilter("ignore")  # of MLflow and the libraries below it; none is about us
        import mlflow

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        mlflow.set_tracking_uri(f"sqlite:///{store / 'mlflow.db'}")
        mlflow.set_registry_uri(f"sqlite:///{store / 'mlflow.db'}")  # a server set elsewhere is not ours to fill
        yield mlflow


def _experiment(mlflow: Any, name: str, store: Path) -> str:
    found = mlflow.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    return str(mlflow.create_experiment(name, artifact_location=(store / "artifacts").as_uri()))


def _register(mlflow: Any, bundle: Bundle) -> str:
    """Log the bundle with the code that serves it, and return the version MLflow gives it."""
    logged = mlflow.pyfunc.log_model(
        name="model",
        python_model=str(SERVING),
        artifacts={"bundle": str(bundle.path.resolve())},
        pip_requirements=_requirements(bundle.manifest),
        signature=_signature(bundle.names),
        registered_model_name=bundle.manifest.name,
    )
    return str(logged.registered_model_version)


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
        "earlywarn": manifest.earlywarn,
        "population": manifest.population,
        "model": manifest.model,
    }


def _settings(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the configuration as MLflow's flat parameters; what is empty says nothing and is left out."""
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
