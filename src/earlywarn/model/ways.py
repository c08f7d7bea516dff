"""Which way a feature speaks: what it adds to the scores of those who have least and most of it.

In:  contributions of some rows (log-odds) and the values they belong to.
Out: for each of the features that weigh most, the mean contribution among the fifth with the lowest values, the fifth
     with the highest, and those of whom it is not known.

Means of ten rows or more: a dot for each person, as such pictures often have, would show people.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature

FEWEST = 10
SHOWN = 12  # features: enough to see what the model leans on, few enough to read
_LOWEST, _HIGHEST = 0.2, 0.8

Column = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """Mean log-odds that a feature adds; None where fewer than ten rows stand behind it."""

    name: str
    means: str
    low: float | None
    high: float | None
    not_known: float | None


def ways(added: Floats, values: NDArray[np.float32], features: Sequence[Feature]) -> list[dict[str, Any]]:
    """Return the ways of the features that move scores most.

    added, values : (rows, features).
    """
    weight = np.abs(added).mean(axis=0)
    first = np.argsort(-weight, kind="stable")[:SHOWN]
    return [asdict(_way(features[at], added[:, at], values[:, at])) for at in first if weight[at] > 0]


def _way(feature: Feature, added: Floats, column: Column) -> Way:
    unknown = np.isnan(column)
    lowest, highest = fifths(column)
    means = (_mean(added[rows]) for rows in (lowest, highest, unknown))
    return Way(feature.name, feature.means, *means)


def fifths(column: Column) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who has the lowest fifth of the known values, and who the highest; equal values stay together.

    Where both would be the same value, as of a yes or no that is mostly one of them, the ends are taken instead.

    >>> [rows.tolist() for rows in fifths(np.float32([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, np.nan]))][1]
    [False, False, False, False, False, False, False, False, False, True, False]
    """
    known = column[~np.isnan(column)]
    if not len(known):
        nobody = np.zeros(len(column), np.bool_)
        return nobody, nobody
    low, high = np.quantile(known, [_LOWEST, _HIGHEST])
    if low >= high:
        low, high = known.min(), known.max()
    return column <= low, column >= high


def _mean(added: Floats) -> float | None:
    return round(float(added.mean()), 6) if len(added) >= FEWEST else None
