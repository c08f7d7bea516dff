"""Contributions of features, summed by theme.

In:  contributions (people, features + 1) in log-odds; the last column is what all people start from.
Out: one sum per person and theme. Sums and start still add up to the raw score.

Characteristics are a theme of their own, wherever the catalogue groups them: they weigh in a
score, if the config lets them, but are never given as a reason. With them go the year group and
the time of the year, of which a tutor can make nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature, Theme

CHARACTERISTICS: Theme = "characteristics"
_NO_REASONS = frozenset({"year_group", "year_still_to_come"})


@dataclass(frozen=True)
class ThemeSums:
    """What each theme adds to the log-odds.

    themes : those that have a feature, in the order of the catalogue.
    added  : (people, themes) log-odds, no NaN.
    start  : (people,) what all people start from.
    """

    themes: tuple[Theme, ...]
    added: NDArray[np.float64]
    start: NDArray[np.float64]


def theme_of(feature: Feature) -> Theme:
    """Return what a feature is summed under."""
    untold = feature.block == "characteristics" or feature.name in _NO_REASONS
    return CHARACTERISTICS if untold else feature.theme


def theme_places(features: Sequence[Feature]) -> tuple[tuple[Theme, ...], NDArray[np.int64]]:
    """Return the themes there are, and for each feature the place of its theme among them."""
    mine = [theme_of(feature) for feature in features]
    themes: tuple[Theme, ...] = tuple(theme for theme in get_args(Theme) if theme in mine)
    return themes, np.array([themes.index(theme) for theme in mine], np.int64)


def sum_by_theme(contributions: NDArray[np.float64], features: Sequence[Feature]) -> ThemeSums:
    """Sum contributions (people, features + 1) by theme."""
    themes, place = theme_places(features)
    belongs = (place[:, None] == np.arange(len(themes))).astype(np.float64)
    return ThemeSums(themes, contributions[:, :-1] @ belongs, contributions[:, -1])


def shares(added: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each column's share of all that is added, up or down, over all people: how much it matters.

    added   : (people, columns) log-odds, of features or themes.
    returns : (columns,) 0 to 1, with sum 1; all 0 where nothing adds anything.

    >>> shares(np.array([[1.0, -1.0], [1.0, 5.0]])).tolist()
    [0.25, 0.75]
    """
    size: NDArray[np.float64] = np.abs(added).mean(axis=0)
    total = float(size.sum())
    return size / total if total else size
