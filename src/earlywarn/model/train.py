"""From examples to two fitted models: one that was tested, one that is kept.

The recipe is chosen on the training rows. The tested model is fitted on them and scores
the test rows, which it never saw; then the same recipe is fitted once more on all closed
dates, a year fresher, and that model is kept and used. Calibration is learnt out of fold:
the tested model's on training rows, the kept model's on those and on the test rows as the
tested model scored them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.features.catalogue import for_model
from earlywarn.features.feature import Feature
from earlywarn.model.calibrate import fit_calibration
from earlywarn.model.examples import Examples
from earlywarn.model.fitted import Fitted
from earlywarn.model.folds import Fold, training_folds
from earlywarn.model.recipe import Recipe, choose_recipe, names_of, steady_features


@dataclass(frozen=True)
class Trained:
    """What a training makes.

    test_raw, test_risk : scores of the test rows by the tested model, before and after calibration.
    characteristics     : features that are for the audit only, kept out of the model.
    dropped             : features that were left out, with the reason.
    usual_missing       : share of empty features that 99 of 100 rows of the kept model's training did not exceed.
    """

    recipe: Recipe
    folds: tuple[Fold, ...]
    folds_go: str
    tested: Fitted
    kept: Fitted
    test_raw: NDArray[np.float64]
    test_risk: NDArray[np.float64]
    characteristics: tuple[Feature, ...]
    dropped: tuple[tuple[str, str], ...]
    usual_missing: float


def train(
    examples: Examples,
    config: Config,
    closes: Mapping[date, date | None],
    storage: Path | None,
    on_trial: Callable[[int, float], None],
) -> Trained:
    """Choose the recipe, fit it twice and calibrate both."""
    training, test, kept = examples.training, examples.test, examples.kept
    candidates = for_model(examples.matrix.features, config)
    values = examples.matrix.choose(names_of(candidates))
    features, dropped = steady_features(values[training], values[test], candidates)
    values = examples.matrix.choose(names_of(features))
    outcome = examples.then.outcome[training] > 0
    folds, folds_go = training_folds(examples.matrix.people[training], outcome, closes, config.model.folds)
    recipe = choose_recipe(values[training], outcome, folds, features, config.model, storage, on_trial)

    out_of_fold = recipe.out_of_fold(values[training], outcome, folds)
    tested = Fitted(recipe.fit(values[training], outcome), fit_calibration(out_of_fold, outcome))
    test_raw = tested.model.raw_score(values[test])
    now = examples.now.outcome
    forward = fit_calibration(np.concatenate([out_of_fold, test_raw]), np.concatenate([outcome, now[test] > 0]))
    return Trained(
        recipe=recipe,
        folds=folds,
        folds_go=folds_go,
        tested=tested,
        kept=Fitted(recipe.fit(values[kept], now[kept] > 0), forward),
        test_raw=test_raw,
        test_risk=tested.calibration.apply(test_raw),
        characteristics=_audit_only(examples, candidates, training, test),
        dropped=dropped,
        usual_missing=float(np.quantile(np.isnan(values[kept]).mean(axis=1), 0.99)),
    )


def _audit_only(
    examples: Examples, candidates: Sequence[Feature], training: NDArray[np.bool_], test: NDArray[np.bool_]
) -> tuple[Feature, ...]:
    """Return the characteristics that the model may not use, where they vary and are known."""
    chosen = set(names_of(candidates))
    others = tuple(f for f in examples.matrix.features if f.block == "characteristics" and f.name not in chosen)
    values = examples.matrix.choose(names_of(others))
    return steady_features(values[training], values[test], others)[0]
