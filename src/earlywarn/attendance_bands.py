"""Bands of attendance, as the Department for Education and trusts publish them: five points each.

In:  absence so far, the share of possible sessions missed.
Out: the place of each person's band in `BANDS`, the best first.

Bands are told by attendance and end where absence reaches 5%, 10%, 15% and 20%: who has missed exactly 10% is
persistently absent, and stands below the line of 90%.
"""

import numpy as np
from numpy.typing import NDArray

BANDS = ("over 95%", "over 90% to 95%", "over 85% to 90%", "over 80% to 85%", "80% or less")
NOT_KNOWN = -1
_BAND_FROM = (0.05, 0.10, 0.15, 0.20)
_ROUNDING = 1e-6  # a tenth as float32 is a hair off


def band_of(absence: NDArray[np.floating]) -> NDArray[np.intp]:
    """Return the place in `BANDS` of each absence (people,), 0 to 1; -1 where it is not known.

    >>> band_of(np.array([0.0, 0.04, 0.1, 0.2, 1.0, np.nan])).tolist()
    [0, 0, 2, 4, 4, -1]
    """
    return np.where(np.isnan(absence), NOT_KNOWN, np.digitize(absence + _ROUNDING, _BAND_FROM)).astype(np.intp)
