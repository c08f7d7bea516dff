"""Whether weekly rates rise or fall, and how much they jump about.

In:  rates, (weeks, pupils), NaN where no session of the week was possible.
"""

import numpy as np

from earlywarn.features.feature import Floats
from earlywarn.features.history import share


def slope(rates: Floats) -> Floats:
    """Return the least-squares slope a week, over the weeks with a rate; NaN with fewer than four.

    >>> slope(np.array([[0.0], [0.1], [np.nan], [0.3], [0.4]], np.float32)).round(3).tolist()
    [0.10000000149011612]
    """
    known = ~np.isnan(rates)
    count = known.sum(axis=0)
    week = np.where(known, np.arange(len(rates), dtype=np.float32)[:, None], 0)
    centred = np.where(known, week - share(week.sum(axis=0), count), 0)
    above = (centred * np.where(known, rates, 0)).sum(axis=0)
    return np.where(count >= 4, share(above, (centred**2).sum(axis=0)), np.nan).astype(np.float32)


def spread(rates: Floats) -> Floats:
    """Return the standard deviation over the weeks with a rate; NaN with fewer than three.

    >>> spread(np.array([[0.2], [0.4], [np.nan], [0.3]], np.float32)).round(3).tolist()
    [0.0820000022649765]
    """
    known = ~np.isnan(rates)
    count = known.sum(axis=0)
    mean = share(np.where(known, rates, 0).sum(axis=0), count)
    squares = np.where(known, rates - mean, 0) ** 2
    return np.where(count >= 3, np.sqrt(share(squares.sum(axis=0), count)), np.nan).astype(np.float32)
