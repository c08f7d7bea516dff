"""Staff: who holds which post, who gives notice and when, and why.

In:  the schools and the plan.
Out: `Holder`s, one a person and post, post by post: whoever leaves is replaced.

Notice clusters before the three dates of the teachers' calendar (31 October, the end of February,
31 May). Morale moves resigning by the same knob as pupils' engagement moves absence;
at zero it is noise. Retirements and ends of fixed terms are no resignations.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.calendar import year_plan
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.schools import Phase, School

Role = Literal["teacher", "teaching assistant", "leader", "administration"]
Reason = Literal["resigned", "retired", "fixed-term-end"]

PUPILS_A_POST = 9
ROLES: dict[Phase, dict[Role, float]] = {
    "primary": {"teacher": 0.46, "teaching assistant": 0.34, "leader": 0.08, "administration": 0.12},
    "secondary": {"teacher": 0.60, "teaching assistant": 0.18, "leader": 0.08, "administration": 0.14},
}
# Share of a year's teachers of a subject who leave, over that of all (2024/25, DfE workforce model inputs).
SUBJECTS = {"English": 1.04, "Mathematics": 1.02, "Science": 1.02, "Languages": 1.11, "Humanities": 0.85,
            "Computing": 1.20, "Arts": 0.97, "PE": 0.71}  # fmt: skip
SUBJECT_SHARES = (0.17, 0.17, 0.19, 0.10, 0.14, 0.05, 0.10, 0.08)

# Share who resign in a year. Teachers: about 1.8 times the 8.5% who leave the sector, since others change school.
RESIGN: dict[Role, float] = {"teacher": 0.142, "teaching assistant": 0.185, "leader": 0.09, "administration": 0.15}
IN_WINDOW = {True: (0.20, 0.20, 0.60), False: (0.33, 0.33, 0.34)}  # by the three dates; False: support staff
UNDER_35, NEWCOMER, OVER_55 = 1.30, 1.35, 0.7
NEWCOMER_YEARS = 2
MEAN_SERVICE = 6.0  # years in post of those there at the start, less one
SCALES = 7  # of the staff questionnaire
RETIRE_A_YEAR = 0.17  # of those aged 55 and over
BY_MORALE = 0.45  # fall of the log chance to resign for one SD of morale, at an effect of 1
FIXED_TERM = 0.07
NOTICE_DAYS_BEFORE = 9.0  # mean days by which a teacher's notice precedes the last day for it
SUPPORT_NOTICE = 42
MORALE_PERSISTENCE = 0.8

AGE_BANDS = ((25, "under 25"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (200, "55 and over"))


@dataclass(frozen=True)
class Post:
    """A post, which outlives those who hold it; `subject` is empty where none is taught."""

    school: School
    role: Role
    subject: str

    @property
    def teaches(self) -> bool:
        """Return whether the teachers' calendar of notice applies."""
        return self.role in ("teacher", "leader")


@dataclass(frozen=True)
class Holder:
    """One person in one post.

    age     : in years, on the day of joining.
    morale  : standard normal, at each staff wave of the plan.
    leaning : (scales,) standard normal, what sets the person's views of the job apart from each other.
    notice  : the day on which notice was given, the last day in post and why; None for those who stay.
    """

    number: int
    post: Post
    fte: float
    permanent: bool
    female: bool
    age: float
    joined_on: date
    morale: NDArray[np.float64]
    leaning: NDArray[np.float64]
    notice: tuple[date, date, Reason] | None = None

    @property
    def left_on(self) -> date | None:
        """Return the last day in post, which may lie ahead."""
        return self.notice[1] if self.notice else None

    def age_on(self, day: date) -> float:
        """Return the age in years."""
        return self.age + (day - self.joined_on).days / 365.25

    def in_post(self, first: date, last: date) -> bool:
        """Return whether the post was held on any day from `first` to `last`."""
        return self.joined_on <= last and (self.left_on is None or self.left_on >= first)


def age_band(age: float) -> str:
    """Return the band of an age.

    >>> age_band(34.9), age_band(35)
    ('25-34', '35-44')
    """
    return next(name for below, name in AGE_BANDS if age < below)


def make_staff(school: School, first_number: int, plan: Plan, rng: np.random.Generator) -> list[Holder]:
    """Return everyone who holds a post at a school at some time, post by post."""
    holders: list[Holder] = []
    for post in _posts(school, rng):
        for holder in _hold(post, plan, rng):
            holders.append(replace(holder, number=first_number + len(holders)))
    return holders


def _posts(school: School, rng: np.random.Generator) -> Iterator[Post]:
    """Yield the posts of a school; only teachers of a secondary have a subject."""
    posts = max(4, round(school.capacity / PUPILS_A_POST))
    for role, share in ROLES[school.phase].items():
        for _ in range(max(1, round(posts * share))):
            has_subject = role == "teacher" and school.phase == "secondary"
            yield Post(school, role, str(rng.choice(list(SUBJECTS), p=SUBJECT_SHARES)) if has_subject else "")


def _hold(post: Post, plan: Plan, rng: np.random.Generator) -> Iterator[Holder]:
    """Yield the people who hold one post, one after another."""
    served = int(rng.exponential(MEAN_SERVICE)) + 1
    holder = _new(post, date(plan.school_years[0] - served, 9, 1), plan, rng, served)
    for wave in range(3 * len(plan.school_years)):
        notice = _notice(holder, wave, plan, rng)
        if notice and notice[0] > holder.joined_on:
            yield replace(holder, notice=notice)
            holder = _new(post, notice[1] + timedelta(days=1), plan, rng)
    yield holder


def _new(post: Post, joined: date, plan: Plan, rng: np.random.Generator, served: int = 0) -> Holder:
    """Return someone new in a post; `served` is the years in it before the first simulated year."""
    morale = rng.standard_normal(3 * len(plan.school_years))
    for step in range(1, len(morale)):
        kept = MORALE_PERSISTENCE * morale[step - 1]
        morale[step] = kept + np.sqrt(1 - MORALE_PERSISTENCE**2) * morale[step]
    age = min(22 + rng.gamma(2.0, 7.0), 60.0 - min(served, 35))
    return Holder(
        number=-1,
        post=post,
        fte=float(rng.choice([1.0, 0.8, 0.6, 0.5], p=[0.72, 0.12, 0.10, 0.06])),
        permanent=bool(rng.random() >= FIXED_TERM) or served > 1,
        female=bool(rng.random() < (0.84 if post.school.phase == "primary" else 0.65)),
        age=max(float(age), 21.0),
        joined_on=joined,
        morale=morale,
        leaning=rng.standard_normal(SCALES),
    )


def _notice(holder: Holder, wave: int, plan: Plan, rng: np.random.Generator) -> tuple[date, date, Reason] | None:
    """Return the notice that a holder gives between a wave and the next; None for most."""
    autumn, window = plan.school_years[wave // 3], wave % 3
    chance = _chance(holder, wave, autumn, plan.engagement_effect)
    resigns, retires = rng.random() < chance, rng.random() < RETIRE_A_YEAR
    early = min(rng.exponential(NOTICE_DAYS_BEFORE), 35)
    place = rng.random()
    last_day_of_notice, leaves_on = _deadline(autumn, window)
    given = last_day_of_notice - timedelta(days=int(early))
    if window == 2 and not holder.permanent and holder.joined_on < date(autumn + 1, 4, 1):
        return given, leaves_on, "fixed-term-end"
    if window == 2 and retires and holder.age_on(leaves_on) >= 55:
        return given, leaves_on, "retired"
    if not (resigns and holder.permanent):
        return None
    if holder.post.teaches:
        return given, leaves_on, "resigned"
    days = year_plan(autumn).days[64 * window : 64 * window + 60]
    at_any_time = days[int(place * len(days))].astype(object)
    return at_any_time, at_any_time + timedelta(days=SUPPORT_NOTICE), "resigned"


def _chance(holder: Holder, wave: int, autumn: int, effect: float) -> float:
    """Return the chance to resign between a wave and the next; its mean over people does not depend on the effect."""
    post = holder.post
    chance = RESIGN[post.role] * IN_WINDOW[post.teaches][wave % 3] * SUBJECTS.get(post.subject, 1.0)
    day = date(autumn, 9, 1)
    age = holder.age_on(day)
    chance *= UNDER_35 if age < 35 else OVER_55 if age >= 55 else 1.0
    chance *= NEWCOMER if (day - holder.joined_on).days < 365 * NEWCOMER_YEARS else 1.0
    pull = BY_MORALE * effect
    return float(chance * np.exp(-pull * holder.morale[wave] - pull**2 / 2))


def _deadline(autumn: int, window: int) -> tuple[date, date]:
    """Return the last day for a teacher's notice, and the day on which the post then ends."""
    if window == 0:
        return date(autumn, 10, 31), date(autumn, 12, 31)
    if window == 1:
        return date(autumn + 1, 3, 1) - timedelta(days=1), date(autumn + 1, 4, 30)
    return date(autumn + 1, 5, 31), date(autumn + 1, 8, 31)
