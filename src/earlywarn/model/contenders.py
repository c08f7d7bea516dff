"""The other contenders: what the model must beat, and what it would be with more or less.

In:  the examples, the model's recipe and its features.
Out: for each contender what it is, in words, and its scores of the test rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.features.feature import Feature
from earlywarn.model.calibrate import fit_calibration
from earlywarn.model.examples import Examples
from earlywarn.model.folds import FEWEST_SCHOOLS, Fold, by_group
from earlywarn.model.recipe import Recipe, choose_logistic, names_of
from earlywarn.model.rules import RuleInputs, rules_for

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Contender:
    """Someone's scores of the test rows; `probability` where they are meant as one.

    is_rule : a rule that a school could use without us, not a variant of the model.
    """

    name: str
    words: str
    risk: Scores
    probability: Scores | None = None
    is_rule: bool = False


def other_contenders(
    examples: Examples, recipe: Recipe, folds: Sequence[Fold], characteristics: Sequence[Feature], config: Config
) -> tuple[Contender, ...]:
    """Fit and score everyone but the model itself, in the order in which they are shown."""
    found = [_logistic(examples, recipe, folds)] if recipe.kind == "trees" else []
    silent = tuple(feature for feature in recipe.features if feature.block != "survey")
    if len(silent) < len(recipe.features):
        found.append(_variant(examples, recipe, silent, "without_surveys", "the model without the surveys"))
    alone = tuple(feature for feature in recipe.features if feature.block in ("attendance", "context"))
    if 0 < len(alone) < len(silent):
        found.append(_variant(examples, recipe, alone, "attendance_alone", "the model with attendance alone"))
    if characteristics:
        wider = (*recipe.features, *characteristics)
        words = "the model with the audit-only characteristics added"
        found.append(_variant(examples, recipe, wider, "with_characteristics", words))
    if examples.matrix.people["school_id"].nunique() >= FEWEST_SCHOOLS:
        found.append(_unseen_schools(examples, recipe, config))
    return (*found, *_rules(examples, config))


def _variant(examples: Examples, recipe: Recipe, features: tuple[Feature, ...], name: str, words: str) -> Contender:
    """Return the same recipe on other features; it ranks, and gives no probability."""
    values = examples.matrix.choose(names_of(features))
    model = replace(recipe, features=features).fit(
        values[examples.training], examples.then.outcome[examples.training] > 0
    )
    return Contender(name, words, model.raw_score(values[examples.test]))


def _unseen_schools(examples: Examples, recipe: Recipe, config: Config) -> Contender:
    """Return the model on schools that it never saw: each school is scored by a fit that left it out of training."""
    values, outcome = examples.matrix.choose(names_of(recipe.features)), examples.then.outcome > 0
    schools = examples.matrix.people["school_id"].to_numpy(object)
    raw = np.full(len(schools), np.nan)
    for others, held_out in by_group(schools, config.model.folds):
        train, test = others[examples.training[others]], held_out[examples.test[held_out]]
        raw[test] = recipe.fit(values[train], outcome[train]).raw_score(values[test])
    return Contender("unseen_schools", "the model on schools that it never saw", raw[examples.test])


def _logistic(examples: Examples, recipe: Recipe, folds: Sequence[Fold]) -> Contender:
    values = examples.matrix.choose(names_of(recipe.features))
    train, outcome = values[examples.training], examples.then.outcome[examples.training] > 0
    logistic = choose_logistic(train, outcome, folds, recipe.features)
    calibration = fit_calibration(logistic.out_of_fold(train, outcome, folds), outcome)
    raw = logistic.fit(train, outcome).raw_score(values[examples.test])
    return Contender("logistic", "logistic regression on the same features", raw, calibration.apply(raw))


def _rules(examples: Examples, config: Config) -> tuple[Contender, ...]:
    schools = examples.matrix.people["school_id"].to_numpy(object)
    inputs = RuleInputs(
        column=_column_of_test(examples),
        school=schools[examples.test],
        train_school=schools[examples.training],
        train_outcome=examples.then.outcome[examples.training] > 0,
    )
    rules = rules_for(config.population, examples.matrix.names, config.outcome.threshold)
    return tuple(Contender(rule.name, rule.words, rule.score(inputs), is_rule=True) for rule in rules)


def _column_of_test(examples: Examples) -> Callable[[str], NDArray[np.float32]]:
    return lambda name: examples.matrix.column(name)[examples.test]
