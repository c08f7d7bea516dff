"""Accuracy between the test dates of a model for weekly lists: is it as good on mornings that it was not tested for?

In:  the sources, the examples and the tested model of an `every_weeks` rule.
Out: `between_dates` of `metrics.json`: dates halfway between test dates and, beside those at the test dates, the AUC
     and observed over expected there. Features and labels are gathered for these mornings as for any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.cohort import KEY, cohorts
from earlywarn.config import Config
from earlywarn.evaluate.compare import MODEL, Contest, contest
from earlywarn.features.build import build_matrix
from earlywarn.features.gather import Sources
from earlywarn.model.examples import labels_before
from earlywarn.model.lists import features_for_lists, populations_of
from earlywarn.model.recipe import names_of
from earlywarn.model.train import Trained
from earlywarn.progress import each
from earlywarn.terms import SERVED_WEEKS, SchoolCalendar, monday, trust_calendar


def between_dates(sources: Sources, trained: Trained, tested: Sequence[date], at_dates: Contest) -> dict[str, Any]:
    """Measure the tested model on mornings between its test dates.

    at_dates : what was measured at the test dates, to stand beside it.
    """
    days = halfway(tested, trust_calendar(sources.calendars))
    if not days:
        return {"dates": [], "populations": {}, "words": NOTHING_BETWEEN}
    people = cohorts(sources.store, sources.config, days)
    outcome = labels_before(sources, people, sources.store.today + timedelta(days=1)).outcome
    rolls = [rows.to_numpy() for _, rows in people.groupby("as_of").groups.items()]
    mornings = [
        _look_at(people.iloc[roll].reset_index(drop=True), outcome[roll], sources, trained)
        for roll in each("Looking between the test dates", rolls)
    ]
    there = _contest(mornings, trained, sources.config).as_dict()["measures"]
    here = at_dates.as_dict()["measures"]
    return {
        "dates": [str(day) for day in days],
        "populations": {
            name: {
                "auc": measures[MODEL]["auc"],
                "calibration": measures[MODEL]["observed_over_expected"],
                "at_dates_auc": here[name][MODEL]["auc"],
            }
            for name, measures in there.items()
        },
        "words": FOUND_BETWEEN,
    }


NOTHING_BETWEEN = "No school week lies between two test dates, so there is nothing between them to measure."
FOUND_BETWEEN = (
    "The tested model on mornings halfway between its test dates, or as far from them as it may score: no date of "
    "the kind was fitted or tuned on."
)


def halfway(tested: Sequence[date], calendar: SchoolCalendar) -> tuple[date, ...]:
    """Return the Monday halfway, in school weeks, between each two test dates, or as far on as a model may serve."""
    found = []
    for before, after in pairwise(tested):
        weeks = calendar.weeks[
            (calendar.weeks > np.datetime64(monday(before))) & (calendar.weeks < np.datetime64(monday(after)))
        ]
        if len(weeks):
            found.append(weeks[min((len(weeks) - 1) // 2, SERVED_WEEKS - 1)].astype(object))
    return tuple(found)


@dataclass(frozen=True)
class _Morning:
    """Those with a label on one morning: who they are, what happened, their scores, and who stands on which list."""

    people: pd.DataFrame
    outcome: NDArray[np.bool_]
    raw: NDArray[np.float64]
    populations: Mapping[str, NDArray[np.bool_]]


def _look_at(people: pd.DataFrame, outcome: NDArray[np.float64], sources: Sources, trained: Trained) -> _Morning:
    """Score one morning; only the scores are kept, since the features of many mornings are large."""
    features = trained.recipe.features
    for_lists = features_for_lists(names_of(features)) if sources.register else ()
    known = ~np.isnan(outcome)
    matrix = build_matrix(sources, people, (*features, *for_lists)).rows(known)
    return _Morning(
        people=matrix.people[list(KEY)],
        outcome=outcome[known] > 0,
        raw=trained.tested.model.raw_score(matrix.choose(names_of(features))),
        populations=populations_of(matrix, sources.config),
    )


def _contest(mornings: Sequence[_Morning], trained: Trained, config: Config) -> Contest:
    people = pd.concat([morning.people for morning in mornings], ignore_index=True)
    raw = np.concatenate([morning.raw for morning in mornings])
    return contest(
        outcome=np.concatenate([morning.outcome for morning in mornings]),
        risks={MODEL: raw},
        probabilities={MODEL: trained.tested.calibration.apply(raw)},
        school=people["school_id"].to_numpy(str),
        person=people["person_id"].to_numpy(str),
        as_of=people["as_of"].to_numpy(),
        populations={
            name: np.concatenate([morning.populations[name] for morning in mornings])
            for name in mornings[0].populations
        },
        places=config.fairness.places,
    )
