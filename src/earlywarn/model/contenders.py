"""The other contenders: what the model must beat, and what it would be with more or less.

In:  the examples, the model's recipe and its features.
Out: for each contender what it is, in words, and its scores of the test rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config, Population
from earlywarn.features.feature import Feature
from earlywarn.features.staff_views import STAFF_VIEWS
from earlywarn.features.survey import tells_answers, tells_participation
from earlywarn.model.calibrate import fit_calibration
from earlywarn.model.examples import Examples
from earlywarn.model.folds import FEWEST_SCHOOLS, Fold, by_group
from earlywarn.model.recipe import Recipe, Trees, choose_logistic, names_of
from earlywarn.model.rules import Rule, RuleInputs, rules_for
from earlywarn.model.train import Trained

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


Entry = Callable[[], Contender]


def entries(examples: Examples, trained: Trained, config: Config) -> tuple[Entry, ...]:
    """Return everyone but the model itself, in the order in which they are shown: each call fits and scores one."""
    recipe = trained.recipe
    rules = rules_for(config.population, examples.matrix.names, config.outcome.threshold)
    has_schools = examples.people["school_id"].nunique() >= FEWEST_SCHOOLS
    return (
        *([partial(_logistic, examples, recipe, trained.folds)] if recipe.kind == "trees" else []),
        *(partial(_variant, examples, variant) for variant in _variants(trained, config)),
        *([partial(_unseen_schools, examples, recipe, config)] if has_schools else []),
        *(partial(_by_rule, examples, rule) for rule in rules),
    )


@dataclass(frozen=True)
class _Variant:
    """The model by a recipe with more or less in it."""

    name: str
    words: str
    recipe: Recipe


def _variants(trained: Trained, config: Config) -> list[_Variant]:
    """Return the model without something, with a part of it alone, with what it may not use, and unconstrained."""
    recipe = trained.recipe
    found: list[_Variant] = []
    for name, words, belongs in _PARTS[config.population]:
        part = tuple(feature for feature in recipe.features if belongs(feature))
        if part and part not in (recipe.features, *(one.recipe.features for one in found)):
            found.append(_Variant(name, words, replace(recipe, features=part)))
    if trained.characteristics:
        wider = replace(recipe, features=(*recipe.features, *trained.characteristics))
        found.append(_Variant("with_characteristics", "the model with the audit-only characteristics added", wider))
    if isinstance(recipe, Trees) and recipe.settings.monotone and any(feature.risk for feature in recipe.features):
        free = replace(recipe, settings=replace(recipe.settings, monotone=False))
        found.append(
            _Variant("unconstrained", "the model without its fixed directions of risk (monotone constraints)", free)
        )
    return found


_WITHOUT_SURVEYS = (
    "without_surveys", "the model without the surveys", lambda feature: feature.block not in ("survey", STAFF_VIEWS),
)  # fmt: skip
_PARTS: Mapping[Population, tuple[tuple[str, str, Callable[[Feature], bool]], ...]] = {
    "pupils": (
        _WITHOUT_SURVEYS,
        (
            "attendance_alone",
            "the model with attendance alone",
            lambda feature: feature.block in ("attendance", "context"),
        ),
    ),
    "staff": (
        _WITHOUT_SURVEYS,
        ("answers_alone", "the model with the answers to surveys alone", tells_answers),
        ("participation_alone", "the model with participation in surveys alone", tells_participation),
    ),
}


def _variant(examples: Examples, variant: _Variant) -> Contender:
    """Fit a variant; it ranks, and gives no probability."""
    values = examples.matrix.choose(names_of(variant.recipe.features))
    model = variant.recipe.fit(values[examples.training], examples.then.outcome[examples.training] > 0)
    return Contender(variant.name, variant.words, model.raw_score(values[examples.test]))


def _unseen_schools(examples: Examples, recipe: Recipe, config: Config) -> Contender:
    """Return the model on schools that it never saw: each school is scored by a fit that left it out of training."""
    values, outcome = examples.matrix.choose(names_of(recipe.features)), examples.then.outcome > 0
    schools = examples.people["school_id"].to_numpy(object)
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


def _by_rule(examples: Examples, rule: Rule) -> Contender:
    schools = examples.people["school_id"].to_numpy(object)
    inputs = RuleInputs(
        column=lambda name: examples.matrix.column(name)[examples.test],
        school=schools[examples.test],
        train_school=schools[examples.training],
        train_outcome=examples.then.outcome[examples.training] > 0,
    )
    return Contender(rule.name, rule.words, rule.score(inputs), is_rule=True)
