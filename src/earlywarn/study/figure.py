"""A number of a study with its 95% interval, or the reason why there is none.

In:  a value with all schools, then without each in turn (`replicated`, the whole first).
Out: a `Figure`.

Reliabilities and correlations end at 1, and near it they vary to one side. Their interval is made
where they can vary freely, on a scale that is stretched near the end, and brought back: so it never
reaches beyond 1. Alpha and omega: -log(1 - value), as in Bonett (2002), Journal of Educational and
Behavioral Statistics 27, 335-340; correlations: Fisher's z. Other intervals are cut at the ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from earlywarn.evaluate.intervals import Clusters, summarise
from earlywarn.evaluate.measures import Floats

# A group that stands in fewer schools says nothing about how other schools would differ.
FEWEST_CLUSTERS = 5
TOO_FEW_CLUSTERS = "no interval: in too few schools"
ALL_ALIKE = "no interval: all are alike"
HANGS_ON_ONE = "no interval: without one of the schools it has no value"

Stretch = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Figure:
    """A number and how sure it is.

    value : None where it cannot be estimated.
    low, high : the 95% interval; None where there is none.
    n     : people it rests on.
    why   : the reason for what is missing, "" if nothing is.
    without_each : the value with all schools, then without each in turn: what the interval was made from.
    scale : the name of the scale on which it was made.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    why: str = ""
    without_each: tuple[float, ...] = field(default=(), repr=False, compare=False)
    scale: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True)
class Scale:
    """Where an interval is made: `there` takes values to a scale without ends, `back` brings them home."""

    name: str
    there: Stretch
    back: Stretch


PLAIN = Scale("plain", lambda value: value, lambda value: value)
FROM_NOTHING = Scale("not below 0", lambda value: value, lambda value: np.maximum(value, 0))
WITHIN_ONE = Scale("within -1 and 1", lambda value: value, lambda value: np.clip(value, -1, 1))
SHARE = Scale("within 0 and 1", lambda value: value, lambda value: np.clip(value, 0, 1))
UP_TO_ONE = Scale("-log(1 - value)", lambda value: -np.log(1 - value), lambda value: 1 - np.exp(-value))
CORRELATION = Scale("arctanh", np.arctanh, np.tanh)


def missing(why: str, n: int) -> Figure:
    """Return a number that cannot be estimated."""
    return Figure(None, None, None, n, why)


def figure(replicated: Floats, n: int, scale: Scale = PLAIN) -> Figure:
    """Return the value with its interval; `replicated` is (1 + clusters,), the whole first.

    >>> figure(np.full(4, 0.8), 90).why
    'no interval: in too few schools'
    """
    value = float(replicated[0])
    if not np.isfinite(value):
        return missing("it has no value: some answers did not vary", n)
    if len(replicated) - 1 < FEWEST_CLUSTERS:
        return Figure(value, None, None, n, TOO_FEW_CLUSTERS)
    with np.errstate(divide="ignore", invalid="ignore"):
        stretched = scale.there(replicated)
    found = summarise(np.where(np.isfinite(stretched), stretched, np.nan), n, 0)
    if found.low is None or found.high is None:
        return Figure(value, None, None, n, HANGS_ON_ONE if np.isnan(replicated).any() else ALL_ALIKE)
    low, high = scale.back(np.array([found.low, found.high]))
    return Figure(value, float(low), float(high), n, "", tuple(replicated.tolist()), scale.name)


def figures(replicated: Floats, n: int, scale: Scale = PLAIN) -> tuple[Figure, ...]:
    """Return a figure for each column of (1 + clusters, numbers)."""
    return tuple(figure(each, n, scale) for each in replicated.T)


def without_each(parts: Floats) -> Floats:
    """Return the sum of all clusters' parts, then without each: (clusters, ...) becomes (1 + clusters, ...).

    >>> without_each(np.array([1.0, 2.0])).tolist()
    [3.0, 2.0, 1.0]
    """
    whole = parts.sum(axis=0, keepdims=True)
    return np.concatenate([whole, whole - parts])


def sums_without_each(values: Floats, clusters: Clusters) -> Floats:
    """Return the sum of values (people,) over everyone, then without each cluster: (1 + clusters,)."""
    return without_each(np.bincount(clusters.codes, values, clusters.count).astype(np.float64))
