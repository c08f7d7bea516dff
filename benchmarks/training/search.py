"""The search for settings beside a naive loop over the very same trials.

In:  the rows of a made-up trust, and how many trials.
Out: the lowest log loss of each, and how many fits it took.
"""

import json
from dataclasses import asdict, replace
from pathlib import Path

import lightgbm as lgb
import numpy as np

from earlywarn.config import ModelSettings
from earlywarn.model.fit import TreeSettings, binned, train_params
from earlywarn.model.folds import Fold
from earlywarn.model.tune import MOST_TREES, PATIENCE, tune

from .rows import Rows

DRAWN = "settings-drawn.json"


def ours(rows: Rows, trials: int, folder: Path) -> dict[str, float]:
    """Search as `earlywarn train` does; the settings that were drawn are kept for the naive loop."""
    found = tune(rows.values, rows.outcome, rows.folds, rows.names, rows.risk, ModelSettings(trials=trials))
    (folder / DRAWN).write_text(json.dumps([asdict(trial.settings) for trial in found.trials]), encoding="utf-8")
    return {"log_loss": found.log_loss, "pruned": sum(trial.pruned for trial in found.trials)}


def naive(rows: Rows, trials: int, folder: Path) -> dict[str, float]:
    """Try the same settings as one would without thinking: every trial runs over every fold and bins it anew."""
    drawn = [TreeSettings(**each) for each in json.loads((folder / DRAWN).read_text(encoding="utf-8"))]
    losses = [np.mean([_loss(rows, fold, settings) for fold in rows.folds]) for settings in drawn[:trials]]
    return {"log_loss": float(min(losses)), "pruned": 0}


def _loss(rows: Rows, fold: Fold, settings: TreeSettings) -> float:
    train, test = fold
    seen = binned(rows.values[train], rows.outcome[train], rows.names, seed=1)
    unseen = binned(rows.values[test], rows.outcome[test], rows.names, seed=1, like=seen)
    booster = lgb.train(
        train_params(replace(settings, trees=MOST_TREES), rows.risk, seed=1) | {"metric": "binary_logloss"},
        seen,
        num_boost_round=MOST_TREES,
        valid_sets=[unseen],
        valid_names=["test"],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
    )
    return float(booster.best_score["test"]["binary_logloss"])
