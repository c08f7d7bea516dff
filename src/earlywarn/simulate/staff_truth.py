"""How likely each member of staff is to resign in a window, to one who knows the hidden state on the morning of a day.

In:  `Holders`, the day, the window and the plan.
Out: a probability for each, exact but for the steps of a grid of morale.

What is left of the current period's clock passes at a known morale; whole periods follow, at morales yet to be
drawn. The chance is worked out backwards, from the last period that the window touches.
"""

from typing import NamedTuple

import numpy as np

from earlywarn.simulate.holders import Bools, Floats, Holders
from earlywarn.simulate.leaving import PERIODS, PERSISTENCE, clock, hazards, period_of, period_start
from earlywarn.simulate.plan import Plan

_GRID = np.linspace(-5, 5, 41)  # of morale; a step of 0.25 is well under the SD of 0.6 by which it moves in a period


class _Question(NamedTuple):
    """Who knows the state on `as_of` asks for a notice in [opens, closes)."""

    as_of: np.datetime64
    opens: np.datetime64
    closes: np.datetime64


def resigning_probability(
    holders: Holders, as_of: np.datetime64, start: np.datetime64, end: np.datetime64, plan: Plan
) -> Floats:
    """Return (n,) probabilities, 0 to 1, that `resigned_on` lies in [start, end), given the hidden state on `as_of`.

    The state is that a person is in post and has given no notice before `as_of`; age, service and post; and the
    morale of the period in which `as_of` lies, which must be one of the simulated years. NaN for whoever is not at
    risk then: not yet or no longer in post, notice given, or there for a fixed term.
    """
    question = _Question(as_of, max(start, as_of), end)
    now, *later = _periods(as_of, end)
    ahead = np.zeros((len(holders), len(_GRID)))  # the chance from a period on, by the morale in it
    for period in reversed(later):
        ahead = _chance(holders, period, _GRID[None, :], ahead @ _moves(_GRID).T, question, plan.engagement_effect)
    morale = holders.morale[:, [PERIODS * (now[0] - plan.school_years[0]) + now[1]]]
    follows = (_moves(morale[:, 0]) * ahead).sum(axis=1, keepdims=True)
    chance = _chance(holders, now, morale, follows, question, plan.engagement_effect)[:, 0]
    return np.where(_at_risk(holders, as_of), chance, np.nan)


def _periods(as_of: np.datetime64, end: np.datetime64) -> list[tuple[int, int]]:
    """Return school year and period of the periods from that of `as_of` to the last that begins before `end`."""
    autumn, first = period_of(as_of)
    steps = range(first, first + PERIODS * (period_of(end)[0] - autumn + 1))
    return [
        (autumn + step // PERIODS, step % PERIODS)
        for step in steps
        if step == first or period_start(autumn + step // PERIODS, step % PERIODS) < end
    ]


def _chance(
    holders: Holders, period: tuple[int, int], morale: Floats, follows: Floats, question: _Question, effect: float
) -> Floats:
    """Return (n, k) chances of the notice asked for, from a period on, at a morale of shape (n, k) or (1, k) in it.

    follows : (n, k) the same from the next period on, of those who are then still in post.
    """
    known, opens, closes = (clock(holders.role, *period, day)[:, None] for day in question)
    resigning, retiring = hazards(holders, *period, morale, effect)
    total = resigning + retiring
    within = np.exp(-total * (opens - known)) - np.exp(-total * (closes - known))
    share = np.divide(resigning, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(share * within + np.exp(-total * (1 - known)) * follows)


def _moves(morale: Floats) -> Floats:
    """Return (n, grid) how likely the next period's morale is near each point of the grid; rows sum to 1."""
    off = (_GRID - PERSISTENCE * morale[:, None]) ** 2 / (1 - PERSISTENCE**2)
    weight = np.exp(-off / 2)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _at_risk(holders: Holders, as_of: np.datetime64) -> Bools:
    """Return (n,) who may resign from `as_of` on; notice precedes leaving, so that who gave none is still there."""
    silent = np.isnat(holders.notice_on) | (holders.notice_on >= as_of)
    return np.asarray((holders.joined_on < as_of) & silent & holders.permanent)
