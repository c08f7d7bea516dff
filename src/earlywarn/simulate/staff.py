"""Staff: who holds which post, and who follows whom.

In:  a school and the plan.
Out: `Holders`: everyone who was in post at some time in the simulated years.

Posts are filled some years before the first simulated one and then run on by the law of `leaving`, so that
age and service in the first year are those of any other. Who leaves is replaced on the next day.
"""

from dataclasses import replace

import numpy as np

from earlywarn.simulate.holders import DAYS_A_YEAR, NEVER, Bools, Floats, Holders, Texts, joined
from earlywarn.simulate.leaving import (
    PERIODS,
    day_at,
    hazards,
    last_day_in_post,
    next_morale,
    period_start,
)
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.posts import Posts, make_posts
from earlywarn.simulate.schools import Phase, School
from earlywarn.terms import Days

YEARS_BEFORE = 6  # run before the first simulated year
MEAN_SERVICE = 5.0  # years in post of those there when the run begins
YOUNGEST, OLDEST_ON_JOINING = 21.0, 61.0
# Mean years over the youngest age, on joining.
OVER_YOUNGEST = {"teacher": 12.0, "leader": 20.0, "teaching assistant": 17.0, "administration": 19.0}
FIXED_TERM = 0.13  # of those who join
PART_TIME = {"teacher": 0.25, "leader": 0.05, "teaching assistant": 0.75, "administration": 0.60}
FRACTIONS, FRACTION_SHARES = (0.8, 0.6, 0.5), (0.4, 0.4, 0.2)  # of full time
FEMALE: dict[Phase, float] = {"primary": 0.85, "secondary": 0.66, "special": 0.76}
SCALES = 7  # of the staff questionnaire
TINY = 1e-12


def make_staff(school: School, first_number: int, plan: Plan, rng: np.random.Generator) -> Holders:
    """Return everyone in post at a school at some time in the simulated years, post by post, in order of joining."""
    began = plan.school_years[0]
    autumns = range(began - YEARS_BEFORE, plan.school_years[-1] + 1)
    periods = [(autumn, period) for autumn in autumns for period in range(PERIODS)]
    posts = make_posts(school, rng)
    gone: list[Holders] = []
    sitting = _first_holders(posts, autumns, rng)
    for step, (autumn, period) in enumerate(periods):
        if step:
            sitting.morale[:, step] = next_morale(sitting.morale[:, step - 1], rng)
        sitting = _with_notices(sitting, step, autumn, period, plan.engagement_effect, rng)
        leaving = ~np.isnat(sitting.notice_on)
        if leaving.any():
            gone.append(sitting.rows(leaving))
            followers = _people(posts.rows(gone[-1].post), gone[-1].leaves_on + 1, step, len(periods), rng)
            sitting = joined([sitting.rows(~leaving), followers])
    return _numbered(joined([*gone, sitting]), began, first_number)


def _numbered(everyone: Holders, began: int, first_number: int) -> Holders:
    """Return those in post in simulated years, numbered so that a number tells nothing of who leaves."""
    found = everyone.rows(np.isnat(everyone.leaves_on) | (everyone.leaves_on >= period_start(began, 0)))
    found = found.rows(np.lexsort((found.joined_on, found.post)))
    number = first_number + np.arange(len(found))
    return replace(found, number=number, morale=found.morale[:, PERIODS * YEARS_BEFORE :])


def _first_holders(posts: Posts, autumns: range, rng: np.random.Generator) -> Holders:
    """Return who holds a school's posts when the run begins."""
    served = np.floor(rng.exponential(MEAN_SERVICE, len(posts))).astype(np.int64)
    joined_on = np.array([period_start(autumns[0] - years, 0) for years in served.tolist()])
    people = _people(posts, joined_on, 0, PERIODS * len(autumns), rng)
    return replace(people, permanent=np.ones(len(posts), bool))


def _people(posts: Posts, joined_on: Days, step: int, steps: int, rng: np.random.Generator) -> Holders:
    """Return people new in these posts, whose morale is first drawn for period `step` of `steps`."""
    n = len(posts)
    morale = np.full((n, steps), np.nan)
    morale[:, step] = rng.standard_normal(n)
    return Holders(
        number=np.zeros(n, np.int64),
        school_id=np.full(n, posts.school.school_id),
        post=posts.number,
        role=posts.role,
        subject=posts.subject,
        tempo=posts.tempo,
        fte=_fte(posts.role, rng),
        permanent=rng.random(n) >= FIXED_TERM,
        female=rng.random(n) < FEMALE[posts.school.phase],
        born=_born(posts.role, joined_on, rng),
        joined_on=joined_on,
        morale=morale,
        leaning=rng.standard_normal((n, SCALES)),
        notice_on=np.full(n, NEVER),
        leaves_on=np.full(n, NEVER),
        reason=np.full(n, "", "<U14"),
    )


def _fte(role: Texts, rng: np.random.Generator) -> Floats:
    """Return (n,) shares of full time."""
    part_time = rng.random(len(role)) < np.array([PART_TIME[one] for one in role.tolist()])
    return np.where(part_time, rng.choice(FRACTIONS, len(role), p=FRACTION_SHARES), 1.0)


def _born(role: Texts, joined_on: Days, rng: np.random.Generator) -> Days:
    """Return (n,) days of birth from ages on joining: most are young, leaders and support staff less so."""
    over = np.array([OVER_YOUNGEST[one] for one in role.tolist()]) / 2 * rng.gamma(2.0, size=len(role))
    age = np.minimum(YOUNGEST + over, OLDEST_ON_JOINING)
    return joined_on - np.round(age * DAYS_A_YEAR).astype(np.int64)


def _with_notices(
    sitting: Holders, step: int, autumn: int, period: int, effect: float, rng: np.random.Generator
) -> Holders:
    """Return the same people with the notices that they give in a period; morale then stays as it was."""
    resigning, retiring = (each[:, 0] for each in hazards(sitting, autumn, period, sitting.morale[:, [step]], effect))
    total = resigning + retiring
    waits = rng.exponential(size=len(sitting)) / np.maximum(total, TINY)  # along the clock of the period
    resigns = rng.random(len(sitting)) * total < resigning
    ends = _term_ends(sitting, autumn, period)
    waits = np.where(ends, rng.random(len(sitting)), waits)
    given = day_at(sitting.role, autumn, period, np.minimum(waits, 1))
    last = np.where(ends, period_start(autumn, PERIODS) - 1, last_day_in_post(sitting.role, autumn, period, given))
    reason = np.select([ends, resigns], ["fixed-term-end", "resigned"], "retired")
    gives = waits < 1
    sitting.morale[gives, step + 1 :] = sitting.morale[gives, step][:, None]
    return replace(
        sitting,
        notice_on=np.where(gives, given, NEVER),
        leaves_on=np.where(gives, last, NEVER),
        reason=np.where(gives, reason, ""),
    )


def _term_ends(sitting: Holders, autumn: int, period: int) -> Bools:
    """Return (n,) whose fixed term ends with this school year; who came in its last period stays for the next."""
    return ~sitting.permanent & (period == PERIODS - 1) & (sitting.joined_on < period_start(autumn, period))
