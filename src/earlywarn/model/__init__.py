"""From features and outcomes to risk: fit, tune, calibrate, and the rules to beat.

Whatever was fitted, trees or a logistic regression, is used in one way: `Model`.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Model(Protocol):
    """What every fitted model can do.

    `names` are the columns of the matrix it expects, in order.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in the order of the matrix."""
        ...

    def raw_score(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the log-odds before calibration, one a row."""
        ...

    def contributions(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return (rows, features + 1): what each feature adds to the log-odds, and last what all start from."""
        ...
