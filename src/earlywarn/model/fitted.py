"""A model with the calibration that belongs to it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.model import Model
from earlywarn.model.calibrate import Calibration


@dataclass(frozen=True)
class Fitted:
    """What is needed to turn features into a probability."""

    model: Model
    calibration: Calibration

    def risk(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of the outcome, (rows,) 0 to 1, for a (rows, features) matrix with NaN for unknown."""
        return self.calibration.apply(self.model.raw_score(values))
