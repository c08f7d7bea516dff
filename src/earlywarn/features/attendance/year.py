"""The arithmetic of the year: what has been possible, what is to come, and what that can still change.

A pupil can be beyond reach either way: sure to end the year at 10% or more, or unable to get there.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.attendance.of_marks import NEVER, of_marks
from earlywarn.features.feature import Feature, Floats
from earlywarn.features.history import History
from earlywarn.features.tallies import Counts

ONE_IN = 10  # DfE's line of persistent absence: one possible session in ten, 10%
NO_PLAN = "no calendar says what is to come"


def _with_plan(
    measure: Callable[[Counts, Counts, int], NDArray[Any]],
) -> Callable[[History], Floats]:
    """Wrap a measure of absent, possible and coming sessions; NaN where no plan says what is to come."""

    def value(h: History) -> Floats:
        coming = h.sessions_left
        if coming is None:
            return np.full(h.pupils, np.nan, np.float32)
        return measure(h.absent_so_far, h.possible_so_far, coming).astype(np.float32)

    return value


def _still_to_come(absent: Counts, possible: Counts, coming: int) -> NDArray[Any]:
    return coming / np.maximum(coming + possible, 1)


def _needed_to_cross(absent: Counts, possible: Counts, coming: int) -> NDArray[Any]:
    """Return the share of the coming sessions that, if missed, brings the year to 10%; NaN with none to come."""
    if not coming:
        return np.full(len(possible), np.nan)
    return ((possible + coming) / ONE_IN - absent) / coming


def _sure_to_cross(absent: Counts, possible: Counts, coming: int) -> NDArray[Any]:
    return (absent * ONE_IN >= possible + coming) & (possible + coming > 0)


def _safe_below(absent: Counts, possible: Counts, coming: int) -> NDArray[Any]:
    return (absent + coming) * ONE_IN < possible + coming


YEAR: tuple[Feature, ...] = (
    of_marks(
        "possible_sessions_this_year", "movement", "sessions",
        "Possible sessions since the start of the school year", lambda h: h.possible_so_far, risk=0, empty=NEVER,
    ),
    of_marks(
        "year_still_to_come", "movement", "share", "Share of the year's sessions that are still to come",
        _with_plan(_still_to_come), risk=0, empty=NO_PLAN,
    ),
    of_marks(
        "needed_to_cross_10", "absence this year", "share",
        "Share of the sessions still to come that, if missed, brings the whole year to 10%",
        _with_plan(_needed_to_cross), risk=-1, empty=NO_PLAN,
    ),
    of_marks(
        "sure_to_cross_10", "absence this year", "yes or no",
        "Ends the whole year at 10% or more even if every session still to come is attended",
        _with_plan(_sure_to_cross), empty=NO_PLAN,
    ),
    of_marks(
        "safe_below_10", "absence this year", "yes or no",
        "Ends the whole year below 10% even if every session still to come is missed",
        _with_plan(_safe_below), risk=-1, empty=NO_PLAN,
    ),
)  # fmt: skip
