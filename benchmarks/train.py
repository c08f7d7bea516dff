"""How long fitting and tuning take, beside others; and what each default of ours costs and gains.

    python -m benchmarks.train [FOLDER]

In:  made-up numbers (300,000 rows, 80 features, 400 trees) and made-up trusts of 8,000 pupils; FOLDER keeps what
     was made for the next run. Peers that are not installed are left out:
     `pip install --target PEERS xgboost catboost`, then `PYTHONPATH=PEERS python -m benchmarks.train`.
Out: `results/train_speed.json`, and its tables as the documentation shows them.

Every measurement has a process of its own; all contenders run once in each round, so that whatever else the machine
does befalls all of them.
"""

import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from .models.speed import sections
from .training import search
from .training.boosters import CHANGES, PEERS, Score, fits, ours, prepared
from .training.rows import Rows, numbers, of_trust

ROWS, TREES, ROUNDS = 300_000, 400, 4
SEEDS = (703, 704, 705)
TRIALS = 40
RESULTS = Path(__file__).parent / "results" / "train_speed.json"
Measured = dict[str, float]


def main() -> None:
    match sys.argv[1:]:
        case [part, name, folder]:  # a process of `apart`
            print(json.dumps(PARTS[part](name, Path(folder))))
        case [folder]:
            report(Path(folder))
        case _:
            with tempfile.TemporaryDirectory() as folder:
                report(Path(folder))


def report(folder: Path) -> None:
    """Measure everything, keep it and print it."""
    folder.mkdir(parents=True, exist_ok=True)
    contenders = [name for name in (*PEERS, *CHANGES) if installed(name)]
    rounds = [{name: apart("fit", name, folder) for name in contenders} for _ in range(ROUNDS)]
    found = {
        "machine": machine(),
        "fit": {name: medians([each[name] for each in rounds]) for name in contenders},
        "defaults": {name: apart("trusts", name, folder) for name in CHANGES},
        "search": {name: apart("search", name, folder) for name in ("ours", "naive")},
    }
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("\n\n".join(sections()))


def fit(name: str, _: Path) -> Measured:
    """Fit one contender to the made-up numbers, and judge it on later rows."""
    rows, run = numbers(ROWS), fits()[name]
    return timed(lambda: judged(run(rows, TREES), rows))


def trusts(name: str, folder: Path) -> Measured:
    """Fit ours with one default changed to trusts of 8,000 pupils, with the number of trees that their folds choose."""
    changed = CHANGES[name][1]
    each = [of_trust(seed, folder) for seed in SEEDS]
    return medians([timed(lambda rows=rows: as_trained(rows, changed)) for rows in each], statistics.mean)


def as_trained(rows: Rows, changed: Mapping[str, Any]) -> Measured:
    """Stop early on each fold, then fit all rows with the mean number of trees, and judge on the next year."""
    stops = [stopped(rows, fold, changed) for fold in rows.folds]
    trees = round(statistics.mean(trees for _, trees in stops))
    found = judged(ours(rows, trees, **changed), rows)
    return found | {"trees": trees, "folds_log_loss": statistics.mean(loss for loss, _ in stops)}


def stopped(rows: Rows, fold: Any, changed: Mapping[str, Any]) -> tuple[float, int]:
    train, test = fold
    data, params = prepared(rows, train, changed)
    unseen = lgb.Dataset(rows.values[test], rows.outcome[test].astype(np.float32), reference=data)
    stop = lgb.early_stopping(30, verbose=False)
    booster = lgb.train(
        params | {"metric": "binary_logloss"}, data, num_boost_round=TREES, valid_sets=[unseen], callbacks=[stop]
    )
    return float(booster.best_score["valid_0"]["binary_logloss"]), booster.best_iteration


def searched(name: str, folder: Path) -> Measured:
    """Search for settings on one trust, as we do or as a naive loop does."""
    rows = of_trust(SEEDS[0], folder)
    return timed(lambda: getattr(search, name)(rows, TRIALS, folder))


PARTS: Mapping[str, Callable[[str, Path], Measured]] = {"fit": fit, "trusts": trusts, "search": searched}


def judged(score: Score, rows: Rows) -> Measured:
    odds = score(rows.later)
    return {
        "auc": float(roc_auc_score(rows.became, odds)),
        "log_loss": float(log_loss(rows.became, 1 / (1 + np.exp(-odds)))),
    }


def timed(run: Callable[[], Measured]) -> Measured:
    """Return what a run found, with its seconds on the clock and of the processors."""
    began, busy = time.perf_counter(), time.process_time()
    found = run()
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - busy} | found


def medians(runs: list[Measured], middle: Callable[[list[float]], float] = statistics.median) -> Measured:
    return {what: middle([run[what] for run in runs]) for what in runs[0]}


def apart(part: str, name: str, folder: Path) -> Measured:
    """Measure in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.train", part, name, str(folder)]
    said = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: Measured = json.loads(said.splitlines()[-1])
    print(f"{part} {name}: {found}", file=sys.stderr, flush=True)
    return found


def installed(name: str) -> bool:
    return name not in ("xgboost", "catboost") or importlib.util.find_spec(name) is not None


def machine() -> dict[str, Any]:
    """Return what was measured with, and how busy the machine was at the end."""
    peers = {name: version(name) for name in ("lightgbm", "scikit-learn", "xgboost", "catboost") if installed(name)}
    busy = round(os.getloadavg()[2], 1)
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load": busy, **peers}


if __name__ == "__main__":
    main()
