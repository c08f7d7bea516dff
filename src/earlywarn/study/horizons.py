"""How early does a signal show? The same people and features, before outcomes that lie further and further ahead.

In:  the sources and the examples of a config, and horizons in school weeks.
Out: for each horizon the same examples with other labels: absence in the four school weeks that begin so many weeks
     after the as-of date. Nothing that a model may know changes with the horizon.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from earlywarn.config import Config, Outcome
from earlywarn.features.gather import Sources
from earlywarn.labels import Labels, closes_on
from earlywarn.model.examples import Examples, labels_before
from earlywarn.terms import trust_calendar

LENGTH = 4  # school weeks
WEEKS_APART = 2  # between the places in the year of a training and a test date, as lists are made
FEWEST_POSITIVES = 100  # in training and in test: as trees ask for


def at_horizons(sources: Sources, examples: Examples, horizons: Sequence[int]) -> Iterator[tuple[int, Examples]]:
    """Yield the examples before each horizon; one whose outcomes are too few, or known too late, is left out."""
    plan, today = examples.plan, sources.store.today
    the_day_before = plan.test[0] - timedelta(days=1)
    for weeks in horizons:
        there = replace(sources, config=with_horizon(sources.config, weeks))
        learnt = _closed_by(the_day_before, plan.training, there)
        asked = _in_place(_closed_by(today, plan.test, there), learnt, there)
        if learnt and asked:
            then = _labels_on(learnt, examples.people, there, the_day_before)
            now = _labels_on(asked, examples.people, there, today)
            ahead = replace(examples, then=then, now=now, own_decisions_out=None)
            if min(_positives(ahead)) >= FEWEST_POSITIVES:
                yield weeks, ahead


def _closed_by(last: date, mornings: Sequence[date], sources: Sources) -> list[date]:
    """Return the as-of dates whose window had closed by the end of a day: part of a window is no outcome."""
    closes = {morning: closes_on(sources.config, sources.calendars, morning) for morning in mornings}
    return [morning for morning, closing in closes.items() if closing is not None and closing <= last]


def _in_place(asked: Sequence[date], learnt: Sequence[date], sources: Sources) -> list[date]:
    """Return the test dates at whose place in the school year a training date stands.

    Weeks ahead may lie beyond the summer. Of spring lists they are then not known in time to learn from, and a model of
    autumn lists is not asked about spring.
    """
    calendar = trust_calendar(sources.calendars)
    places = [calendar.place_in_year(morning) or 0 for morning in learnt]
    return [
        morning
        for morning in asked
        if any(abs((calendar.place_in_year(morning) or 0) - place) <= WEEKS_APART for place in places)
    ]


def _labels_on(mornings: Sequence[date], people: pd.DataFrame, sources: Sources, last: date) -> Labels:
    """Return the labels of the rows of some dates as known at the end of a day, and no label for other rows."""
    rows = people["as_of"].isin(pd.to_datetime(list(mornings))).to_numpy()
    found = labels_before(sources, people[rows], last + timedelta(days=1))
    outcome, why = np.full(len(people), np.nan), np.full(len(people), "not asked about", object)
    outcome[rows], why[rows] = found.outcome, found.why_empty
    return Labels(outcome, why)


def with_horizon(config: Config, weeks: int) -> Config:
    """Return the config with an outcome in the four school weeks that begin `weeks` after the as-of date."""
    threshold = config.outcome.threshold
    ahead = Outcome(kind="absence_rate", threshold=threshold, window="weeks", weeks=LENGTH, lead_weeks=weeks)
    return config.model_copy(update={"outcome": ahead})


def _positives(examples: Examples) -> tuple[int, int]:
    then, now = examples.then.outcome[examples.training], examples.now.outcome[examples.test]
    return int((then > 0).sum()), int((now > 0).sum())
