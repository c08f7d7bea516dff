"""A made-up study: two years of pupils, of whom it is known what their answers tell beyond the records.

Pupils answer questions on interest (`cognitive`) and belonging. In a world with an effect, belonging tells of absence
beyond last year's, interest only so far as it goes with belonging; how answers changed tells nothing anywhere.
"""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd

from earlywarn.config import Config
from earlywarn.features.build import Matrix
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources
from earlywarn.labels import Labels
from earlywarn.model.examples import Examples
from earlywarn.model.fit import TreeSettings
from earlywarn.model.folds import Plan, PlannedDate
from earlywarn.model.recipe import Trees
from earlywarn.paths import shipped_instruments
from earlywarn.surveys.instrument import load_instruments

DATES = (pd.Timestamp("2024-11-04"), pd.Timestamp("2025-11-03"))
SCHOOLS, A_DATE = 30, 3000


def config_of(**study: object) -> Config:
    """Return the config of an outcome that someone recorded; `study` is its section."""
    return Config.model_validate({
        "name": "made-up", "population": "pupils", "as_of": {"weeks_of_year": [9]},
        "outcome": {"kind": "recorded", "recorded": "absent"}, "study": study,
    })  # fmt: skip


def feature(name: str, block: str, theme: str = "engagement and relationships") -> Feature:
    return Feature(name, theme, block, "points", name, "", lambda _: np.zeros(0, np.float32))  # type: ignore[arg-type]


FEATURES = (
    feature("absence_rate_last_year", "attendance", "absence last year"),
    feature("sen_k", "characteristics", "characteristics"),
    feature("pupil_answered", "survey"),
    feature("pupil_cognitive", "survey"),
    feature("pupil_belonging", "survey"),
    feature("pupil_belonging_change", "survey"),
    feature("parent_home", "survey", "home and parents' view"),
)
TREES = Trees(FEATURES, TreeSettings(trees=60, leaves=8, learning_rate=0.1), (), 1)


def sources() -> Sources:
    """Return what a study of rows that are gathered already asks of its sources: the questionnaire."""
    instrument = load_instruments(shipped_instruments())["pupil_engagement"]
    return cast(Sources, SimpleNamespace(instruments=(instrument,), register=None))


def made_up(effect: float, schools: int = SCHOOLS, rows: int = A_DATE) -> Examples:
    """Return rows of two dates; `effect` is what belonging does to the log-odds of absence, a standard deviation."""
    random = np.random.default_rng(1)
    values = random.normal(size=(2 * rows, len(FEATURES))).astype(np.float32)
    values[:, 3] = 0.5 * values[:, 4] + 0.8 * values[:, 3]
    odds = -1 + values[:, 0] - effect * values[:, 4]
    outcome = (random.random(2 * rows) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    people = pd.DataFrame({
        "person_id": np.tile(np.arange(rows), 2).astype(str),
        "school_id": np.tile(random.integers(schools, size=rows), 2).astype(str),
        "year_group": np.tile(7 + np.arange(rows) % 5, 2),
        "as_of": np.repeat(np.array(DATES), rows),
    })  # fmt: skip
    labels = Labels(outcome, np.full(2 * rows, "", object))
    before, after = (day.date() for day in DATES)
    plan = Plan((PlannedDate(before, before, "training"), PlannedDate(after, after, "test")))
    return Examples(plan, people, labels, labels, Matrix(people, FEATURES, values), None)
