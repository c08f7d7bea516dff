"""Which comes first? What a pupil's change of engagement says of their later absence, and the other way about.

In:  a measure of the same people in three waves or more, and another before, between and after them; NaN where one is
     not known; each person's school.
Out: `CrossLagged`: how far a wave in which a person lies above their own usual level is followed by one in which
     they lie above it again, or above their usual level of the other measure.

Fitted by full-information maximum likelihood; intervals are robust to pupils of a school being alike and to values
that are not normally distributed (sandwich over schools, Student's t with one degree of freedom fewer than schools).
The sandwich is the jackknife whose fit without a school is one step of Newton's from the fit with all: those are kept.
It says what came first within persons, not what caused what: whatever changes both still stands behind it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import minimize

from earlywarn.evaluate.intervals import Clusters, clusters_of
from earlywarn.evaluate.measures import Floats, Labels
from earlywarn.study.covariances import correlations, covariances
from earlywarn.study.figure import PLAIN, WITHIN_ONE, Figure, figure, missing
from earlywarn.study.panel_model import PanelModel, as_numbers, from_numbers
from earlywarn.study.panel_sums import PanelSums, log_likelihood, panel_sums

FEWEST_WAVES = 3  # with two, usual levels and what lies apart from them cannot be told from each other
FEWEST_PEOPLE = 200
_STEP = 1e-4  # of numbers that are near 1: values are brought to a standard deviation of 1 first
_WITHOUT_ERROR = 0.05  # of a standard deviation: less than this is new in a wave only where a fit has gone astray
_STILL = 1e-3  # largest slope of the mean log-likelihood at which a fit counts as arrived


@dataclass(frozen=True)
class Paths:
    """The paths, in standard deviations within persons, and a correlation.

    carried_x, carried_y : from one wave to the next of the same measure, mostly -1 to 1.
    crossing_xy : from x to the y right after it; crossing_yx: from y to the x right after it.
    usual       : correlation of the usual levels between persons.
    """

    carried_x: Figure
    crossing_yx: Figure
    crossing_xy: Figure
    carried_y: Figure
    usual: Figure


@dataclass(frozen=True)
class CrossLagged:
    """What the waves say, and what it rests on.

    complete : the share of people known in every wave, 0 to 1.
    misfit   : how far the correlations of the waves are from what the model says they are: the root of the mean
               squared difference. Above 0.08 the model does not describe these waves (Hu and Bentler 1999, Structural
               Equation Modeling 6, 1-55). NaN without a fit.
    why      : why nothing could be estimated, "" otherwise.
    """

    paths: Paths
    people: int
    schools: int
    waves: int
    complete: float
    misfit: float = float("nan")
    why: str = ""


def cross_lagged(x: Floats, y: Floats, school: Labels, person: Labels) -> CrossLagged:
    """Fit the model to x (people, waves) and y (people, waves + 1), before the first wave, between each two and after.

    Nothing is estimated of fewer than 3 waves or 200 people, nor where the fit does not arrive.
    """
    known = ~(np.isnan(x).all(axis=1) & np.isnan(y).all(axis=1))
    x, y, school, person = x[known], y[known], school[known], person[known]
    values, waves = _standardised(x, y), x.shape[1]
    complete = float((~np.isnan(values)).all(axis=1).mean()) if len(values) else 0.0
    clusters = clusters_of(school, person)
    schools = len(np.unique(school))
    if waves < FEWEST_WAVES or len(x) < FEWEST_PEOPLE:
        told: tuple[Paths, float] | str = f"it takes {FEWEST_WAVES} waves and {FEWEST_PEOPLE} people"
    elif np.isnan(values).all(axis=0).any():
        told = "one of the waves holds nothing of one of the two"
    else:
        told = _told(values, clusters)
    if isinstance(told, tuple):
        return CrossLagged(told[0], len(x), schools, waves, complete, told[1])
    nothing = missing(told, len(x))
    return CrossLagged(Paths(*[nothing] * len(fields(Paths))), len(x), schools, waves, complete, why=told)


def _standardised(x: Floats, y: Floats) -> Floats:
    """Return y0, x1, y1, x2, ... with means of about 0 and standard deviations of about 1 over all waves."""
    values = np.empty((len(x), 2 * x.shape[1] + 1))
    for first, each in ((1, x), (0, y)):
        values[:, first::2] = (each - np.nanmean(each)) / (np.nanstd(each) or 1.0)
    return values


def _told(values: Floats, clusters: Clusters) -> tuple[Paths, float] | str:
    """Return the numbers with their intervals and the misfit, or why there are none."""
    sums = panel_sums(values, clusters)
    whole = sums.together
    found = minimize(_worse(whole), _start(values), method="BFGS", options={"gtol": _STILL / 10})
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > _STILL:
        return "the fit does not arrive: the waves tell usual levels and changes too little apart"
    if np.abs(from_numbers(found.x).news).min() < _WITHOUT_ERROR:
        return "one of the waves would have to hold nothing new: the model does not fit these data"
    moved = _without_each(found.x, sums, whole)
    if moved is None:
        return "no interval: the data cannot tell some of the numbers apart"
    slopes = _slopes(lambda numbers: _said(from_numbers(numbers)), found.x)
    model = from_numbers(found.x)
    said = _said(model)
    replicated = np.vstack([said, said + moved @ slopes.T])
    scales = [PLAIN] * 4 + [WITHIN_ONE]
    told = (figure(each, len(values), scale) for each, scale in zip(replicated.T, scales, strict=True))
    return Paths(*told), _misfit(values, model.covariance)


def _worse(whole: PanelSums) -> Callable[[Floats], float]:
    """Return what is to be made small: minus the mean log-likelihood."""
    people = whole.people.sum()

    def worse(numbers: Floats) -> float:
        model = from_numbers(numbers)
        likelihood = log_likelihood(whole, model.mean, model.covariance)[0] / people
        return float(-likelihood) if np.isfinite(likelihood) else 1e10

    return worse


def _start(values: Floats) -> Floats:
    """Return where the fit begins: half of what is alike over waves is usual, half of the rest is carried over."""
    size = values.shape[1]
    half = np.array([[0.5, 0.0], [0.0, 0.5]])
    return as_numbers(
        PanelModel(np.nanmean(values, axis=0), half, np.ones(size // 2 + 1), 0.2 * np.eye(2), np.full(size, 0.7))
    )


def _said(model: PanelModel) -> Floats:
    """Return the five numbers that are told, the paths in standard deviations within persons (means over the waves)."""
    spread = np.sqrt(np.diag(model.apart))
    x, y = spread[1::2], spread[::2]
    scale = np.array([[(x[:-1] / x[1:]).mean(), (y[:-1] / x).mean()], [(x / y[1:]).mean(), (y[:-1] / y[1:]).mean()]])
    between = model.usual[0, 1] / np.sqrt(model.usual[0, 0] * model.usual[1, 1])
    return np.array([*(model.paths * scale).ravel(), between])


def _without_each(numbers: Floats, sums: PanelSums, whole: PanelSums) -> Floats | None:
    """Return (clusters, parameters) how the parameters move without each cluster; None where the data do not tell all.

    Source: White (1982), Econometrica 50, 1-25, with the sums of a school in place of a single person: the variance
    of these moves, as a jackknife takes it, is the sandwich times clusters / (clusters - 1).
    """

    def likelihood(of: PanelSums) -> Callable[[Floats], Floats]:
        def by_cluster(at: Floats) -> Floats:
            model = from_numbers(at)
            return log_likelihood(of, model.mean, model.covariance)

        return by_cluster

    pulls = _slopes(likelihood(sums), numbers)
    bend = _slopes(lambda at: _slopes(likelihood(whole), at)[0], numbers)
    bend = -(bend + bend.T) / 2
    if np.linalg.eigvalsh(bend)[0] <= 0:
        return None
    clusters = len(pulls)
    return np.asarray(-pulls @ np.linalg.inv(bend) * clusters / (clusters - 1))


def _misfit(values: Floats, covariance: Floats) -> float:
    """Return the root of the mean squared difference of correlations, each pair over who is known in both."""
    seen = correlations(covariances(values, Clusters(np.zeros(len(values), np.intp), 1, "people")))[0]
    apart = (seen - correlations(covariance[None])[0])[np.tril_indices(len(seen), -1)]
    return float(np.sqrt(np.mean(apart**2)))


def _slopes(of: Callable[[Floats], Floats], at: Floats) -> Floats:
    """Return (results, parameters) slopes by central differences."""
    steps = np.eye(len(at)) * _STEP
    return np.stack([(of(at + step) - of(at - step)) / (2 * _STEP) for step in steps], axis=1)
