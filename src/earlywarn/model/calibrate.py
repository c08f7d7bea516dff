"""From a score to a probability: a curve learnt on scores of people the model never saw.

In:  raw scores (log-odds) out of fold, and what happened.
Out: `Isotonic` where a free curve foretells people it has not seen better than a line in
     log-odds does, else `Sigmoid`; both are a few numbers that go to `calibration.json` and
     give the same probabilities when read back.

A calibration never turns a ranking round; isotonic steps can tie people, which is
why lists are ranked by the raw score.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from earlywarn.errors import BundleError

ISOTONIC_FROM = 1000  # people with the outcome, and people without it, before a free curve is tried


@dataclass(frozen=True)
class Isotonic:
    """A rising line through points: `x` raw scores, `y` probabilities; flat beyond both ends."""

    method: ClassVar[str] = "isotonic"
    x: tuple[float, ...]
    y: tuple[float, ...]

    def apply(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities, strictly between 0 and 1.

        >>> Isotonic(x=(-1.0, 1.0), y=(0.25, 0.75)).apply(np.array([-3.0, 0.0, 2.0])).tolist()
        [0.25, 0.5, 0.75]
        """
        return np.interp(raw, self.x, self.y)

    def as_dict(self) -> dict[str, Any]:
        """Return the curve for `calibration.json`."""
        return {"method": self.method, "x": list(self.x), "y": list(self.y)}


@dataclass(frozen=True)
class Sigmoid:
    """A straight line in log-odds: `slope * raw + intercept`, slope not below 0."""

    method: ClassVar[str] = "sigmoid"
    slope: float
    intercept: float

    def apply(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities.

        >>> Sigmoid(slope=1.0, intercept=0.0).apply(np.array([0.0])).tolist()
        [0.5]
        """
        return np.asarray(expit(self.slope * raw + self.intercept), dtype=np.float64)

    def as_dict(self) -> dict[str, Any]:
        """Return the line for `calibration.json`."""
        return {"method": self.method} | asdict(self)


Calibration = Isotonic | Sigmoid


def calibration_from_dict(found: Mapping[str, Any]) -> Calibration:
    """Read back what `as_dict` wrote."""
    match found:
        case {"method": "isotonic", "x": [*x], "y": [*y], **rest} if not rest and len(x) == len(y) > 0:
            return Isotonic(tuple(map(float, x)), tuple(map(float, y)))
        case {"method": "sigmoid", "slope": slope, "intercept": intercept, **rest} if not rest:
            return Sigmoid(float(slope), float(intercept))
    raise BundleError("calibration.json holds no calibration that is known here", fix="use a bundle as it was written")


def fit_calibration(raw: NDArray[np.float64], outcome: NDArray[np.bool_]) -> Calibration:
    """Learn the calibration that the data support.

    raw     : (n,) float, out of fold; rows that no fold tested (NaN) are left out.
    outcome : (n,) bool.
    """
    tested = ~np.isnan(raw)
    raw, outcome = raw[tested], outcome[tested]
    enough = min(outcome.sum(), (~outcome).sum()) >= ISOTONIC_FROM
    free = enough and _foretold(_isotonic, raw, outcome) < _foretold(_sigmoid, raw, outcome)
    return _isotonic(raw, outcome) if free else _sigmoid(raw, outcome)


Learn = Callable[[NDArray[np.float64], NDArray[np.bool_]], Calibration]


def _foretold(learn: Learn, raw: NDArray[np.float64], outcome: NDArray[np.bool_]) -> float:
    """Return the log loss of every second row under what the others teach, mean of both ways round."""
    first = np.arange(len(raw)) % 2 == 0
    losses = []
    for seen in (first, ~first):
        risk = learn(raw[seen], outcome[seen]).apply(raw[~seen])
        losses.append(-np.mean(np.log(np.where(outcome[~seen], risk, 1 - risk))))
    return float(np.mean(losses))


def _isotonic(raw: NDArray[np.float64], outcome: NDArray[np.bool_]) -> Isotonic:
    """Fit a rising curve, kept off 0 and 1 by what one more person on each side would change."""
    edge = 1 / (len(raw) + 2)
    curve = IsotonicRegression(y_min=edge, y_max=1 - edge).fit(raw, outcome.astype(np.float64))
    return Isotonic(tuple(curve.X_thresholds_.tolist()), tuple(curve.y_thresholds_.tolist()))


def _sigmoid(raw: NDArray[np.float64], outcome: NDArray[np.bool_]) -> Sigmoid:
    """Fit Platt's line; his softened targets keep it finite where scores separate the outcomes.

    source : Platt (1999), Probabilistic outputs for support vector machines, section 2.2.
    """
    with_it, without = int(outcome.sum()), int((~outcome).sum())
    target = np.where(outcome, (with_it + 1) / (with_it + 2), 1 / (without + 2))

    def loss_and_slope(line: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = line[0] * raw + line[1]
        loss = np.mean(np.logaddexp(0, odds) - target * odds)
        error = expit(odds) - target
        return float(loss), np.array([np.mean(error * raw), np.mean(error)])

    bounds = [(0, None), (None, None)]  # a slope below 0 would turn the ranking round
    found = minimize(loss_and_slope, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds, tol=1e-12)
    return Sigmoid(float(found.x[0]), float(found.x[1]))
