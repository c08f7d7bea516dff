"""Where contenders meet: the people of one population on all dates, and what a risk is worth among them.

In:  what happened, who stands where when, and the populations: arrays of one row per person and as-of date.
Out: a `Ground` for each population; on it, for a contender's risk, each measure over all dates, with everyone
     and then without each cluster in turn.

Measures are taken on each date alone, then averaged by the number of people; pairs of the same school are
pooled over dates, and counts of people added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from earlywarn.config import Places
from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.intervals import UNBOUNDED, Bounds, Clusters, among, clusters_of, leave_one_out, summarise
from earlywarn.evaluate.measures import Bools, Floats, Labels, ratios
from earlywarn.evaluate.places import listing, places_at_school
from earlywarn.evaluate.prepared import Values, calibrate, count_listed, rank

EVERYONE = "everyone"
COUNTS = ("people_found", "people_missed", "listed")

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
    "brier_reliability": _SHARE,
    "brier_resolution": (-1, 0.25),
    "brier_uncertainty": (0, 0.25),
    "calibration_error": _SHARE,
    "observed_over_expected": (0, np.inf),
    "calibration_slope": UNBOUNDED,
    "calibration_intercept": UNBOUNDED,
}


@dataclass(frozen=True)
class Ground:
    """The people of one population, on all dates.

    rows   : (all,) bool. Which of all rows they are; everything else is (n,), one row each of them.
    unit   : int. The school on a date: what has a list of its own.
    places : int. How many people that list takes.
    """

    rows: Bools
    outcome: Bools
    school: Labels
    person: Labels
    date: Labels
    unit: Labels
    places: Labels
    clusters: Clusters

    @property
    def dates(self) -> list[Bools]:
        """Return a mask of the rows of each date; of nobody, one empty date on which nothing is estimable."""
        return [self.date == each for each in np.unique(self.date)] or [np.ones(0, dtype=np.bool_)]

    def listed(self, risk: Floats) -> Floats:
        """Return the share in which each person is on their school's list; `risk` (n,) is of these people."""
        return listing(risk, self.unit, self.places)

    def of(self, chosen: Bools) -> "Ground":
        """Return some of the people, with clusters of their own: groups of people where they are of few schools."""
        rows = self.rows.copy()
        rows[self.rows] = chosen
        school, person = self.school[chosen], self.person[chosen]
        return Ground(
            rows, self.outcome[chosen], school, person, self.date[chosen], self.unit[chosen], self.places[chosen],
            clusters_of(school, person),
        )  # fmt: skip


def grounds_of(
    *, outcome: Bools, school: Labels, person: Labels, as_of: Labels, populations: Mapping[str, Bools], places: Places
) -> dict[str, Ground]:
    """Return the ground of each population.

    outcome     : (n,) bool. One row per person and as-of date with a label.
    school, person, as_of : (n,) any, without missing values.
    populations : name -> (n,) bool. "everyone", beside others, has as many places as they have together.
    places      : how many people a school can see, for each list.
    """
    school, date = np.unique(school, return_inverse=True)[1], np.unique(as_of, return_inverse=True)[1]
    unit = date * (school.max(initial=0) + 1) + school
    clusters = clusters_of(school, person)

    def ground(name: str, rows: Bools) -> Ground:
        taken = places_at_school(unit, places, _lists(name, populations))
        return Ground(
            rows, outcome[rows], school[rows], person[rows], date[rows], unit[rows], taken[rows],
            among(clusters, rows),
        )  # fmt: skip

    return {name: ground(name, rows) for name, rows in populations.items()}


def _lists(population: str, populations: Mapping[str, Bools]) -> list[Bools]:
    """Return the lists whose places a population has: its own, or for everyone those of all the others."""
    others = [rows for name, rows in populations.items() if name != EVERYONE]
    return others if population == EVERYONE and others else [populations[population]]


def replicated(ground: Ground, risk: Floats, listed: Floats, probability: Floats | None) -> Values:
    """Return each measure over all dates: with everyone, then without each cluster; all inputs are (n,)."""
    weights = leave_one_out(ground.clusters.count)
    days = [_on_date(ground, rows, risk, listed, probability, weights) for rows in ground.dates]
    return {name: _over_dates(name, days) for name in days[0].values}


@dataclass(frozen=True)
class _Day:
    """Measures of one date, (replicates,) each, with what they are pooled by: people, or pairs of one school."""

    values: Values
    people: Floats
    near_pairs: Floats


def _on_date(
    ground: Ground, rows: Bools, risk: Floats, listed: Floats, probability: Floats | None, weights: Floats
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


def estimates(ground: Ground, values: Values) -> dict[str, Estimate]:
    """Return each measure with its interval, inside the range that it can take."""
    n, positives, listed = len(ground.outcome), int(ground.outcome.sum()), float(values["listed"][0])
    counts = {"listed": (0.0, n), "people_found": (0.0, listed), "people_missed": (0.0, n - listed)}
    bounds = {**_BOUNDS, **counts}
    return {name: summarise(each, n, positives, bounds[name]) for name, each in values.items()}
