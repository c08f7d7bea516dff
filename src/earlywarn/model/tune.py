"""Settings of the trees, chosen over folds by Optuna.

In:  the matrix, the outcome and folds as (training rows, test rows).
Out: `Tuned`: the settings with the lowest mean log loss, and every trial on the way.

A trial is drawn with a seed of its own, taken from how many were finished before it:
a search that was killed and called again therefore ends where an uninterrupted one
would. In storage a search is named after its data, so that no other data can
continue it. Each fold is cut into bins once, for all trials.

Of a large trust, trials see some of each fold's rows, drawn at random: settings that differ by less than those rows
can tell are as good as each other. How many trees the best settings want does depend on the rows, so that is found
once more on all of them.

Trials race: after each fold, one that is behind the best so far on the same folds is given
up. Most are after the first, so 40 trials over 5 folds take some 80 fits, not 200.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import lightgbm as lgb
import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.trial import FrozenTrial, TrialState

from earlywarn.config import ModelSettings
from earlywarn.model.fit import TreeSettings, binned, fit_trees, raw_score, train_params

MOST_TREES = 250
PATIENCE = 30  # trees without a gain before a fold stops
MOST_ROWS = 60_000  # rows that a trial learns from in one fold
LEEWAY = 0.001  # of the best trial's loss: how far behind it a trial may be after its first fold
SPACE_FORMAT = 3  # raise it when the space or the way of searching changes: older studies are then left alone

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class Trial:
    """One combination that was tried; a pruned one was given up after some of the folds."""

    number: int
    settings: TreeSettings
    log_loss: float
    pruned: bool


@dataclass(frozen=True)
class Tuned:
    """The settings that did best, and every trial in order."""

    settings: TreeSettings
    log_loss: float
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class _BinnedFold:
    train: lgb.Dataset
    test: lgb.Dataset


def tune(
    values: NDArray[np.float32],
    outcome: NDArray[np.bool_],
    folds: Sequence[Fold],
    names: Sequence[str],
    risk: Sequence[int],
    settings: ModelSettings,
    storage: Path | None = None,
    on_trial: Callable[[int, float], None] = lambda number, best: None,
) -> Tuned:
    """Search until `settings.trials` are finished, or its minutes are over; the first trial is our defaults.

    storage  : an SQLite file that a killed search continues from; None keeps the search in memory.
    on_trial : told, for each trial that is finished, how many are and the lowest log loss so far.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = _study(_name(values, outcome, folds, names, risk, settings), storage)
    thinned = [_thinned(fold, settings.seed) for fold in folds]
    rows = [_bin_fold(values, outcome, fold, names, settings.seed) for fold in thinned]
    for number in range(min(len(_finished(study)), settings.trials)):  # of a search that was killed
        on_trial(number + 1, study.best_value)
    began = time.monotonic()
    while (done := len(_finished(study))) < settings.trials and not (done and _over(settings.minutes, began)):
        _run_trial(study, rows, risk, settings, done)
        on_trial(done + 1, study.best_value)
    trials = tuple(_trial(number, found) for number, found in enumerate(_finished(study)[: settings.trials]))
    best = min((trial for trial in trials if not trial.pruned), key=lambda trial: trial.log_loss)
    if all(few is fold for few, fold in zip(thinned, folds, strict=True)):
        return Tuned(best.settings, best.log_loss, trials)
    whole = (_bin_fold(values, outcome, fold, names, settings.seed) for fold in folds)
    return Tuned(_with_trees(best.settings, whole, risk, settings.seed), best.log_loss, trials)


def _thinned(fold: Fold, seed: int) -> Fold:
    """Return some of a fold's rows, as large a share of those it tests as of those it learns from."""
    share = MOST_ROWS / len(fold[0])
    if share >= 1:
        return fold
    random = np.random.default_rng(seed)
    train, test = (np.sort(random.choice(part, max(1, round(share * len(part))), replace=False)) for part in fold)
    return train, test


def _with_trees(settings: TreeSettings, folds: Iterable[_BinnedFold], risk: Sequence[int], seed: int) -> TreeSettings:
    """Return the settings with as many trees as do best on these folds, on average."""
    most = replace(settings, trees=MOST_TREES)
    return replace(settings, trees=_mean_trees([_fit_fold(fold, most, risk, seed)[1] for fold in folds]))


def _mean_trees(trees: Sequence[int]) -> int:
    return max(1, round(float(np.mean(trees))))


def out_of_fold(
    values: NDArray[np.float32],
    outcome: NDArray[np.bool_],
    folds: Sequence[Fold],
    settings: TreeSettings,
    names: Sequence[str],
    risk: Sequence[int],
    seed: int,
) -> NDArray[np.float64]:
    """Return the log-odds of each row from trees that never saw it, (n,); NaN for a row that no fold tests."""
    scores = np.full(len(outcome), np.nan)
    for train, test in folds:
        booster = fit_trees(values[train], outcome[train], settings, names, risk, seed)
        scores[test] = raw_score(booster, values[test])
    return scores


def _over(minutes: float | None, began: float) -> bool:
    return minutes is not None and time.monotonic() - began > 60 * minutes


def _name(
    values: NDArray[np.float32],
    outcome: NDArray[np.bool_],
    folds: Sequence[Fold],
    names: Sequence[str],
    risk: Sequence[int],
    settings: ModelSettings,
) -> str:
    """Return a name that changes with anything that could change a trial; the number of trials cannot."""
    digest = blake2b(digest_size=12)
    versions = (SPACE_FORMAT, lgb.__version__, optuna.__version__)
    digest.update(repr((versions, tuple(names), tuple(risk), settings.seed, settings.monotone)).encode())
    for array in (values, outcome, *(part for fold in folds for part in fold)):
        digest.update(repr((array.shape, array.dtype.str)).encode())
        digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return digest.hexdigest()


def _study(name: str, storage: Path | None) -> optuna.Study:
    """Open the search; a trial that was running when the process died is marked as failed and drawn again."""
    if storage is not None:
        storage.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        study_name=name,
        storage=None if storage is None else f"sqlite:///{storage.resolve().as_posix()}",
        load_if_exists=True,
    )
    for died in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(died.number, state=TrialState.FAIL)
    return study


def _finished(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))


def _run_trial(
    study: optuna.Study, rows: Sequence[_BinnedFold], risk: Sequence[int], settings: ModelSettings, done: int
) -> None:
    """Draw, fit and record one trial."""
    study.sampler = optuna.samplers.TPESampler(seed=settings.seed + done, n_startup_trials=6)
    if done == 0 and not study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
        study.enqueue_trial(_as_drawn(TreeSettings()))
    trial = study.ask()
    tried = replace(_draw(trial), trees=MOST_TREES, monotone=settings.monotone)
    losses, trees = [], []
    for number, fold in enumerate(rows):
        loss, best = _fit_fold(fold, tried, risk, settings.seed)
        losses.append(loss)
        trees.append(best)
        trial.report(float(np.mean(losses)), number)
        if len(losses) < len(rows) and _is_behind(study, losses):
            break
    trial.set_user_attr("trees", _mean_trees(trees))
    trial.set_user_attr("monotone", settings.monotone)
    if len(losses) < len(rows):
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, float(np.mean(losses)))


def _is_behind(study: optuna.Study, losses: Sequence[float]) -> bool:
    """Return whether a trial is too far behind the best full one over the same folds.

    The leeway shrinks with each fold: what is left can turn less and less. Optuna's own median pruner
    compares a trial's best fold, and so spares each one that met an easy fold early.
    """
    full = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if not full:
        return False
    done = len(losses)
    best = study.best_trial.intermediate_values[done - 1]
    return float(np.mean(losses)) > best * (1 + LEEWAY / done)


def _draw(trial: optuna.Trial) -> TreeSettings:
    return TreeSettings(
        learning_rate=trial.suggest_float("learning_rate", 0.04, 0.2, log=True),
        leaves=trial.suggest_int("leaves", 4, 31, log=True),
        min_people=trial.suggest_int("min_people", 10, 200, log=True),
        l2=trial.suggest_float("l2", 0.01, 100.0, log=True),
        feature_share=trial.suggest_float("feature_share", 0.3, 1.0),
    )


def _as_drawn(settings: TreeSettings) -> dict[str, float]:
    drawn = ("learning_rate", "leaves", "min_people", "l2", "feature_share")
    return {name: getattr(settings, name) for name in drawn}


def _bin_fold(
    values: NDArray[np.float32], outcome: NDArray[np.bool_], fold: Fold, names: Sequence[str], seed: int
) -> _BinnedFold:
    train, test = fold
    rows = binned(values[train], outcome[train], names, seed)
    return _BinnedFold(rows, binned(values[test], outcome[test], names, seed, like=rows))


def _fit_fold(fold: _BinnedFold, settings: TreeSettings, risk: Sequence[int], seed: int) -> tuple[float, int]:
    """Return the lowest log loss on the fold's test rows, and the number of trees that reached it."""
    booster = lgb.train(
        train_params(settings, risk, seed) | {"metric": "binary_logloss"},
        fold.train,
        num_boost_round=settings.trees,
        valid_sets=[fold.test],
        valid_names=["test"],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
    )
    return float(booster.best_score["test"]["binary_logloss"]), booster.best_iteration


def _trial(number: int, found: FrozenTrial) -> Trial:
    attrs = found.user_attrs
    settings = TreeSettings(**found.params, trees=attrs["trees"], monotone=attrs["monotone"])
    value = found.value
    assert value is not None  # a finished trial of ours has reported at least one fold
    return Trial(number, settings, value, pruned=found.state is TrialState.PRUNED)
