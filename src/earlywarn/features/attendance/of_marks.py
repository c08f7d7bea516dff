"""How a measure of marks becomes a feature."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Feature, Floats, Theme
from earlywarn.features.history import History
from earlywarn.features.seen import Seen

NO_SESSION = "no session was possible in this time"
NEVER = "never"


def of_marks(
    name: str, theme: Theme, unit: str, means: str, measure: Callable[[History], NDArray[Any]],
    *, risk: Literal[-1, 0, 1] = 1, empty: str = NO_SESSION,
) -> Feature:  # fmt: skip
    """Return the feature of a measure of marks; people of a school without any mark get NaN."""

    def value(seen: Seen) -> Floats:
        if seen.history is None:
            return np.full(seen.size, np.nan, np.float32)
        return np.asarray(measure(seen.history), np.float32)

    return Feature(name, theme, "attendance", unit, means, empty, value, risk)
