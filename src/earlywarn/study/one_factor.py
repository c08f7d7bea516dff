"""One thing behind all the items: loadings of the one-factor model, for many matrices at once.

In:  correlations (matrices, items, items).
Out: loadings (matrices, items): how far each item follows what the items share, -1 to 1.

The loadings leave the least squared difference between the correlations and their products (*minres*).
Each item's best loading, given the others', is a ratio; taken in turn until nothing moves, they reach the least.
Source: Harman and Jones (1966), Psychometrika 31, 351-368.
"""

import numpy as np

from earlywarn.evaluate.measures import Bools, Floats

FEWEST_ITEMS = 3
TOO_SHORT = f"one factor needs {FEWEST_ITEMS} items"
_ROUNDS = 500
_CLOSE = 1e-9


def loadings(correlations: Floats) -> Floats:
    """Return each matrix's loadings, with a positive sum; NaN where a correlation is NaN.

    A loading is kept within -1 and 1: at an end, the model would have an item without any error.

    >>> loadings(np.array([[[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]])).round(3).tolist()
    [[0.8, 0.7, 0.6]]
    """
    found = np.full(correlations.shape[:2], np.nan)
    usable = np.isfinite(correlations).all(axis=(1, 2))
    if usable.any():
        found[usable] = _settle(correlations[usable])
    sign = np.where(found.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return found * sign


def misfit(correlations: Floats, found: Floats) -> Floats:
    """Return (matrices,) how far correlations are from what the loadings say: the root of the mean squared difference.

    0: one thing explains all; above 0.08 the items measure more than one.
    source : the standardised root mean square residual, and its limit, of Hu and Bentler (1999), Structural
             Equation Modeling 6, 1-55; over pairs of different items, the others being met exactly.
    """
    apart = (correlations - found[:, :, None] * found[:, None, :])[:, _pairs(found.shape[1])]
    return np.asarray(np.sqrt(np.mean(apart**2, axis=1)))


def _settle(correlations: Floats) -> Floats:
    """Return the loadings of matrices without NaN, each item's taken in turn."""
    now = _start(correlations)
    others = correlations * _pairs(correlations.shape[1])
    for _ in range(_ROUNDS):
        before = now.copy()
        for item in range(now.shape[1]):
            above = (others[:, item] * now).sum(axis=1)
            below = (now**2).sum(axis=1) - now[:, item] ** 2
            now[:, item] = np.clip(np.divide(above, below, out=np.zeros_like(above), where=below > 0), -1, 1)
        if np.abs(now - before).max() < _CLOSE:
            break
    return now


def _start(correlations: Floats) -> Floats:
    """Return the correlations with the item that has most in common with the others, a safe first guess."""
    marker = (correlations**2).sum(axis=2).argmax(axis=1)
    return np.array(correlations[np.arange(len(marker)), marker])


def _pairs(items: int) -> Bools:
    return ~np.eye(items, dtype=np.bool_)
