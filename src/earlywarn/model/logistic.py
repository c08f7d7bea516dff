"""Logistic regression on the same features: the simple model that trees have to beat.

In:  the same matrix, outcome and folds as the trees.
Out: `LogisticModel`, a few numbers a feature, kept as `model.json`.

A value is held within the range of nearly all training rows, a missing one takes the
median (with a term of its own where missing is not rare), and all are standardised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from earlywarn.errors import BundleError

PENALTIES = (0.003, 0.03, 0.3)  # scikit-learn's C, from strong to weak
HELD_WITHIN = (0.5, 99.5)  # percentiles of the training rows
RARELY_MISSING = 0.01  # up to this share, missing has no term of its own

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]
Floats = tuple[float, ...]


@dataclass(frozen=True)
class Scaling:
    """How values become standard ones, from the training rows; one number a feature.

    low, high : values are held within these.
    medians   : taken where a value is missing; 0 for a feature that was never known.
    means     : after both.
    scales    : standard deviations after both; 0 for a feature that is constant, and so without use.
    missing   : share of rows without a value; 0 where it was too rare for a term of its own.
    """

    low: Floats
    high: Floats
    medians: Floats
    means: Floats
    scales: Floats
    missing: Floats


@dataclass(frozen=True)
class LogisticModel:
    """A fitted logistic regression, usable as a `Model`.

    coefficients         : log-odds per standard deviation of each feature.
    missing_coefficients : log-odds that a missing value adds.
    intercept            : log-odds of someone average in everything.
    """

    names: tuple[str, ...]
    scaling: Scaling
    coefficients: Floats
    missing_coefficients: Floats
    intercept: float

    def raw_score(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the log-odds before calibration, (n,), one a row."""
        return np.asarray(self.contributions(values).sum(axis=1), dtype=np.float64)

    def contributions(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return what each feature adds to the log-odds, (n, f + 1); the last column is what all start from."""
        standard, missing = _standardise(values, self.scaling)
        added = standard * self.coefficients + missing * self.missing_coefficients
        return np.column_stack([added, np.full(len(values), self.intercept)])

    def as_dict(self) -> dict[str, Any]:
        """Return the model for `model.json`; JSON keeps every digit."""
        return {"kind": "logistic"} | asdict(self)


def logistic_from_dict(found: Mapping[str, Any]) -> LogisticModel:
    """Read back what `as_dict` wrote, before or after a trip through JSON."""
    try:
        return LogisticModel(
            names=tuple(map(str, found["names"])),
            scaling=Scaling(**{name: _floats(column) for name, column in found["scaling"].items()}),
            coefficients=_floats(found["coefficients"]),
            missing_coefficients=_floats(found["missing_coefficients"]),
            intercept=float(found["intercept"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BundleError("model.json holds no logistic model", fix="use a bundle as it was written") from None


def choose_penalty(values: NDArray[np.float32], outcome: NDArray[np.bool_], folds: Sequence[Fold]) -> float:
    """Return the one of `PENALTIES` with the lowest mean log loss over the folds; of equal ones the strongest."""
    losses = [_losses(values, outcome, fold) for fold in folds]
    return PENALTIES[int(np.argmin(np.mean(losses, axis=0)))]


def fit_logistic(
    values: NDArray[np.float32], outcome: NDArray[np.bool_], names: Sequence[str], penalty: float
) -> LogisticModel:
    """Fit on all rows.

    values  : (n, f) float32, NaN where not known.
    outcome : (n,) bool, with people of both kinds.
    penalty : scikit-learn's C, from `choose_penalty`.
    """
    scaling = learn_scaling(values)
    weights, intercept = _fit(_columns(values, scaling), outcome, penalty)
    half = len(names)
    return LogisticModel(
        names=tuple(names),
        scaling=scaling,
        coefficients=_floats(weights[:half]),
        missing_coefficients=_floats(weights[half:]),
        intercept=intercept,
    )


def logistic_out_of_fold(
    values: NDArray[np.float32], outcome: NDArray[np.bool_], folds: Sequence[Fold], names: Sequence[str], penalty: float
) -> NDArray[np.float64]:
    """Return the log-odds of each row from a model that never saw it, (n,); NaN for a row that no fold tests."""
    scores = np.full(len(outcome), np.nan)
    for train, test in folds:
        scores[test] = fit_logistic(values[train], outcome[train], names, penalty).raw_score(values[test])
    return scores


def learn_scaling(values: NDArray[np.float32]) -> Scaling:
    """Learn from training rows how values become standard ones."""
    absent = np.isnan(values)
    known = np.where(absent.all(axis=0), 0.0, values.astype(np.float64))  # a feature never known is 0 throughout
    low, medians, high = np.nanpercentile(known, [HELD_WITHIN[0], 50, HELD_WITHIN[1]], axis=0)
    filled = np.clip(np.where(np.isnan(known), medians, known), low, high)
    constant = filled.min(axis=0) == filled.max(axis=0)
    missing = absent.mean(axis=0)
    return Scaling(
        low=_floats(low),
        high=_floats(high),
        medians=_floats(medians),
        means=_floats(filled.mean(axis=0)),
        scales=_floats(np.where(constant, 0.0, filled.std(axis=0))),
        missing=_floats(np.where((missing > RARELY_MISSING) & (missing < 1), missing, 0.0)),
    )


def _standardise(values: NDArray[np.float32], scaling: Scaling) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return standard values, and whether each is missing beyond the training share; both (n, f) of mean 0."""
    absent = np.isnan(values)
    filled = np.clip(np.where(absent, scaling.medians, values), scaling.low, scaling.high)
    scales, share = np.array(scaling.scales), np.array(scaling.missing)
    standard = np.divide(filled - scaling.means, scales, out=np.zeros_like(filled), where=scales > 0)
    return standard, np.where(share > 0, absent - share, 0.0)


def _columns(values: NDArray[np.float32], scaling: Scaling) -> NDArray[np.float64]:
    return np.hstack(_standardise(values, scaling))


def _fit(columns: NDArray[np.float64], outcome: NDArray[np.bool_], penalty: float) -> tuple[NDArray[np.float64], float]:
    """Fit by Newton's method, which draws nothing at random and needs some five steps; a column of zeros weighs 0."""
    used = np.append(True, columns[:, 1:].any(axis=0))  # one at least
    fitted = LogisticRegression(C=penalty, solver="newton-cholesky").fit(columns[:, used], outcome)
    weights = np.zeros(columns.shape[1])
    weights[used] = fitted.coef_[0]
    return weights, float(fitted.intercept_[0])


def _losses(values: NDArray[np.float32], outcome: NDArray[np.bool_], fold: Fold) -> list[float]:
    """Return the log loss on the fold's test rows, one for each of `PENALTIES`."""
    train, test = fold
    scaling = learn_scaling(values[train])
    seen, unseen = _columns(values[train], scaling), _columns(values[test], scaling)
    losses = []
    for penalty in PENALTIES:
        weights, intercept = _fit(seen, outcome[train], penalty)
        odds = unseen @ weights + intercept
        losses.append(float(np.mean(np.logaddexp(0, odds) - outcome[test] * odds)))
    return losses


def _floats(column: Any) -> Floats:
    return tuple(float(number) for number in column)
