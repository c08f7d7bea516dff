"""From features to scores with reasons: ours, and what LightGBM and shap take for the contributions alone.

In:  the folder of `pupils.made`.
Out: for each contender its seconds, on the clock and of the processors; of ours, also those of its parts. The peers
     explain some rows, one after the other: what all would take is reckoned from them.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from earlywarn.config import AsOf, Config
from earlywarn.explain.reasons import explain
from earlywarn.explain.words import load_book
from earlywarn.features.build import Matrix
from earlywarn.model.calibrate import Sigmoid
from earlywarn.model.fit import THREADS, TreeModel, booster_from_text
from earlywarn.model.shapley import shapley_values
from earlywarn.score.lists import score_frame

from .pupils import Made, Values, features, made, questionnaires

CONFIG = Config(name="pupil-absence", as_of=AsOf(weeks_of_year=(10,)))
CHECKED = 500  # rows whose contributions are held against LightGBM's
ASKED = {"lightgbm": 4_000, "shap": 1_000, "shap_beside_others": 50}  # rows that a peer explains, reckoned up to all
BACKGROUND = 100
Measured = dict[str, float]


def ours(folder: Path) -> Measured:
    """Score all pupils, explain all scores, and say the reasons of those who are listed."""
    found = made(folder)
    parts: Measured = {}
    with timed("all", parts):
        model = TreeModel(booster_from_text(found.trees))
        with timed("scores and lists", parts):
            raw = model.raw_score(found.values)
            matrix = Matrix(found.people, features(), found.values)
            scores = score_frame(matrix, raw, Sigmoid(1.0, 0.0).apply(raw), CONFIG, "1")
        with timed("contributions, checked", parts):
            added = model.contributions(found.values)
        with timed("reasons in words", parts):
            listed = scores["listed"].to_numpy(bool)
            told = explain(
                added[listed], found.values, features(), found.people, listed, "pupils", load_book(), questionnaires()
            )
    assert all(one.reasons for one in told)
    return parts | {"listed": len(told), "most apart from LightGBM": _apart(found)}


def _apart(found: Made) -> float:
    """Return the largest difference of a contribution from LightGBM's own, over some rows."""
    some = found.values[:: len(found.values) // CHECKED]
    theirs = np.asarray(booster_from_text(found.trees).predict(some, pred_contrib=True))
    return float(np.abs(shapley_values(found.trees, some) - theirs).max())


def lightgbm(folder: Path) -> Measured:
    """Let LightGBM explain scores."""
    found = made(folder)
    booster = booster_from_text(found.trees)
    return _reckoned("lightgbm", found, lambda values: booster.predict(values, pred_contrib=True, num_threads=THREADS))


def shap(folder: Path) -> Measured:
    """Let shap explain scores along the trees' own paths, for which it asks LightGBM."""
    from shap import TreeExplainer

    found = made(folder)
    explainer = TreeExplainer(booster_from_text(found.trees))
    return _reckoned("shap", found, lambda values: explainer.shap_values(values, check_additivity=False))


def shap_beside_others(folder: Path) -> Measured:
    """Let shap explain scores beside a hundred pupils, with its own loop."""
    from shap import TreeExplainer

    found = made(folder)
    others = found.values[-BACKGROUND:].astype(np.float64)
    explainer = TreeExplainer(booster_from_text(found.trees), others, feature_perturbation="interventional")
    return _reckoned(
        "shap_beside_others",
        found,
        lambda values: explainer.shap_values(values.astype(np.float64), check_additivity=False),
    )


def _reckoned(name: str, found: Made, explain_rows: Callable[[Values], object]) -> Measured:
    """Time some rows, and reckon what all would take."""
    parts: Measured = {}
    with timed("all", parts):
        explain_rows(found.values[: ASKED[name]])
    return {part: seconds * len(found.values) / ASKED[name] for part, seconds in parts.items()} | {"rows": ASKED[name]}


@contextmanager
def timed(part: str, parts: Measured) -> Iterator[None]:
    """Note the seconds of a part, on the clock and of the processors."""
    began, busy = time.perf_counter(), time.process_time()
    yield
    parts[part] = time.perf_counter() - began
    parts[f"{part}, of processors"] = time.process_time() - busy


CONTENDERS: Mapping[str, Callable[[Path], Measured]] = {
    "ours": ours,
    "lightgbm": lightgbm,
    "shap": shap,
    "shap_beside_others": shap_beside_others,
}
