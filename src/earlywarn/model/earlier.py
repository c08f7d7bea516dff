"""The same recipe on older data: what a year's fresher data gained.

In:  the examples and the tested model's recipe.
Out: `Earlier`: scores of the test rows by a model that was fitted without the latest school year of training.

This is the evidence behind the model that is kept, which is fitted once more on all closed dates: nothing can test
that model before another year is over, but the year before can be looked at in the same way.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from earlywarn.model.examples import Examples
from earlywarn.model.recipe import FEWEST_AT_ALL, Recipe, names_of
from earlywarn.terms import school_year, year_name


@dataclass(frozen=True)
class Earlier:
    """A model of older data.

    trained_on, left_out : the training dates it was fitted on, and those that it was fitted without.
    raw   : (test rows,) its scores; None where there is nothing older to fit.
    words : what was done, or why it could not be.
    """

    trained_on: tuple[date, ...]
    left_out: tuple[date, ...]
    raw: NDArray[np.float64] | None
    words: str


def fit_earlier(examples: Examples, recipe: Recipe) -> Earlier:
    """Fit the recipe without the latest school year of training, and score the test rows with it."""
    latest = school_year(max(examples.plan.training))
    older = tuple(day for day in examples.plan.training if school_year(day) < latest)
    left_out = tuple(day for day in examples.plan.training if school_year(day) == latest)
    rows = examples.training & examples.on(older)
    outcome = examples.then.outcome[rows] > 0
    if not older:
        return Earlier(older, left_out, None, ONE_YEAR.format(year=year_name(latest)))
    if min(outcome.sum(), (~outcome).sum()) < FEWEST_AT_ALL:
        return Earlier(older, left_out, None, TOO_FEW.format(year=year_name(latest)))
    values = examples.matrix.choose(names_of(recipe.features))
    raw = recipe.fit(values[rows], outcome).raw_score(values[examples.test])
    return Earlier(older, left_out, raw, FITTED.format(year=year_name(latest)))


ONE_YEAR = (
    "All training dates lie in {year}: there is no older year to fit without it, so what a year's fresher data gain "
    "cannot be shown. The model in use was fitted on the test dates as well, a year fresher, without such evidence."
)
TOO_FEW = (
    "Before {year} there are too few people with the outcome to fit a model on, so what a year's fresher data gain "
    "cannot be shown. The model in use was fitted on the test dates as well, a year fresher, without such evidence."
)
FITTED = (
    "The tested model beside the same recipe fitted without {year}, on the same people: the difference is what that "
    "year's data gained. This is what stands behind the model in use, which was fitted on the test dates as well."
)
