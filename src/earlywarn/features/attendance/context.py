"""Absence so far beside that of the others: in the school, the year group and the form.

The person is always left out of the mean that they are held against.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature, Floats
from earlywarn.features.seen import Seen, mean_of_others, percentile_in_group

Group = Callable[[Seen], NDArray[np.int64]]


def _beside_others(
    name: str, means: str, value: Callable[[Seen], Floats], risk: Literal[0, 1] = 0, unit: str = "share"
) -> Feature:
    return Feature(name, "compared with others", "context", unit, means, "nobody to compare with", value, risk)


def _rate_so_far(seen: Seen) -> Floats:
    return seen.history.rate_so_far if seen.history else np.full(seen.size, np.nan, np.float32)


def _mean_and_gap(name: str, of_others: str, group: Group) -> tuple[Feature, Feature]:
    """Return the mean of the others of a group, and how far the person is above it."""

    def mean(seen: Seen) -> Floats:
        return mean_of_others(_rate_so_far(seen), group(seen))

    return (
        _beside_others(f"{name}_absence_rate", f"Mean absence rate so far of the {of_others}", mean),
        _beside_others(
            f"gap_to_{name}", f"Absence rate so far less the mean of the {of_others}",
            lambda seen: _rate_so_far(seen) - mean(seen), 1, "share points",
        ),
    )  # fmt: skip


CONTEXT: tuple[Feature, ...] = (
    *_mean_and_gap("school", "school's other pupils", lambda seen: seen.everyone),
    *_mean_and_gap("year_group", "other pupils of the year group", lambda seen: seen.group("year_group")),
    *_mean_and_gap("form", "other pupils of the form", lambda seen: seen.group("year_group", "form")),
    _beside_others(
        "percentile_in_year_group", "Share of the year group with a lower absence rate so far",
        lambda seen: percentile_in_group(_rate_so_far(seen), seen.group("year_group")), 1, "percentile",
    ),
)  # fmt: skip
