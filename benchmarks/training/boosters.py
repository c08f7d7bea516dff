"""Boosters side by side: ours, ours with one default changed, and others as they come.

In:  rows.
Out: a function that fits, and returns what scores later rows by log-odds.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from earlywarn.model.fit import TreeSettings, binned, raw_score, train_params

from .rows import Rows

Score = Callable[[NDArray[np.float32]], NDArray[np.float64]]
Fit = Callable[[Rows, int], Score]
THREADS = 2

# What is changed in ours, one at a time: words, and LightGBM's parameters.
CHANGES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "ours": ("**earlywarn**", {}),
    "bins_255": ("255 bins, not 127", {"max_bin": 255}),
    "bins_63": ("63 bins", {"max_bin": 63}),
    "best_place": ("the best place to split, not a random one", {"extra_trees": False}),
    "unconstrained": ("no directions of risk", {"monotone_constraints": None}),
    "advanced": ("directions by LightGBM's `advanced` method", {"monotone_constraints_method": "advanced"}),
    "any_order": (
        "sums in any order (`deterministic`, `force_row_wise` off)",
        {"deterministic": False, "force_row_wise": False},
    ),
    "quantised": ("quantised gradients", {"use_quantized_grad": True}),
    "all_features": ("every feature for every tree", {"feature_fraction": 1.0}),
    "leaves_31": ("31 leaves, as LightGBM has them, not 8", {"num_leaves": 31}),
}
PEERS = {
    "lightgbm": "LightGBM as it comes",
    "lightgbm_quantised": "LightGBM with quantised gradients",
    "xgboost": "XGBoost",
    "catboost": "CatBoost",
    "sklearn": "scikit-learn's HistGradientBoosting",
}


def ours(rows: Rows, trees: int, **changed: Any) -> Score:
    """Fit as `earlywarn train` does, with some of LightGBM's parameters changed."""
    data, params = prepared(rows, slice(None), changed)
    booster = lgb.train(params, data, num_boost_round=trees)
    return partial(raw_score, booster)


def prepared(rows: Rows, which: Any, changed: Mapping[str, Any]) -> tuple[lgb.Dataset, dict[str, Any]]:
    """Return some of the training rows in bins, and the parameters to fit them with."""
    params = train_params(TreeSettings(), rows.risk, seed=1) | changed
    data = binned(rows.values[which], rows.outcome[which], rows.names, seed=1)
    if "max_bin" in changed:
        label = rows.outcome[which].astype(np.float32)
        data = lgb.Dataset(rows.values[which], label, feature_name=list(rows.names), params=params).construct()
    return data, params


def lightgbm(rows: Rows, trees: int, **changed: Any) -> Score:
    params = {"objective": "binary", "num_threads": THREADS, "verbosity": -1, **changed}
    booster = lgb.train(params, lgb.Dataset(rows.values, rows.outcome.astype(np.float32)), num_boost_round=trees)
    return partial(raw_score, booster)


def xgboost(rows: Rows, trees: int) -> Score:
    import xgboost as xgb

    params = {"objective": "binary:logistic", "tree_method": "hist", "nthread": THREADS}
    booster = xgb.train(params, xgb.QuantileDMatrix(rows.values, rows.outcome, nthread=THREADS), num_boost_round=trees)
    return lambda values: np.asarray(booster.predict(xgb.DMatrix(values), output_margin=True), np.float64)


def catboost(rows: Rows, trees: int) -> Score:
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(iterations=trees, thread_count=THREADS, verbose=0, allow_writing_files=False)
    model.fit(rows.values, rows.outcome)
    return lambda values: np.asarray(model.predict(values, prediction_type="RawFormulaVal"), np.float64)


def sklearn(rows: Rows, trees: int) -> Score:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(max_iter=trees, early_stopping=False).fit(rows.values, rows.outcome)
    return lambda values: np.asarray(model.decision_function(values), np.float64)


def fits() -> dict[str, Fit]:
    """Return every contender of the fit, by name."""
    changed: dict[str, Fit] = {name: partial(ours, **change) for name, (_, change) in CHANGES.items()}
    return changed | {
        "lightgbm": lightgbm,
        "lightgbm_quantised": partial(lightgbm, use_quantized_grad=True),
        "xgboost": xgboost,
        "catboost": catboost,
        "sklearn": sklearn,
    }
