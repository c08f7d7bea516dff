"""What models there are."""

from dataclasses import dataclass
from pathlib import Path

from earlywarn.bundle.listing import ListedBundle, list_bundles
from earlywarn.progress import step
from earlywarn.run.opening import MODELS
from earlywarn.track import Rebuilt, rebuild


@dataclass(frozen=True)
class Shelf:
    """Every version of every model; `rebuilt` is what MLflow's store was made anew from, where that was asked for."""

    bundles: tuple[ListedBundle, ...]
    rebuilt: Rebuilt | None


def models(folder: Path = MODELS, mlruns: Path | None = None) -> Shelf:
    """List the bundles; with `mlruns`, make MLflow's store there anew from them."""
    rebuilt = None
    if mlruns is not None:
        with step("Recording every bundle in MLflow"):
            rebuilt = rebuild(folder, mlruns)
    return Shelf(list_bundles(folder), rebuilt)
