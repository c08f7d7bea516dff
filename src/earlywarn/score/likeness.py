"""Who is unlike the people that the model learnt from, and why: they are marked, never hidden.

In:  what the training rows were like, as the bundle says it; the people to score and what is known of them.
Out: for each person the reason in words, empty for those who are like the training rows.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.explain.words import Book, fill, year_words


@dataclass(frozen=True)
class Learnt:
    """What the training rows were like.

    usual_missing       : the share of empty features that 99 of 100 of them did not exceed.
    phases, year_groups : where they came from; empty where the bundle does not say, and then nobody is judged by it.
    """

    usual_missing: float
    phases: frozenset[str]
    year_groups: frozenset[int]


def learnt_from(features: Mapping[str, Any]) -> Learnt:
    """Read what a bundle says of its training rows: the part `features` of its metrics."""
    return Learnt(
        float(features["usual_missing"]),
        frozenset(features.get("phases", ())),
        frozenset(features.get("year_groups", ())),
    )


def why_unlike(
    values: NDArray[np.float32], people: pd.DataFrame, phases: Mapping[str, str], learnt: Learnt, book: Book
) -> list[str]:
    """Return why each person is unlike the training rows; empty for those who are like them.

    values : (people, features), NaN where not known.
    people : one row a person: school_id and, for pupils, year_group.
    phases : each school's phase, by its id.
    """
    phase = [phases.get(school, "") for school in people["school_id"]]
    year = people["year_group"].tolist() if "year_group" in people else [math.nan] * len(people)
    sparse = np.isnan(values).mean(axis=1) > learnt.usual_missing + 1e-9
    why = zip(
        [_of_phase(one, book) if _is_new(one, learnt.phases) else "" for one in phase],
        [_of_year(one, book) if _is_new(one, learnt.year_groups) else "" for one in year],
        np.where(sparse, book.unlike.little_known, "").tolist(),
        strict=True,
    )
    return [" ".join(filter(None, said)) for said in why]


def _is_new(one: Any, known: frozenset[Any]) -> bool:
    """Tell whether something recorded was never met; nothing is new to a bundle that does not say what it met."""
    return bool(known) and not pd.isna(one) and one != "" and one not in known


def _of_phase(phase: str, book: Book) -> str:
    return fill(book.unlike.phase, {"label": book.unlike.phases.get(phase, phase)}, compared=False)


def _of_year(number: float, book: Book) -> str:
    return fill(book.unlike.year_group, {"year": year_words(number, book)}, compared=False)
