"""How early the list was: school weeks from the as-of date to the day on which a listed person crossed the line.

In:  who was listed, who had the outcome, and when each crossed the line (`crossings`): one row per person and date.
Out: the quartiles of the weeks and the share found so many weeks ahead, as plain data for `metrics.json`, with words.

It is about people whom the list found in time: listed, with the outcome, below the line on the morning, and over
it later. People of every test date are taken together; who is tied at the last place counts in part.
"""

from typing import Any

import numpy as np

from earlywarn.disclosure import is_small
from earlywarn.evaluate.estimate import plain
from earlywarn.evaluate.measures import Bools, Floats, Labels

AHEAD = (1, 2, 4, 6, 8, 12, 16, 24)
FEWEST = 10


def lead_time(
    *, outcome: Bools, listed: Floats, weeks: Floats, already: Bools, person: Labels, people: str
) -> dict[str, Any] | None:
    """Return how early the list was, or None where fewer than ten people crossed the line after they were listed.

    outcome : (n,) bool. True if it happened after the as-of date.
    listed  : (n,) float from 0 to 1, the share in which each person is listed.
    weeks   : (n,) float, school weeks from the as-of date to the crossing; NaN for whoever did not cross.
    already : (n,) bool, over the line on the as-of date: they had crossed before anyone could be early.
    person  : (n,) any, who it is.
    people  : "pupils", for the words.
    returns : `weeks` (quartiles), `found_at_least` (share of those who crossed for whom it was so many weeks or
              more), `crossed`, `not_crossed` (with the outcome, but never over the line; None for 1 to 4), `words`.
    """
    found = listed * outcome * ~already
    crossed = (found > 0) & ~np.isnan(weeks)
    if len(np.unique(person[crossed])) < FEWEST:
        return None
    ahead, weight = weeks[crossed], found[crossed]
    lower, median, upper = (weighted_quantile(ahead, weight, share) for share in (0.25, 0.5, 0.75))
    others = round(float(found[~crossed].sum()))
    return {
        "weeks": plain({"lower_quartile": lower, "median": median, "upper_quartile": upper}),
        "found_at_least": [
            plain({"weeks": least, "share": float(weight[ahead >= least].sum() / weight.sum())}) for least in AHEAD
        ],
        "crossed": round(float(weight.sum())),
        "not_crossed": None if is_small(others) else others,
        "words": _words(lower, median, upper, others, people),
    }


def weighted_quantile(values: Floats, weight: Floats, share: float) -> float:
    """Return the smallest value that, with those below it, holds at least a share of the weight.

    >>> weighted_quantile(np.array([1.0, 4.0, 9.0]), np.array([1.0, 1.0, 2.0]), 0.5)
    4.0
    """
    order = np.argsort(values, kind="stable")
    held = np.cumsum(weight[order])
    # A hair less than the share: 0.1 + 0.2 of 0.6 is half of it.
    return float(values[order][np.searchsorted(held, share * held[-1] - 1e-9 * held[-1])])


def _words(lower: float, median: float, upper: float, others: int, people: str) -> str:
    said = f"Of the {people} on the list who went on to cross the line, {_halves(lower, median, upper)}."
    if not others:
        return said
    many = "A few" if is_small(others) else f"{others:,}"
    return (
        f"{said} {many} others had the outcome, but their absence since the start of the year did not reach the line."
    )


def _halves(lower: float, median: float, upper: float) -> str:
    if not median:
        return "half crossed it in the very week of the list"
    half = f"half were listed at least {_weeks(median)} before they crossed it, a quarter at least {_weeks(upper)}"
    return f"{half} and a quarter {f'{_weeks(lower)} or less' if lower else 'only in the very week'}"


def _weeks(count: float) -> str:
    return "1 school week" if count == 1 else f"{count:.0f} school weeks"
