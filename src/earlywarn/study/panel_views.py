"""The numbers of a panel that models take.

In:  a `Panel`, and below how many possible sessions (`fewest`) a share of them says nothing.
Out: arrays (rows, waves) or (rows, spans), NaN where not known.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.evaluate.measures import ratios
from earlywarn.study.panel_gather import Floats, Panel


def beside_alike(values: Floats, panel: Panel) -> Floats:
    """Return each column less its mean among the pupils of the same school year and year group.

    That absence rises in winter, and interest falls from Year 6 to Year 8, says nothing of one pupil.
    """
    return np.stack([each - means_of(each, panel.alike) for each in values.T], axis=1)


def means_of(values: Floats, group: NDArray[Any]) -> Floats:
    """Return each row's mean of its group's known values; NaN where the group has none.

    >>> means_of(np.array([1.0, 3.0, np.nan]), np.array(["a", "a", "b"])).tolist()
    [2.0, 2.0, nan]
    """
    known, code = ~np.isnan(values), np.unique(group, return_inverse=True)[1]
    total = np.bincount(code, np.where(known, values, 0.0)).astype(np.float64)
    return np.asarray(ratios(total, np.bincount(code, known).astype(np.float64))[code])


def log_odds_missed(panel: Panel, fewest: int) -> Floats:
    """Return (rows, waves + 1) the log of sessions missed over sessions attended, of spans with `fewest` or more.

    Shares of absence are skewed, and what moves them moves a high share by more points than a low one: on this scale
    by as much. Half a session is added to both sides, so that no absence at all has a place on it.
    Source: Cox and Snell (1989), Analysis of Binary Data, section 2.1.6 (the empirical logistic transform).
    """
    odds = np.log((panel.absent + 0.5) / (panel.possible - panel.absent + 0.5))
    return np.where(panel.possible >= fewest, odds, np.nan)


def missed(panel: Panel, fewest: int) -> Floats:
    """Return (rows, waves + 1) the percentage of sessions missed, of spans with at least `fewest` possible ones."""
    return _percentages(panel.absent, panel.possible, fewest)


def missed_so_far(panel: Panel, fewest: int) -> Floats:
    """Return (rows, waves) the same from the start of the year up to each wave."""
    absent, possible = (np.cumsum(each, axis=1)[:, :-1] for each in (panel.absent, panel.possible))
    return _percentages(absent, possible, fewest)


def _percentages(absent: Floats, possible: Floats, fewest: int) -> Floats:
    return np.where(possible >= fewest, 100 * ratios(absent, possible), np.nan)
