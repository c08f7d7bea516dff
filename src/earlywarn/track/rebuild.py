"""The whole store made anew from `models/`: after it was lost, moved or edited.

In:  the folder of the bundles.
Out: `mlruns/` with a run and a registered version for each bundle that can be read, and the aliases that
     the decisions call for. The new database takes the old one's place in one step, when it is complete:
     a rebuild that is killed leaves the old store, and the next one clears up after it.
"""

import secrets
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.write import versions
from earlywarn.errors import BundleError
from earlywarn.track.registry import mirror_decisions
from earlywarn.track.runs import record_bundle
from earlywarn.track.store import MOST, Store, mlflow_at, store_in


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild recorded, and the bundles that it left out because they are damaged."""

    recorded: tuple[Path, ...]
    left_out: tuple[Path, ...]


def rebuild(models: Path, store_dir: Path = Path("mlruns")) -> Rebuilt:
    """Make the store anew from the bundles; the same bundles give the same store, however often."""
    store = store_in(store_dir)
    _refuse_others(store)
    old = _kept_in(store.artifacts)
    draft = _new_draft(store)
    recorded, left_out = [], []
    for path in _bundles(models):
        try:
            record_bundle(read_bundle(path), draft)
            recorded.append(path)
        except BundleError:
            left_out.append(path)
    draft.database.replace(store.database)
    for folder in old:
        shutil.rmtree(folder)
    for name in sorted({path.parent.name for path in recorded}):
        mirror_decisions(models, name, store_dir)
    return Rebuilt(tuple(recorded), tuple(left_out))


def _new_draft(store: Store) -> Store:
    """Return an empty store beside the real one; its name is new, because MLflow remembers those it has opened."""
    folder = store.database.parent
    for left in folder.glob(".draft-*"):
        left.unlink()
    draft = replace(store, database=folder / f".draft-{secrets.token_hex(8)}.db")
    with mlflow_at(draft) as mlflow:
        mlflow.MlflowClient().search_experiments()  # makes the tables, even if there is no bundle to record
    return draft


def _bundles(models: Path) -> list[Path]:
    """Return the folders of all bundles, oldest version first."""
    names = sorted(path.name for path in models.iterdir() if path.is_dir()) if models.is_dir() else []
    return [models / name / str(version) for name in names for version in versions(models, name)]


def _kept_in(artifacts: Path) -> list[Path]:
    """Return what runs and models have kept so far: MLflow has a folder for each."""
    runs = [path for path in artifacts.glob("*") if path.is_dir() and path.name != "models"]
    return [*runs, *(path for path in artifacts.glob("models/*") if path.is_dir())]


def _refuse_others(store: Store) -> None:
    """Refuse to replace a store in which somebody keeps runs of their own."""
    if not store.database.exists():
        return
    with mlflow_at(store) as mlflow:
        client = mlflow.MlflowClient()
        experiments = [one.experiment_id for one in client.search_experiments()]
        runs = client.search_runs(experiments, max_results=MOST)
    if any("bundle_digest" not in run.data.tags for run in runs):
        raise BundleError(
            f"{store.database}: holds runs that are not of a bundle; a rebuild would lose them",
            fix="move that file away first, or rebuild into another folder",
        )
