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
from earlywarn.model.examples import Examples, label_rows

HORIZONS = (2, 6, 12, 18, 24, 30, 36)  # school weeks ahead; a school year has about 38
LENGTH = 4  # school weeks
FEWEST_POSITIVES = 100  # in training and in test: as trees ask for


def at_horizons(sources: Sources, examples: Examples, horizons: Sequence[int]) -> Iterator[tuple[int, Examples]]:
    """Yield the examples before each horizon; one whose outcomes are too few, or known too late, is left out."""
    for weeks in horizons:
        there = replace(sources, config=with_horizon(sources.config, weeks))
        rows = label_rows(there, examples.plan)
        then = _closed(rows.then, rows.people, there, examples.plan.test[0] - timedelta(days=1))
        now = _closed(rows.now, rows.people, there, sources.store.today)
        ahead = replace(examples, then=then, now=now, own_decisions_out=None)
        if min(_positives(ahead)) >= FEWEST_POSITIVES:
            yield weeks, ahead


def _closed(labels: Labels, people: pd.DataFrame, sources: Sources, by: date) -> Labels:
    """Return the labels without those of dates whose window had not closed by a day: part of it is no outcome."""
    days = people["as_of"].dt.date
    closes = {day: closes_on(sources.config, sources.calendars, day) for day in days.unique()}
    open_still = days.map({day: closing is None or closing > by for day, closing in closes.items()}).to_numpy(bool)
    return Labels(
        np.where(open_still, np.nan, labels.outcome), np.where(open_still, "window not closed", labels.why_empty)
    )


def with_horizon(config: Config, weeks: int) -> Config:
    """Return the config with an outcome in the four school weeks that begin `weeks` after the as-of date."""
    threshold = config.outcome.threshold
    ahead = Outcome(kind="absence_rate", threshold=threshold, window="weeks", weeks=LENGTH, lead_weeks=weeks)
    return config.model_copy(update={"outcome": ahead})


def _positives(examples: Examples) -> tuple[int, int]:
    then, now = examples.then.outcome[examples.training], examples.now.outcome[examples.test]
    return int((then > 0).sum()), int((now > 0).sum())
