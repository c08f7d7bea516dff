"""The contest: every contender on the same people and dates, and how much the model gains over each.

In:  what happened, each contender's risk, and who stands where when: arrays of one row per person
     and as-of date.
Out: a `Contest`: an `Estimate` for each population, contender and measure, and a `Gain` of the
     model over each other contender, whose interval leaves out the same schools for both.

Measures are taken on each date alone, then averaged by the number of people; pairs of the same
school are pooled over dates, and counts of people added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from earlywarn.config import Places
from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.intervals import (
    UNBOUNDED,
    Bounds,
    Clusters,
    Gain,
    among,
    clusters_of,
    difference,
    leave_one_out,
    summarise,
)
from earlywarn.evaluate.measures import Bools, Floats, Labels, ratios
from earlywarn.evaluate.places import listing, places_at_school
from earlywarn.evaluate.prepared import Values, calibrate, count_listed, rank

MODEL = "model"
EVERYONE = "everyone"
GAINED = ("auc", "average_precision", "recall", "precision")
COUNTS = ("people_found", "people_missed", "listed")
DECIMALS = 6

_SHARE: Bounds = (0, 1)
_BOUNDS: Mapping[str, Bounds] = {
    "auc": _SHARE,
    "within_school_auc": _SHARE,
    "average_precision": _SHARE,
    "precision": _SHARE,
    "recall": _SHARE,
    "false_alarms": _SHARE,
    "false_reassurance": _SHARE,
    "base_rate": _SHARE,
    "brier": _SHARE,
    "calibration_error": _SHARE,
    "observed_over_expected": (0, np.inf),
    "calibration_slope": UNBOUNDED,
    "calibration_intercept": UNBOUNDED,
}


@dataclass(frozen=True)
class Contest:
    """Who did how well.

    measures : population, contender, measure -> Estimate. Calibration and Brier stand only under
               contenders that gave a probability.
    gains    : population, contender, measure -> Gain of the model over that contender.
    clusters : population -> what its intervals left out in turn, and how many of them there were.
    """

    measures: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    gains: Mapping[str, Mapping[str, Mapping[str, Gain]]]
    clusters: Mapping[str, tuple[str, int]]

    def as_dict(self) -> dict[str, Any]:
        """Return everything for `metrics.json`, rounded to 6 decimals; None is "not estimable"."""
        return {
            "measures": _plain(self.measures),
            "gains": _plain(self.gains),
            "intervals": {name: {"leave_out": kind, "count": n} for name, (kind, n) in self.clusters.items()},
        }


@dataclass(frozen=True)
class Ground:
    """The people of one population, on all dates: where its contenders meet.

    unit   : (n,) int. The school on a date: what has a list of its own.
    places : (n,) int. How many people that list takes.
    """

    outcome: Bools
    school: Labels
    date: Labels
    unit: Labels
    places: Labels
    clusters: Clusters

    @property
    def dates(self) -> list[Bools]:
        """Return a mask of the rows of each date; of nobody, one empty date on which nothing is estimable."""
        return [self.date == each for each in np.unique(self.date)] or [np.ones(0, dtype=np.bool_)]


def contest(
    *,
    outcome: Bools,
    risks: Mapping[str, Floats],
    probabilities: Mapping[str, Floats],
    school: Labels,
    person: Labels,
    as_of: Labels,
    populations: Mapping[str, Bools],
    places: Places,
) -> Contest:
    """Measure every contender in every population.

    outcome       : (n,) bool. One row per person and as-of date with a label.
    risks         : contender -> (n,) float, what it ranks by; no NaN. The model goes by the name "model".
    probabilities : contender -> (n,) float from 0 to 1, for those of them that give one.
    school, person, as_of : (n,) any, without missing values.
    populations   : name -> (n,) bool. "everyone", beside others, has as many places as they have together.
    places        : how many people a school can see, for each list.
    """
    _refuse_gaps(risks)
    _refuse_gaps(probabilities)
    school, date = np.unique(school, return_inverse=True)[1], np.unique(as_of, return_inverse=True)[1]
    unit = date * (school.max(initial=0) + 1) + school
    clusters = clusters_of(school, person)
    measures, gains, left_out = {}, {}, {}
    for name, rows in populations.items():
        taken = places_at_school(unit, places, _lists(name, populations))
        ground = Ground(outcome[rows], school[rows], date[rows], unit[rows], taken[rows], among(clusters, rows))
        replicated = {
            contender: _replicates(ground, risk[rows], _of(probabilities.get(contender), rows))
            for contender, risk in risks.items()
        }
        measures[name] = {contender: _estimates(ground, values) for contender, values in replicated.items()}
        gains[name] = _gains(replicated)
        left_out[name] = (ground.clusters.kind, ground.clusters.count)
    return Contest(measures, gains, left_out)


def _refuse_gaps(given: Mapping[str, Floats]) -> None:
    """A contender without an opinion on someone must say so as a risk: nobody may be left out of a contest."""
    for contender, risk in given.items():
        if np.isnan(risk).any():
            raise ValueError(f"the risk of contender {contender!r} has gaps: give everyone a number")


def _lists(population: str, populations: Mapping[str, Bools]) -> list[Bools]:
    """Return the lists whose places a population has: its own, or for everyone those of all the others."""
    others = [rows for name, rows in populations.items() if name != EVERYONE]
    return others if population == EVERYONE and others else [populations[population]]


def _of(probability: Floats | None, rows: Bools) -> Floats | None:
    return None if probability is None else probability[rows]


def _replicates(ground: Ground, risk: Floats, probability: Floats | None) -> Values:
    """Return each measure over all dates: with everyone, then without each cluster."""
    weights = leave_one_out(ground.clusters.count)
    listed = listing(risk, ground.unit, ground.places)
    days = [_on_date(ground, rows, risk, probability, listed, weights) for rows in ground.dates]
    return {name: _over_dates(name, days) for name in days[0].values}


@dataclass(frozen=True)
class _Day:
    """Measures of one date, (replicates,) each, with what they are pooled by: people, or pairs of one school."""

    values: Values
    people: Floats
    near_pairs: Floats


def _on_date(
    ground: Ground, rows: Bools, risk: Floats, probability: Floats | None, listed: Floats, weights: Floats
) -> _Day:
    """Return the measures of one date in every replicate."""
    outcome, clusters = ground.outcome[rows], replace(ground.clusters, codes=ground.clusters.codes[rows])
    ranked = rank(outcome, risk[rows], clusters, ground.school[rows])
    seen = count_listed(outcome, listed[rows], clusters)
    values = ranked.measures(weights) | seen.measures(weights)
    if probability is not None:
        values |= calibrate(outcome, probability[rows], clusters).measures(weights)
    return _Day(values, weights @ seen.people, ranked.near_mass(weights))


def _over_dates(name: str, days: list[_Day]) -> Floats:
    """Add up counts; average the rest over the dates on which it is estimable with everyone."""
    if name in COUNTS:
        return np.asarray(np.array([day.values[name] for day in days]).sum(axis=0))
    estimable = [day for day in days if not np.isnan(day.values[name][0])]
    if not estimable:
        return np.full_like(days[0].people, np.nan)
    values = np.array([day.values[name] for day in estimable])
    mass = np.array([day.near_pairs if name == "within_school_auc" else day.people for day in estimable])
    parts = np.where(mass > 0, values * mass, 0.0).sum(axis=0)
    return ratios(parts, mass.sum(axis=0))


def _estimates(ground: Ground, values: Values) -> dict[str, Estimate]:
    """Return each measure with its interval, inside the range that it can take."""
    n, positives, listed = len(ground.outcome), int(ground.outcome.sum()), float(values["listed"][0])
    counts = {"listed": (0.0, n), "people_found": (0.0, listed), "people_missed": (0.0, n - listed)}
    bounds = {**_BOUNDS, **counts}
    return {name: summarise(replicated, n, positives, bounds[name]) for name, replicated in values.items()}


def _gains(replicated: Mapping[str, Values]) -> dict[str, dict[str, Gain]]:
    """Return what the model gains over each other contender; nothing where no model takes part."""
    if MODEL not in replicated:
        return {}
    ours = replicated[MODEL]
    return {
        contender: {name: difference(ours[name], theirs[name]) for name in GAINED}
        for contender, theirs in replicated.items()
        if contender != MODEL
    }


def _plain(found: Any) -> Any:
    """Return nested results as dicts of plain numbers, rounded."""
    if isinstance(found, Estimate | Gain):
        return {key: _rounded(value) for key, value in found.as_dict().items()}
    return {name: _plain(each) for name, each in found.items()}


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else value
