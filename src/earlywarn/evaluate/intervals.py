"""How sure a measure is: 95% intervals that leave out one school at a time.

In:  a measure, and the *clusters* in which people resemble each other: schools, or groups
     of people where there are fewer than ten schools.
Out: an `Estimate`, or a `Gain` for the difference of two contenders on the same people.

Pupils of a school share its head, its illness and its coding habits: an interval that takes
them as independent is far too narrow. The jackknife takes the measure again without each
cluster in turn; with K clusters the interval is value ± t(K - 1) x standard error, which keeps
its promise at 20 schools where percentiles of a bootstrap do not.
Source: MacKinnon, Nielsen and Webb (2023), Journal of Econometrics 232, 272-299 (their CV3).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal
from zlib import crc32

import numpy as np
from scipy.special import stdtrit

from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.measures import NOT_ESTIMABLE, Bools, Floats, Ints, Labels

FEWEST_SCHOOLS = 10
GROUPS_OF_PEOPLE = 50

WeightedMeasure = Callable[[Floats], float]
Bounds = tuple[float, float]
UNBOUNDED: Bounds = (-np.inf, np.inf)
# Below this, replicates differ only by rounding: they say nothing about how a measure varies.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Clusters:
    """Which rows are left out together.

    codes : (n,) int, 0 to count - 1.
    count : number of clusters.
    kind  : what a cluster is.
    """

    codes: Ints
    count: int
    kind: Literal["schools", "people"]


@dataclass(frozen=True)
class Gain:
    """How much better one contender is than another, with its 95% interval.

    `smallest_shown` is the smallest true gain that these data would have shown four times in five.
    All are None where they cannot be estimated.
    """

    value: float | None
    low: float | None
    high: float | None
    smallest_shown: float | None

    @property
    def claimed(self) -> bool:
        """A gain is claimed when its whole interval lies above 0."""
        return self.low is not None and self.low > 0

    def as_dict(self) -> dict[str, Any]:
        """Return the gain for `metrics.json`."""
        return asdict(self) | {"claimed": self.claimed}


def clusters_of(school: Labels, person: Labels) -> Clusters:
    """Return the schools as clusters, or groups of people where there are fewer than ten schools.

    school, person : (n,) any. Equal values are one school, one person.

    >>> clusters_of(np.array(["a", "a", "b"]), np.array([1, 2, 3])).kind
    'people'
    """
    names, codes = np.unique(school, return_inverse=True)
    if len(names) >= FEWEST_SCHOOLS:
        return Clusters(codes, len(names), "schools")
    return _groups_of_people(person)


def _groups_of_people(person: Labels) -> Clusters:
    """Deal people into groups by a hash of their id, so that neither row order nor a second date matters."""
    ids, codes = np.unique(person, return_inverse=True)
    hashes = np.array([crc32(str(each).encode()) for each in ids], dtype=np.int64)
    count = min(GROUPS_OF_PEOPLE, len(ids))
    group = np.empty(len(ids), dtype=np.intp)
    group[np.argsort(hashes, kind="stable")] = np.arange(len(ids)) * count // max(len(ids), 1)
    return Clusters(group[codes], count, "people")


def among(clusters: Clusters, rows: Bools) -> Clusters:
    """Return the clusters of some of the rows, without those that have none of them."""
    present, codes = np.unique(clusters.codes[rows], return_inverse=True)
    return Clusters(codes, len(present), clusters.kind)


def leave_one_out(count: int) -> Floats:
    """Return (1 + count, count) weights of clusters: all of them first, then without each in turn.

    >>> leave_one_out(2)
    array([[1., 1.],
           [0., 1.],
           [1., 0.]])
    """
    return np.vstack([np.ones((1, count)), 1 - np.eye(count)])


def replicates(measure: WeightedMeasure, clusters: Clusters) -> Floats:
    """Return (1 + clusters,) values of a measure: with everyone, then without each cluster."""
    return np.array([measure(weights[clusters.codes]) for weights in leave_one_out(clusters.count)])


def estimate(measure: WeightedMeasure, clusters: Clusters, outcome: Bools, bounds: Bounds = UNBOUNDED) -> Estimate:
    """Estimate any measure that takes weights of rows; simple, and slow where rows and clusters are many.

    measure : from weights (n,) to a float, e.g. `lambda weight: auc(outcome, risk, weight)`.
    bounds  : the measure's own range, beyond which no interval reaches.

    >>> outcome = np.array([True, False, False, True])
    >>> clusters = clusters_of(np.zeros(4), np.arange(4))
    >>> estimate(lambda weight: float(weight @ outcome / weight.sum()), clusters, outcome, (0, 1)).value
    0.5
    """
    return summarise(replicates(measure, clusters), len(outcome), int(outcome.sum()), bounds)


def summarise(replicated: Floats, n: int, positives: int, bounds: Bounds = UNBOUNDED) -> Estimate:
    """Return the estimate that stands in `replicates`: value None if NaN, interval None if any replicate is."""
    value, error, clusters = _with_error(replicated)
    if value is None or error is None:
        return Estimate(value, None, None, n, positives)
    margin = _t(clusters, 0.975) * error
    low, high = np.clip([value - margin, value + margin], *bounds)
    return Estimate(value, float(low), float(high), n, positives)


def difference(ours: Floats, theirs: Floats) -> Gain:
    """Return by how much our measure exceeds theirs, from replicates without the same clusters.

    `smallest_shown` follows Bloom (1995), Evaluation Review 19, 547-556: (t.975 + t.80) standard errors.
    """
    value, error, clusters = _with_error(ours - theirs)
    if value is None or error is None:
        return Gain(value, None, None, None)
    margin = _t(clusters, 0.975) * error
    return Gain(value, value - margin, value + margin, margin + _t(clusters, 0.80) * error)


def by_date(measure: WeightedMeasure, date: Labels) -> WeightedMeasure:
    """Return the measure taken on each as-of date alone, then averaged by the weight of the dates' rows.

    Dates on which the measure is not estimable with everyone are left out, from every replicate alike;
    elsewhere NaN stays NaN.

    >>> date = np.array([1, 1, 2])
    >>> by_date(lambda weight: float(weight.argmax()), date)(np.ones(3)).__round__(4)
    0.6667
    """
    days = [date == each for each in np.unique(date)]
    estimable = [rows for rows in days if not np.isnan(measure(rows.astype(np.float64)))]

    def averaged(weight: Floats) -> float:
        parts = [part for rows in estimable if (part := weight * rows).any()]
        if not parts:
            return NOT_ESTIMABLE
        return float(np.average([measure(part) for part in parts], weights=[part.sum() for part in parts]))

    return averaged


def _with_error(replicated: Floats) -> tuple[float | None, float | None, int]:
    """Return value, jackknife standard error and number of clusters; None for what is not estimable."""
    value, without_one = float(replicated[0]), replicated[1:]
    count = len(without_one)
    if np.isnan(value):
        return None, None, count
    if count < 2 or np.isnan(without_one).any() or np.ptp(without_one) <= _ROUNDING:
        return value, None, count
    return value, jackknife_error(without_one), count


def jackknife_error(without_one: Floats) -> float:
    """Return the standard error of a value from its replicates without each cluster, (clusters,), none of them NaN."""
    count, spread = len(without_one), np.sum((without_one - without_one.mean()) ** 2)
    return float(np.sqrt(spread * (count - 1) / count))


def _t(clusters: int, share: float) -> float:
    """Return the quantile of Student's t with one degree of freedom fewer than clusters."""
    return float(stdtrit(clusters - 1, share))
