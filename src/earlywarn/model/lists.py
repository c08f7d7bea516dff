"""Which list a person stands on, as of the date.

Pupils at or above the threshold so far stand on the list `already`, the rest on `onset`;
those with too few sessions behind them stand with `onset`, marked, and are left out of its
measures. Staff, and outcomes that are no absence rate, have one list.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.features.attendance import ATTENDANCE
from earlywarn.features.build import Matrix
from earlywarn.features.feature import Feature

ALREADY, ONSET, EVERYONE = "already", "onset", "everyone"


_READ = ("absence_rate_this_year", "possible_sessions_this_year")


def features_for_lists(names: Collection[str]) -> tuple[Feature, ...]:
    """Return the features from which lists are read, but for those that are among `names` already."""
    return tuple(feature for feature in ATTENDANCE if feature.name in _READ and feature.name not in names)


def lists_of(matrix: Matrix, config: Config) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the list of each row, and whether it is too early to tell.

    Too early: fewer possible sessions behind the person than `onset_min_sessions`.
    """
    rows = len(matrix.people)
    if not has_two_lists(config) or not matrix.has("absence_rate_this_year"):
        return np.full(rows, EVERYONE, object), np.zeros(rows, bool)
    possible = np.nan_to_num(matrix.column("possible_sessions_this_year"))
    rate = np.nan_to_num(matrix.column("absence_rate_this_year"))
    too_early = possible < config.onset_min_sessions
    over = ~too_early & (rate >= np.float32(config.outcome.threshold) - 1e-6)
    return np.where(over, ALREADY, ONSET).astype(object), too_early


def has_two_lists(config: Config) -> bool:
    """Tell whether the people of this model stand on two lists: pupils with an absence outcome."""
    return config.outcome.kind == "absence_rate"


def populations_of(matrix: Matrix, config: Config) -> dict[str, NDArray[np.bool_]]:
    """Return, for the measures, who belongs to which population; too early to tell counts for everyone only."""
    lists, too_early = lists_of(matrix, config)
    everyone = np.ones(len(lists), bool)
    if not has_two_lists(config):
        return {EVERYONE: everyone}
    return {EVERYONE: everyone, ONSET: (lists == ONSET) & ~too_early, ALREADY: lists == ALREADY}
