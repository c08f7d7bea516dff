"""Made-up pupils in any amount, and trees as large as ours may be.

In:  how many pupils; a folder that keeps what was made for the next process.
Out: `Made`: values of a hundred features of the catalogue, drawn in their units, and LightGBM's text of the trees.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.features.attendance import ATTENDANCE, CONTEXT
from earlywarn.features.feature import Feature
from earlywarn.features.people import MOVEMENT, event_features
from earlywarn.features.survey import survey_features
from earlywarn.model.fit import TreeSettings, booster_text, fit_trees
from earlywarn.model.recipe import names_of
from earlywarn.paths import shipped_instruments
from earlywarn.surveys.instrument import Instrument, load_instruments

PUPILS, A_SCHOOL, FEATURES = 100_000, 500, 100
SETTINGS = TreeSettings(leaves=31, trees=400, monotone=False)
LEARNT_FROM = 20_000
AS_OF = date(2026, 11, 9)
# What a value of a unit lies between: 0 and this; differences, half of it to either side.
SPANS = {"share": 0.2, "percentile": 1, "points": 10, "share points": 0.3, "years": 8}
COUNTED = {"yes or no": 2, "sessions": 90}
SPAN = 10  # of all else that is counted
DIFFERENCES = ("share points", "_change", "_gap")

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Made:
    """Pupils and trees.

    values : (pupils, 100), a tenth not known.
    trees  : LightGBM's own text of 400 trees of 31 leaves.
    """

    values: Values
    people: pd.DataFrame
    trees: str


@cache
def questionnaires() -> tuple[Instrument, ...]:
    return tuple(load_instruments(shipped_instruments()).values())


@cache
def features() -> tuple[Feature, ...]:
    """Return a hundred features of the catalogue."""
    asked = survey_features(questionnaires(), ("year_group", "year group"))
    return (*MOVEMENT, *event_features(("behaviour",)), *CONTEXT, *ATTENDANCE, *asked)[:FEATURES]


def made(folder: Path) -> Made:
    """Return the pupils and trees; the trees are fitted once and kept in the folder."""
    values, outcome = _drawn()
    kept = folder / "trees.txt"
    if not kept.exists():
        names, rows = names_of(features()), slice(0, LEARNT_FROM)
        fitted = fit_trees(values[rows], outcome[rows], SETTINGS, names, (0,) * FEATURES, seed=1)
        kept.write_text(booster_text(fitted), encoding="utf-8")
    return Made(values, roll(PUPILS), kept.read_text(encoding="utf-8"))


def roll(pupils: int) -> pd.DataFrame:
    """Return who is on roll, in schools of 500 from Year 1 to Year 11."""
    number = np.arange(pupils)
    return pd.DataFrame({
        "person_id": [f"P{each:06d}" for each in number],
        "school_id": [str(100_000 + each // A_SCHOOL) for each in number],
        "as_of": pd.Timestamp(AS_OF),
        "year_group": number % 11 + 1,
        "form": [f"{each % 11 + 1}{'ABCD'[each % 4]}" for each in number],
    })  # fmt: skip


def _drawn() -> tuple[Values, NDArray[np.bool_]]:
    """Draw values in the units of their features, and an outcome on which a quarter of the features bear."""
    rng = np.random.default_rng(1)
    drawn = rng.random((PUPILS, FEATURES), dtype=np.float32)
    odds = (drawn[:, ::4] - 0.5) @ rng.uniform(0.5, 2.5, len(range(0, FEATURES, 4))) + 3 * drawn[:, 0] * drawn[:, 4] - 3
    outcome = rng.random(PUPILS) < 1 / (1 + np.exp(-odds))
    values = np.column_stack([_in_unit(one, column) for one, column in zip(features(), drawn.T, strict=True)])
    values[rng.random(values.shape, dtype=np.float32) < 0.1] = np.nan
    return values, outcome


def _in_unit(feature: Feature, drawn: Values) -> Values:
    if feature.unit not in SPANS:
        return np.floor(drawn * COUNTED.get(feature.unit, SPAN))
    is_difference = any(each in f"{feature.unit} {feature.name}" for each in DIFFERENCES)
    return (drawn - 0.5 if is_difference else drawn) * np.float32(SPANS[feature.unit])
