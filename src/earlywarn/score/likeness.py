"""Who is unlike the people that the model learnt from."""

import numpy as np
from numpy.typing import NDArray


def unlike_training(values: NDArray[np.float32], usual_missing: float) -> NDArray[np.bool_]:
    """Mark people of whom far less is known than of the people the model learnt from.

    usual_missing : the share of empty features that 99 of 100 training rows did not exceed.
    """
    found: NDArray[np.bool_] = np.isnan(values).mean(axis=1) > usual_missing + 1e-9
    return found
