"""The recipe that every study fits: the features that serve, and settings that are tuned once for each size.

In:  rows of the country.
Out: a recipe, and the model that it makes; `results/models_settings.json` holds the settings.

A training tunes for every trust anew. Here settings are tuned on schools that no study learns from or is judged on,
as a training does, at 8,000 pupils and at 100,000.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature
from earlywarn.model import Model
from earlywarn.model.fit import TreeSettings
from earlywarn.model.folds import Fold, by_group
from earlywarn.model.recipe import Trees, choose_recipe, names_of, steady_features

from .country import THIS_YEAR, TUNING, Rows, features, half, load, shipped_config, together

RESULTS = Path(__file__).parents[1] / "results"
SETTINGS = RESULTS / "models_settings.json"
SMALL, LARGE = 8_000, 100_000  # pupils
HALVES = {SMALL: 1, LARGE: 13}  # of a part, 20 schools each; 13 hold 104,000 pupils
AT_ONCE = 100_000  # rows


def settings_for(pupils: int) -> TreeSettings:
    """Return the settings for trusts of a size, tuned and kept if they are not known yet."""
    known = json.loads(SETTINGS.read_text(encoding="utf-8")) if SETTINGS.exists() else {}
    if str(pupils) not in known:
        known[str(pupils)] = asdict(_tuned(pupils))
        SETTINGS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8", newline="\n")
    return TreeSettings(**known[str(pupils)])


def _tuned(pupils: int) -> TreeSettings:
    """Return the settings that a training chooses on schools that are nobody else's."""
    rows = together([half(load(part), number) for part in TUNING for number in (0, 1)][: HALVES[pupils]])
    config = shipped_config(THIS_YEAR)
    used, _ = steady_features(rows.values, rows.values, features())
    recipe = choose_recipe(
        columns(rows, used), rows.outcome, folds_of(rows, config.model.folds), used, config.model, None, _say
    )
    assert isinstance(recipe, Trees)  # there are thousands of pupils with the outcome
    return recipe.settings


def _say(trial: int, best: float) -> None:
    print(f"trial {trial}: best log loss {best:.5f}", flush=True)


def folds_of(rows: Rows, count: int) -> tuple[Fold, ...]:
    """Return folds by school, as a training has them that learns from one year."""
    return by_group(rows.school.astype(object), count)


def recipe_for(train: Rows, test: Rows, settings: TreeSettings, seed: int = 1) -> Trees:
    """Return the recipe of a training that has chosen these settings: which features serve is found anew."""
    used, _ = steady_features(train.values, test.values, features())
    return Trees(used, settings, trials=(), seed=seed)


def without(recipe: Trees, *blocks: str) -> Trees:
    """Return the recipe without some blocks of features."""
    return replace(recipe, features=tuple(feature for feature in recipe.features if feature.block not in blocks))


def fit(recipe: Trees, rows: Rows) -> Model:
    """Return the model that a recipe makes of some rows."""
    return recipe.fit(columns(rows, recipe.features), rows.outcome)


def score(recipe: Trees, model: Model, rows: Rows) -> NDArray[np.float64]:
    """Return a model's raw scores of some rows, however many they are."""
    pieces = [slice(first, first + AT_ONCE) for first in range(0, len(rows), AT_ONCE)]
    place = places(recipe.features)
    return np.concatenate([model.raw_score(np.ascontiguousarray(rows.values[piece][:, place])) for piece in pieces])


def columns(rows: Rows, used: Sequence[Feature]) -> NDArray[np.float32]:
    """Return the values of some features."""
    return np.ascontiguousarray(rows.values[:, places(used)])


def places(used: Sequence[Feature]) -> list[int]:
    known = names_of(features())
    return [known.index(name) for name in names_of(used)]
