"""The recipe of a model, and the model that it makes from some rows.

In:  training rows (values, outcome), folds of them, the features the model may use.
Out: a `Recipe`: what was chosen on the training rows alone. Fitting it on other rows makes
     another model by the same recipe; nothing is chosen anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import ModelSettings
from earlywarn.errors import TooFewError
from earlywarn.features.feature import Feature
from earlywarn.model import Model
from earlywarn.model.fit import TreeModel, TreeSettings, fit_trees
from earlywarn.model.folds import Fold
from earlywarn.model.logistic import choose_penalty, fit_logistic, logistic_out_of_fold
from earlywarn.model.tune import Trial, out_of_fold, tune

FEWEST_FOR_TREES = 100  # people with the outcome in training
FEWEST_AT_ALL = 30

Values = NDArray[np.float32]
Outcomes = NDArray[np.bool_]


@dataclass(frozen=True)
class Trees:
    """Gradient-boosted trees with tuned settings."""

    features: tuple[Feature, ...]
    settings: TreeSettings
    trials: tuple[Trial, ...]
    seed: int
    kind: Literal["trees"] = "trees"

    def fit(self, values: Values, outcome: Outcomes) -> Model:
        return TreeModel(fit_trees(values, outcome, self.settings, names_of(self.features), self._risk, self.seed))

    def out_of_fold(self, values: Values, outcome: Outcomes, folds: Sequence[Fold]) -> NDArray[np.float64]:
        return out_of_fold(values, outcome, folds, self.settings, names_of(self.features), self._risk, self.seed)

    @property
    def _risk(self) -> tuple[int, ...]:
        return tuple(feature.risk for feature in self.features)


@dataclass(frozen=True)
class Logistic:
    """Logistic regression with a chosen penalty."""

    features: tuple[Feature, ...]
    penalty: float
    kind: Literal["logistic"] = "logistic"

    def fit(self, values: Values, outcome: Outcomes) -> Model:
        return fit_logistic(values, outcome, names_of(self.features), self.penalty)

    def out_of_fold(self, values: Values, outcome: Outcomes, folds: Sequence[Fold]) -> NDArray[np.float64]:
        return logistic_out_of_fold(values, outcome, folds, names_of(self.features), self.penalty)


Recipe = Trees | Logistic


def names_of(features: Sequence[Feature]) -> tuple[str, ...]:
    """Return the names of features, in their order."""
    return tuple(feature.name for feature in features)


def choose_recipe(
    values: Values,
    outcome: Outcomes,
    folds: Sequence[Fold],
    features: Sequence[Feature],
    settings: ModelSettings,
    storage: Path | None,
    on_trial: Callable[[int, float], None],
) -> Recipe:
    """Tune trees where there are enough outcomes, else choose a logistic regression; refuse under 30."""
    happened = int(outcome.sum())
    if min(happened, int((~outcome).sum())) < FEWEST_AT_ALL:
        raise TooFewError(
            f"{happened} of {len(outcome)} training rows have the outcome; "
            f"at least {FEWEST_AT_ALL} with and without it are needed",
            fix="add schools, earlier years or as-of dates, or choose a more common outcome",
        )
    if happened < FEWEST_FOR_TREES:
        return choose_logistic(values, outcome, folds, features)
    risk = tuple(feature.risk for feature in features)
    tuned = tune(values, outcome, folds, names_of(features), risk, settings, storage, on_trial)
    return Trees(tuple(features), tuned.settings, tuned.trials, settings.seed)


def choose_logistic(values: Values, outcome: Outcomes, folds: Sequence[Fold], features: Sequence[Feature]) -> Logistic:
    """Choose the penalty of a logistic regression over folds."""
    return Logistic(tuple(features), choose_penalty(values, outcome, folds))


MOST_MISSING_GAP = 0.20
MOST_BEYOND = 0.50


def steady_features(
    train: Values, test: Values, features: Sequence[Feature]
) -> tuple[tuple[Feature, ...], tuple[tuple[str, str], ...]]:
    """Return the features to use, and those that are dropped with the reason. No outcome is looked at."""
    used: list[Feature] = []
    dropped: list[tuple[str, str]] = []
    for index, feature in enumerate(features):
        why = _unsteady(train[:, index], test[:, index])
        if why:
            dropped.append((feature.name, why))
        else:
            used.append(feature)
    return tuple(used), tuple(dropped)


def _unsteady(train: Values, test: Values) -> str:
    """Return why a feature would mislead; nothing if it would not.

    It never varies in training; its missing share differs by more than 20 points between
    training and test; or most of the test lies beyond what training has seen, as the mean of
    one school does when there is one date to learn from.
    """
    known, later = train[~np.isnan(train)], test[~np.isnan(test)]
    if not len(known):
        return "empty in training"
    if known.min() == known.max():
        return "the same for everyone in training"
    gap = abs(len(known) / len(train) - len(later) / len(test))
    if gap > MOST_MISSING_GAP:
        return f"its missing share differs by {100 * gap:.0f} points between training and test"
    beyond = float(((later < known.min()) | (later > known.max())).mean()) if len(later) else 0.0
    if beyond > MOST_BEYOND:
        return f"{100 * beyond:.0f}% of the test lies beyond what training has seen"
    return ""
