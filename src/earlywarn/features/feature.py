"""A feature as data: what it is called, what it means, which way risk runs.

A feature's `value` is computed from an object that holds only what was known
before the as-of date (`Seen`): a slice of the register, answers of closed waves,
rows known by then. It has no way to reach further.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from earlywarn.features.seen import Seen

Floats = NDArray[np.float32]

Theme = Literal[
    "absence this year",
    "pattern of absence",
    "absence last year",
    "compared with others",
    "engagement and relationships",
    "home and parents' view",
    "views of staff at the school",
    "movement",
    "events and help",
    "attitude and attainment",
    "characteristics",
    "post and tenure",
    "views of the job",
]


@dataclass(frozen=True)
class Feature:
    """One number per person and as-of date.

    name       : snake_case, unique, a column of the matrix.
    theme      : what it is grouped under when a score is explained.
    block      : the part of the catalogue that it belongs to, a key of `TABLES`.
    unit       : `share`, `sessions`, `spells`, `weeks`, `days`, `years`, `points` (a survey score, 0 to 10,
                 or a judgement as it was given), `yes or no`, `count`, `percentile`, `share points`, `minutes`.
    means      : the sentence a teacher reads.
    when_empty : what NaN means ("no session was possible in these weeks").
    risk       : +1 if more of it goes with more risk, -1 if with less, 0 if unknown.
    value      : from what was seen before the date to one float32 a person.
    source     : the column of the people table, or the kind of event, judgement or help, that it reads,
                 if it reads one.
    level      : for a category, the level that it is about.
    """

    name: str
    theme: Theme
    block: str
    unit: str
    means: str
    when_empty: str
    value: "Callable[[Seen], Floats]"
    risk: Literal[-1, 0, 1] = 0
    source: str = ""
    level: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the tables that it is computed from."""
        return TABLES[self.block]


TABLES: Mapping[str, tuple[str, ...]] = {
    "attendance": ("attendance", "attendance_summary", "calendar"),
    "context": ("attendance", "pupils"),
    "survey": ("waves", "responses"),
    "staff_views": ("waves", "responses", "staff"),
    "movement": ("pupils",),
    "events": ("events",),
    "assessments": ("assessments",),
    "interventions": ("interventions",),
    "characteristics": ("pupils", "staff"),
    "staff": ("staff", "leavers", "staff_absence"),
}


def slug(text: str) -> str:
    """Return a text as part of a name that every library reads.

    >>> slug("20-30%")
    '20_30'
    """
    return re.sub("[^A-Za-z0-9]+", "_", text).strip("_")
