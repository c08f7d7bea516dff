"""MLflow: an index of the runs and a registry of the models, made anew at will from the bundles.

In:  bundles and the decisions about them, under `models/`.
Out: `mlruns/`: a run for each bundle with its trials, registered models, and who is champion.

    store      MLflow, lent quietly and pointed at a store
    runs       a bundle becomes a run and a registered model
    registry   the log of decisions becomes aliases
    rebuild    the whole store from `models/`

These files and `serving_model`, which MLflow runs, are the only ones that import MLflow, and
they do so late: it takes seconds. What is kept is what a bundle holds: nothing of a person.
"""

from earlywarn.track.rebuild import Rebuilt, rebuild
from earlywarn.track.registry import mirror_decisions
from earlywarn.track.runs import TrackedRun, record_run
from earlywarn.track.store import is_kept

__all__ = ["Rebuilt", "TrackedRun", "is_kept", "mirror_decisions", "rebuild", "record_run"]
