"""Boosted trees: LightGBM and the settings it is fitted with.

In:  the float32 matrix (rows, features) with NaN where nothing is known, the
     outcome, the names of the features and the direction in which each goes with risk.
Out: a booster whose text is the same, byte for byte, for the same input: every
     seed is set, rows are summed in one order, and no row is drawn at random.

Splits are numeric only: then the reasons (`contributions`) are exact.

Left out: LightGBM's quantised gradients, a tenth to a quarter faster. What they round depends on the
number of threads, and with their leaves renewed a score can go against a direction of risk.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from earlywarn.errors import BundleError
from earlywarn.model.shapley import CHUNK, shapley_values
from earlywarn.progress import bar

THREADS = 2
CHECKED = 50  # rows whose contributions are held against LightGBM's own
MAX_BIN = 127  # half of LightGBM's own: small folds fit in two thirds of the time, at the same log loss


@dataclass(frozen=True)
class TreeSettings:
    """What the trees are fitted with.

    learning_rate : how much of each tree's advice is taken.
    leaves        : ends of one tree, at most 31, so that reasons stay quick to compute.
    min_people    : rows that an end must rest on.
    l2            : how far an end that rests on few rows is pulled towards no advice.
    feature_share : share of the features that each tree may look at.
    trees         : how many there are.
    monotone      : whether a feature with a direction of risk may only go that way.
    """

    learning_rate: float = 0.06
    leaves: int = 8
    min_people: int = 40
    l2: float = 1.0
    feature_share: float = 0.8
    trees: int = 150
    monotone: bool = True


def fit_trees(
    values: NDArray[np.float32],
    outcome: NDArray[np.bool_],
    settings: TreeSettings,
    names: Sequence[str],
    risk: Sequence[int],
    seed: int,
    threads: int = THREADS,
) -> lgb.Booster:
    """Fit `settings.trees` trees to the log-odds of the outcome.

    values  : (n, f) float32, NaN where not known; a feature of NaN alone is not used.
    outcome : (n,) bool.
    risk    : (f,) of -1, 0, 1: a higher value goes with less risk, either, or more.
    threads : changes the time it takes, never the result.
    """
    params = train_params(settings, risk, seed, threads)
    return lgb.train(params, binned(values, outcome, names, seed), num_boost_round=settings.trees)


def binned(
    values: NDArray[np.float32],
    outcome: NDArray[np.bool_],
    names: Sequence[str],
    seed: int,
    like: lgb.Dataset | None = None,
) -> lgb.Dataset:
    """Cut every feature into bins, once; the result serves any `TreeSettings`.

    like : cut at the same places as these, so that the rows can be scored while `like` is being fitted.
    """
    label = outcome.astype(np.float32)
    return lgb.Dataset(values, label, feature_name=list(names), reference=like, params=_bin_params(seed)).construct()


def _bin_params(seed: int) -> dict[str, Any]:
    return {
        "max_bin": MAX_BIN,
        "feature_pre_filter": False,  # min_people changes between trials, the bins do not
        "seed": seed,
        "num_threads": THREADS,
        "verbosity": -1,
    }


def train_params(settings: TreeSettings, risk: Sequence[int], seed: int, threads: int = THREADS) -> dict[str, Any]:
    """Return LightGBM's own parameters for these settings."""
    params = _bin_params(seed) | {
        "objective": "binary",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.min_people,
        "lambda_l2": settings.l2,
        "feature_fraction": settings.feature_share,
        "extra_trees": True,  # one random place to split at per feature: less noise at the same cost
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": threads,
    }
    if settings.monotone and any(risk):
        # "intermediate" and "advanced" let a score fall where values are missing (seen in half of small fits)
        params |= {"monotone_constraints": list(risk), "monotone_constraints_method": "basic"}
    return params


def raw_score(booster: lgb.Booster, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the log-odds of the outcome before calibration, (n,) float64, one a row."""
    return np.asarray(booster.predict(values, raw_score=True, num_threads=THREADS), dtype=np.float64)


def contributions(booster: lgb.Booster, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what each feature adds to the log-odds, (n, f + 1); the last column is what all rows start from.

    These are SHAP values along the trees' own paths (`shapley`). Every row is checked to add up to its `raw_score`, and
    some against LightGBM's own, dearer, values; where either fails there is a `BundleError`, and no reason is given.
    """
    added = _added(booster_text(booster), values)
    some = slice(None, None, max(1, len(values) // CHECKED))
    if not _alike(added.sum(axis=1), raw_score(booster, values)):
        raise _inexact("what the features add does not come to the score")
    if len(values) and not _alike(added[some], _lightgbm_contributions(booster, values[some])):
        raise _inexact("what the features add is not what LightGBM says")
    return added


def _added(text: str, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the contributions; a bar counts the rows where there are more than are worked out at a time."""
    if len(values) <= CHUNK:
        return shapley_values(text, values)
    with bar("Explaining", len(values)) as rows:
        return shapley_values(text, values, lambda done: rows.advance(by=done))


def _alike(found: NDArray[np.float64], expected: NDArray[np.float64]) -> bool:
    return np.allclose(found, expected, rtol=1e-6, atol=1e-6)


def _inexact(what: str) -> BundleError:
    return BundleError(
        f"no reasons can be given: {what}",
        fix="train the model again with this earlywarn, and with the version of LightGBM that it names",
    )


def _lightgbm_contributions(booster: lgb.Booster, values: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(booster.predict(values, pred_contrib=True, num_threads=THREADS), dtype=np.float64)


def booster_text(booster: lgb.Booster) -> str:
    """Return LightGBM's own text of the trees, the same whatever the number of threads was."""
    return re.sub(r"\[num_threads: \d+\]", "[num_threads: 0]", booster.model_to_string(num_iteration=-1))


def booster_from_text(text: str) -> lgb.Booster:
    """Build the trees again; the text must be one whose hash was checked, since damaged text can end the process."""
    return lgb.Booster(model_str=text)


@dataclass(frozen=True, eq=False)
class TreeModel:
    """Boosted trees as a `Model`."""

    booster: lgb.Booster

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in the order of the matrix."""
        return tuple(self.booster.feature_name())

    def raw_score(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the log-odds before calibration, one a row."""
        return raw_score(self.booster, values)

    def contributions(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return what each feature adds to the log-odds, and last what all start from."""
        return contributions(self.booster, values)
