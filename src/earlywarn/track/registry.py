"""Who is champion, in MLflow's registry: what `decisions.jsonl` says, and nothing else.

In:  the decisions about a model.
Out: the aliases `champion` and `challenger` of its registered model. They follow the log: whoever moves one
     by hand finds it back in its place after the next run. Who decided, and why, stays in the log.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from earlywarn.bundle.decision_log import one_at_a_time
from earlywarn.bundle.decisions import challenger, champion
from earlywarn.bundle.manifest import Manifest
from earlywarn.track.store import MOST, mlflow_at, store_in


def mirror_decisions(models: Path, name: str, store_dir: Path = Path("mlruns")) -> None:
    """Point a registered model's aliases at the versions that the log of decisions names.

    One at a time: of two decisions made at once, the one that is mirrored last has read both.
    """
    with mlflow_at(store_in(store_dir)) as mlflow, one_at_a_time(models / name):
        wanted = {"champion": champion(models, name), "challenger": challenger(models, name)}
        client = mlflow.MlflowClient()
        known = _versions(client, name)
        now = client.get_registered_model(name).aliases if known else {}
        for alias, version in wanted.items():
            _point(client, name, alias, known.get(version) if version else None, now)


def _point(client: Any, name: str, alias: str, target: str | None, now: Mapping[str, str]) -> None:
    if target is not None:
        client.set_registered_model_alias(name, alias, target)
    elif alias in now:
        client.delete_registered_model_alias(name, alias)


def _versions(client: Any, name: str) -> dict[int, str]:
    """Return MLflow's version for each version of a bundle: the two counts part when a bundle was deleted."""
    found = client.search_model_versions(f"name = '{name}'", max_results=MOST)
    return {int(one.tags["bundle_version"]): str(one.version) for one in found if "bundle_version" in one.tags}


def recorded_version(client: Any, manifest: Manifest) -> Any | None:
    """Return the registered version that a bundle already has."""
    found = client.search_model_versions(f"name = '{manifest.name}'", max_results=MOST)
    return next((one for one in found if one.tags.get("bundle_digest") == manifest.digest), None)
