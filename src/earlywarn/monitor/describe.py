"""One as-of date in aggregates: the same for a date of the training and for one that comes later.

In:  the cohort of the date, its features in the model's order, and its calibrated risk.
Out: `Snapshot`, of which nothing tells of a person.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.bundle.reference import Snapshot
from earlywarn.features.gather import Sources
from earlywarn.monitor.answers import wave_answers
from earlywarn.monitor.codes import code_use
from earlywarn.monitor.shares import DECIMALS, scatter_of, shares_of
from earlywarn.terms import trust_calendar

Edges = Mapping[str, tuple[float, ...]]


def describe(
    sources: Sources,
    people: pd.DataFrame,
    values: NDArray[np.float32],
    edges: Edges,
    risk: NDArray[np.float64] | None,
    score_edges: tuple[float, ...],
) -> Snapshot:
    """Describe one date.

    people : the cohort, all of one date.
    values : (people, features) in the order of `edges`.
    risk   : (people,) calibrated; None where the model learnt from these very people.
    """
    as_of: date = pd.Timestamp(people["as_of"].iloc[0]).date()
    school, person = (people[name].to_numpy(str) for name in ("school_id", "person_id"))
    used = code_use(sources, people, as_of)
    columns = {name: values[:, at] for at, name in enumerate(edges)}
    return Snapshot(
        as_of=as_of,
        place=trust_calendar(sources.calendars).place_in_year(as_of) or 0,
        people=len(people),
        features={name: shares_of(column, edges[name]) for name, column in columns.items()},
        scatter={name: scatter_of(column, edges[name], school, person) for name, column in columns.items()},
        scores=() if risk is None else shares_of(risk, score_edges),
        mean_risk=None if risk is None else round(float(risk.mean()), DECIMALS),
        codes=used.shares,
        code_errors=used.errors,
        waves=wave_answers(sources, people, as_of),
    )
