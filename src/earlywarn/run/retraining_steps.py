"""What a retraining would do: `earlywarn retrain --dry-run`."""

from dataclasses import dataclass
from pathlib import Path

from earlywarn.bundle.read import Bundle
from earlywarn.config import load_config
from earlywarn.features.gather import Sources
from earlywarn.features.kept import is_kept
from earlywarn.model.examples import features_for, label_rows, plan
from earlywarn.retrain.decision import kept_decision
from earlywarn.retrain.key import digest_of_folder, run_key, version_with
from earlywarn.run.opening import data_folder, instruments_beside, opened
from earlywarn.run.retraining import Folders, bundle_in_use, must_wait


@dataclass(frozen=True)
class Step:
    """A step of a retraining: what it does, whether it would run, and why or why not."""

    does: str
    runs: bool
    why: str


def rehearse_retraining(config_file: Path, data: Path | None, folders: Folders) -> tuple[Step, ...]:
    """Say which steps would run and which are kept; nothing is fitted."""
    config = load_config(config_file)
    data, instruments = data_folder(data, config, config_file), instruments_beside(config_file)
    key = run_key(digest_of_folder(data), config, instruments)
    if kept_decision(folders.decision(config.name), key, folders.models):
        return tuple(Step(does, False, "nothing has changed since the last retraining") for does in _STEPS)
    in_use = bundle_in_use(folders.models, config.name)
    with opened(data, config, instruments, folders.private) as sources:
        if in_use and must_wait(in_use, sources):
            why = f"no date has closed that version {in_use.manifest.version}, in use, could not have seen"
            return (_READS, *(Step(does, False, why) for does in _STEPS[1:-1]), Step(_STEPS[-1], True, "says: hold"))
        return (_READS, *_steps_of_training(sources, folders, key, in_use))


_STEPS = (
    "read and check the tables",
    "compute the features",
    "tune, fit, measure, audit and keep a challenger",
    "compare it with the model in use",
    "write the decision",
)
_READS = Step(_STEPS[0], True, "the data are read whenever something has changed")


def _steps_of_training(sources: Sources, folders: Folders, key: str, in_use: Bundle | None) -> tuple[Step, ...]:
    rows = label_rows(sources, plan(sources)[0])
    features_kept = is_kept(folders.private, sources, rows.people, features_for(sources, rows))
    made = version_with(folders.models, sources.config.name, key)
    trials = f"{sources.config.model.trials} trials; of a search that was stopped, those that were done are kept"
    return (
        Step(_STEPS[1], not features_kept, "kept: made of the same" if features_kept else "something has changed"),
        Step(
            _STEPS[2], made is None, trials if made is None else f"version {made.manifest.version} is made of the same"
        ),
        Step(_STEPS[3], in_use is not None, "on the dates that neither saw" if in_use else "no model is in use"),
        Step(_STEPS[4], True, "a recommendation with its reasons"),
    )
