"""Which comes first? What a pupil's change of engagement says of their later absence, and the other way about.

In:  two measures of the same people in three waves or more, NaN where one is not known; each person's school.
Out: `CrossLagged`: how far a wave in which a person lies above their own usual level is followed by one in which
     they lie above it again, or above their usual level of the other measure.

Fitted by full-information maximum likelihood; intervals are robust to pupils of a school being alike and to values
that are not normally distributed (sandwich over schools, Student's t with one degree of freedom fewer than schools).
It says what came first within persons, not what caused what: whatever changes both still stands behind it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import minimize
from scipy.special import stdtrit

from earlywarn.evaluate.intervals import Clusters, clusters_of
from earlywarn.evaluate.measures import Floats, Labels
from earlywarn.study.figure import Figure, missing
from earlywarn.study.panel_model import PanelModel, as_numbers, from_numbers
from earlywarn.study.panel_sums import PanelSums, log_likelihood, panel_sums

FEWEST_WAVES = 3  # with two, usual levels and what lies apart from them cannot be told from each other
FEWEST_PEOPLE = 200
_STEP = 1e-4  # of numbers that are near 1: values are brought to a standard deviation of 1 first
_STILL = 1e-3  # largest slope of the mean log-likelihood at which a fit counts as arrived


@dataclass(frozen=True)
class Paths:
    """The paths, in standard deviations within persons, and the two correlations.

    carried_x, carried_y : from one wave to the next of the same measure, mostly -1 to 1.
    crossing_xy : from x to y a wave later; crossing_yx: from y to x.
    usual       : correlation of the usual levels between persons.
    same_wave   : correlation within persons, in the first wave.
    """

    carried_x: Figure
    crossing_yx: Figure
    crossing_xy: Figure
    carried_y: Figure
    usual: Figure
    same_wave: Figure


@dataclass(frozen=True)
class CrossLagged:
    """What the waves say, and what it rests on.

    complete : the share of people known in every wave, 0 to 1.
    why      : why nothing could be estimated, "" otherwise.
    """

    paths: Paths
    people: int
    schools: int
    waves: int
    complete: float
    why: str = ""


def cross_lagged(x: Floats, y: Floats, school: Labels, person: Labels) -> CrossLagged:
    """Fit the model to x and y, both (people, waves) in the order of time.

    Nothing is estimated of fewer than 3 waves or 200 people, nor where the fit does not arrive.
    """
    known = ~(np.isnan(x) & np.isnan(y)).all(axis=1)
    x, y, school, person = x[known], y[known], school[known], person[known]
    values, waves = _standardised(x, y), x.shape[1]
    complete = float((~np.isnan(values)).all(axis=1).mean()) if len(values) else 0.0
    clusters = clusters_of(school, person)
    schools = len(np.unique(school))
    enough = waves >= FEWEST_WAVES and len(x) >= FEWEST_PEOPLE
    told = _told(values, clusters) if enough else f"it takes {FEWEST_WAVES} waves and {FEWEST_PEOPLE} people"
    if isinstance(told, Paths):
        return CrossLagged(told, len(x), schools, waves, complete)
    nothing = missing(told, len(x))
    return CrossLagged(Paths(*[nothing] * len(fields(Paths))), len(x), schools, waves, complete, told)


def _standardised(x: Floats, y: Floats) -> Floats:
    """Return x1, y1, x2, y2, ... with means of about 0 and standard deviations of about 1 over all waves."""
    apart = [(each - np.nanmean(each)) / (np.nanstd(each) or 1.0) for each in (x, y)]
    return np.stack(apart, axis=2).reshape(len(x), -1)


def _told(values: Floats, clusters: Clusters) -> Paths | str:
    """Return the numbers with their intervals, or why there are none."""
    sums, waves = panel_sums(values, clusters), values.shape[1] // 2
    whole = sums.together
    found = minimize(_worse(whole, waves), _start(values), method="BFGS", options={"gtol": _STILL / 10})
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > _STILL:
        return "the fit does not arrive: the waves tell usual levels and changes too little apart"
    spread = _sandwich(found.x, sums, waves)
    if spread is None:
        return "no interval: the data cannot tell some of the numbers apart"
    slopes = _slopes(lambda numbers: _said(from_numbers(numbers, waves)), found.x)
    errors = np.sqrt(np.einsum("ik,kl,il->i", slopes, spread, slopes))
    margins = float(stdtrit(clusters.count - 1, 0.975)) * errors
    values_found = _said(from_numbers(found.x, waves))
    return Paths(*(
        Figure(float(value), float(value - margin), float(value + margin), len(values))
        for value, margin in zip(values_found, margins, strict=True)
    ))  # fmt: skip


def _worse(whole: PanelSums, waves: int) -> Callable[[Floats], float]:
    """Return what is to be made small: minus the mean log-likelihood."""
    people = whole.people.sum()

    def worse(numbers: Floats) -> float:
        model = from_numbers(numbers, waves)
        likelihood = log_likelihood(whole, model.mean, model.covariance)[0] / people
        return float(-likelihood) if np.isfinite(likelihood) else 1e10

    return worse


def _start(values: Floats) -> Floats:
    """Return where the fit begins: half of what is alike over waves is usual, half of the rest is carried over."""
    waves = values.shape[1] // 2
    mean = np.nanmean(values, axis=0)
    half = np.array([[0.5, 0.0], [0.0, 0.5]])
    return as_numbers(PanelModel(mean, half, half, 0.2 * np.eye(2), np.tile(half, (waves - 1, 1, 1))))


def _said(model: PanelModel) -> Floats:
    """Return the six numbers that are told, the paths in standard deviations within persons (means over the waves)."""
    spread = np.sqrt(np.array([np.diag(each) for each in model.apart]))
    scale = np.array([[(spread[:-1, of] / spread[1:, to]).mean() for of in range(2)] for to in range(2)])
    paths = model.paths * scale
    return np.array([*paths.ravel(), _correlation(model.usual), _correlation(model.first)])


def _correlation(covariance: Floats) -> float:
    both = covariance[0, 0] * covariance[1, 1]
    return float(covariance[0, 1] / np.sqrt(both)) if both > 0 else float("nan")


def _sandwich(numbers: Floats, sums: PanelSums, waves: int) -> Floats | None:
    """Return the covariance of the parameters over new schools; None where the data do not tell them all.

    Source: White (1982), Econometrica 50, 1-25, with the sums of a school in place of a single person.
    """

    def by_cluster(at: Floats) -> Floats:
        model = from_numbers(at, waves)
        return log_likelihood(sums, model.mean, model.covariance)

    pulls = _slopes(by_cluster, numbers)
    bend = _slopes(lambda at: _slopes(lambda there: by_cluster(there).sum(keepdims=True), at)[0], numbers)
    bend = -(bend + bend.T) / 2
    if np.linalg.eigvalsh(bend)[0] <= 0:
        return None
    inverse = np.linalg.inv(bend)
    clusters = len(pulls)
    return np.asarray(inverse @ (pulls.T @ pulls) @ inverse * clusters / (clusters - 1))


def _slopes(of: Callable[[Floats], Floats], at: Floats) -> Floats:
    """Return (results, parameters) slopes by central differences."""
    steps = np.eye(len(at)) * _STEP
    return np.stack([(of(at + step) - of(at - step)) / (2 * _STEP) for step in steps], axis=1)
