"""MLflow, lent quietly: pointed at one store, with nothing reported to anyone and no pickles."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SQLALCHEMYSTORE_POOLCLASS": "NullPool",  # a connection kept open would go on writing to a replaced file
    "GIT_PYTHON_REFRESH": "quiet",  # git need not be there
}
DATABASE = "mlflow.db"
MOST = 10_000  # versions or runs that are asked for at once


@dataclass(frozen=True)
class Store:
    """Where MLflow keeps runs and models: a SQLite file, and a folder for copies of bundles."""

    database: Path
    artifacts: Path

    @property
    def uri(self) -> str:
        return f"sqlite:///{self.database}"


def store_in(folder: Path) -> Store:
    """Return the store of a folder such as `mlruns`; MLflow keeps absolute paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return Store(folder.resolve() / DATABASE, folder.resolve() / "artifacts")


def is_kept(folder: Path) -> bool:
    """Tell whether a folder such as `mlruns` holds a store."""
    return (folder / DATABASE).exists()


@contextmanager
def mlflow_at(store: Store) -> Iterator[Any]:
    """Lend MLflow, pointed at the store; this process's MLflow stays pointed there."""
    os.environ.update(SETTINGS)
    with warnings.catch_warnings(), redirect_stderr(StringIO()):
        warnings.simplefilter("ignore")  # of MLflow and the libraries below it; none is about us
        import mlflow

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        mlflow.set_tracking_uri(store.uri)
        mlflow.set_registry_uri(store.uri)  # a server set elsewhere is not ours to fill
        yield mlflow
