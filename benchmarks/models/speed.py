"""The part of docs/models.md on speed, as `benchmarks.train` and `benchmarks.whole.training` have measured it.

In:  `results/train_speed.json`, `results/whole_training.json`.
Out: markdown; nothing where nothing was measured.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..training.boosters import CHANGES, PEERS
from .recipes import RESULTS

MEASURED = RESULTS / "train_speed.json"
WHOLE = RESULTS / "whole_training.json"
WORDS = PEERS | {name: words for name, (words, _) in CHANGES.items()}

FIT = """\
### Fitting

300,000 rows of made-up numbers, 80 features, 400 trees; medians of four runs side by side. AUC and log loss are those
of later rows. Each is taken as it comes: XGBoost learns three times as fast a tree as the others, and overfits.
"""
FIT_COLUMNS = ("", "seconds", "of processors", "AUC", "log loss")

DEFAULTS = """\
### What each default costs and gains

Trusts of 8,000 pupils, mean of three: as many trees as the folds choose, fitted to one year and judged on the next.
"""
DEFAULTS_COLUMNS = ("", "of processors", "trees", "log loss, folds", "log loss, next year", "AUC, next year")

TRAINING = """\
### A whole training

`earlywarn train` with 40 trials, from the tables to the bundle: three dates a year, of three years.
"""
TRAINING_COLUMNS = ("pupils", "minutes", "of processors", "peak of memory, GB", "reading", "tuning", "the rest")
READING = ("Reading and checking the tables", "Packing the register", "Gathering features and labels")

Run = Mapping[str, float]


def sections() -> list[str]:
    """Return the parts of the page, the heading first."""
    if not MEASURED.exists():
        return []
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    machine = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    return [
        f"## Speed\n\nSeconds, on {machine}.",
        FIT + "\n" + _table(FIT_COLUMNS, found["fit"], _fit),
        DEFAULTS + "\n" + _table(DEFAULTS_COLUMNS, found["defaults"], _default),
        "### Searching for settings\n\n" + _search(found["search"]),
        "*Printed by `python -m benchmarks.train`.*",
        *_whole_trainings(),
    ]


def _whole_trainings() -> list[str]:
    if not WHOLE.exists():
        return []
    found = json.loads(WHOLE.read_text(encoding="utf-8"))
    rows = [(f"{int(pupils):,}", *_training(run)) for pupils, run in found.items()]
    return [TRAINING + "\n" + _lines(TRAINING_COLUMNS, rows), "*Measured by `python -m benchmarks.whole.training`.*"]


def _training(run: Mapping[str, Any]) -> tuple[str, ...]:
    reading = sum(run["steps"][step] for step in READING)
    tuning = run["steps"]["Tuning"]
    minutes = (run["seconds"], run["processors"])
    parts = (reading, tuning, run["seconds"] - reading - tuning)
    return (*(f"{each / 60:.1f}" for each in minutes), f"{run['peak_gb']:.1f}", *(f"{each / 60:.1f}" for each in parts))


def _table(columns: tuple[str, ...], runs: Mapping[str, Run], cells: Callable[[Run], tuple[str, ...]]) -> str:
    return _lines(columns, [(WORDS[name], *cells(run)) for name, run in runs.items()])


def _lines(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in (columns, ["---"] * len(columns), *rows))


def _fit(run: Run) -> tuple[str, ...]:
    return f"{run['seconds']:.1f}", f"{run['cpu']:.1f}", f"{run['auc']:.4f}", f"{run['log_loss']:.4f}"


def _default(run: Run) -> tuple[str, ...]:
    judged = (run["folds_log_loss"], run["log_loss"], run["auc"])
    return f"{run['cpu']:.1f}", f"{run['trees']:.0f}", *(f"{value:.4f}" for value in judged)


def _search(found: Mapping[str, Run]) -> str:
    ours, naive = found["ours"], found["naive"]
    return (
        f"40 trials on a trust of 8,000 pupils take {ours['seconds']:.0f} s, {ours['cpu']:.0f} s of processors. A "
        "naive loop over the same settings, which cuts features into bins for every fit and gives no trial up, takes "
        f"{naive['seconds']:.0f} s, {naive['cpu']:.0f} s of processors."
    )
