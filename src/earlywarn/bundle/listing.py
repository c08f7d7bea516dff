"""The shelf: every bundle under `models/`, with what it is used for.

In:  the folder of the bundles and the decisions about them.
Out: a row a bundle, by name, oldest version first. A damaged one is listed as such, with the reason:
     a version that vanished from the list would be a riddle.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from earlywarn.bundle.decisions import challenger, champion
from earlywarn.bundle.read import Bundle, read_version
from earlywarn.bundle.write import versions
from earlywarn.errors import BundleError

Role = Literal["champion", "challenger", ""]


@dataclass(frozen=True)
class ListedBundle:
    """A version of a model.

    made_on, data_to : when it was trained, and the last day of its data.
    auc, low, high   : of the tested model among everyone on the test dates, with its 95% interval; None where
                       not estimable.
    damage           : why it cannot be read; empty for a bundle that is whole.
    """

    name: str
    version: int
    role: Role
    made_on: str = ""
    data_to: date | None = None
    auc: float | None = None
    low: float | None = None
    high: float | None = None
    damage: str = ""


def list_bundles(models: Path) -> tuple[ListedBundle, ...]:
    """Return every version of every model, read and checked."""
    names = sorted(path.name for path in models.iterdir() if path.is_dir()) if models.is_dir() else []
    return tuple(_listed(models, name, version) for name in names for version in _versions(models, name))


def _versions(models: Path, name: str) -> list[int]:
    """Return the versions that are there, and the champion even if it is not."""
    in_use = champion(models, name)
    return sorted({*versions(models, name), *(() if in_use is None else (in_use,))})


def _listed(models: Path, name: str, version: int) -> ListedBundle:
    role = _role(models, name, version)
    try:
        bundle = read_version(models, name, version)
    except BundleError as error:
        return ListedBundle(name, version, role, damage=str(error).splitlines()[0])
    auc = _auc(bundle)
    return ListedBundle(name, version, role, bundle.manifest.made_on, bundle.manifest.data.today, *auc)


def _role(models: Path, name: str, version: int) -> Role:
    if version == champion(models, name):
        return "champion"
    return "challenger" if version == challenger(models, name) else ""


def _auc(bundle: Bundle) -> tuple[float | None, float | None, float | None]:
    found = bundle.metrics.get("populations", {}).get("everyone", {}).get("model", {}).get("auc") or {}
    return found.get("value"), found.get("low"), found.get("high")
