"""Contributions of features, summed by theme.

In:  contributions (people, features + 1) in log-odds; the last column is what all people start from.
Out: one sum per person and theme. Sums and start still add up to the raw score.

Characteristics are a theme of their own, wherever the catalogue groups them: they weigh in a
score, if the config lets them, but are never given as a reason. With them go the year group,
the time of the year and the views of the school's staff, of which a tutor can make nothing. A
pupil's own absence held against that of others is this year's absence said again: it is summed
with it, so that no reader meets one fact twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature, Theme
from earlywarn.features.staff_views import STAFF_VIEWS

CHARACTERISTICS: Theme = "characteristics"
THIS_YEAR: Theme = "absence this year"
_NO_REASONS = frozenset({"year_group", "year_still_to_come"})
_OWN_ABSENCE = frozenset({"gap_to_school", "gap_to_form", "gap_to_year_group", "percentile_in_year_group"})
# Numbers worked out from the absence so far: where that is known, it is what a reader is told.
PLAIN = "absence_rate_this_year"
WORKED_OUT = _OWN_ABSENCE | {"needed_to_cross_10"}


@dataclass(frozen=True)
class ThemeSums:
    """What each theme adds to the log-odds.

    themes : those that have a feature, in the order of the catalogue.
    place  : (features,) the place of each feature's theme among them.
    added  : (people, themes) log-odds, no NaN.
    start  : (people,) what all people start from.
    """

    themes: tuple[Theme, ...]
    place: NDArray[np.int64]
    added: NDArray[np.float64]
    start: NDArray[np.float64]


def theme_of(feature: Feature) -> Theme:
    """Return what a feature is summed under."""
    if feature.block in ("characteristics", STAFF_VIEWS) or feature.name in _NO_REASONS:
        return CHARACTERISTICS
    return THIS_YEAR if feature.name in _OWN_ABSENCE else feature.theme


def theme_places(features: Sequence[Feature]) -> tuple[tuple[Theme, ...], NDArray[np.int64]]:
    """Return the themes there are, and for each feature the place of its theme among them."""
    mine = [theme_of(feature) for feature in features]
    themes: tuple[Theme, ...] = tuple(theme for theme in get_args(Theme) if theme in mine)
    return themes, np.array([themes.index(theme) for theme in mine], np.int64)


def sum_by_theme(contributions: NDArray[np.float64], features: Sequence[Feature]) -> ThemeSums:
    """Sum contributions (people, features + 1) by theme."""
    themes, place = theme_places(features)
    belongs = (place[:, None] == np.arange(len(themes))).astype(np.float64)
    return ThemeSums(themes, place, contributions[:, :-1] @ belongs, contributions[:, -1])


def told_plainly(
    added: NDArray[np.float64], can_tell: NDArray[np.bool_], features: Sequence[Feature]
) -> NDArray[np.float64]:
    """Move what is added by numbers that are worked out from the absence so far to that absence itself.

    added    : (people, features) log-odds.
    can_tell : (people, features) whether a sentence exists; who cannot be told the absence keeps the rest as it is.
    """
    names = [feature.name for feature in features]
    if PLAIN not in names:
        return added
    plain, others = names.index(PLAIN), [place for place, name in enumerate(names) if name in WORKED_OUT]
    moved = np.where(can_tell[:, [plain]], added[:, others], 0.0)
    found = added.copy()
    found[:, others] -= moved
    found[:, plain] += moved.sum(axis=1)
    return found


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
