"""One made-up trust, counted: what the comparisons with England need of it, and nothing else.

In:  a plan.
Out: `Run`: an entry per enrolment of Years 1 to 11, and sessions, spells and codes by phase.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.calendar import last_day
from earlywarn.simulate.marks import CODES, make_marks, spell_reasons
from earlywarn.simulate.mixture import PHASES
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.schools import School
from earlywarn.simulate.trust import Trust, make_trust, stream, years_of

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_DAYS = 4  # the school's first open days of a year: most schools' first week of 2022/23
LONGEST = 60  # sessions; longer spells are counted with those of this length
AUTUMN_WEEKS = (6, 7)  # the last weeks before the half-term and before Christmas


@dataclass(frozen=True)
class Run:
    """What was counted in one trust over its school years.

    One entry per enrolment and school year, n of them, Years 1 to 11 with a possible session:
    phase, year_group, school, year, person : (n,) numbers; a phase is a place in `mixture.PHASES`.
    fsm, female, recorded : (n,); sen, ethnicity : (n,) places in `people.SEN` and `people.ETHNICITY`.
    possible, absent : (n, 3) sessions by term.
    first_days : (n,) on roll on the school's first days of the year and absent in some of their sessions.

    By phase: weekday (3, 5, 2) and autumn (3, 13, 2) hold absent and possible sessions; spells (3, LONGEST + 1)
    counts unbroken absences by length; codes (3, codes) counts sessions by the reason they have in the end.
    """

    phase: Ints
    year_group: Ints
    school: Ints
    year: Ints
    person: Ints
    fsm: Bools
    female: Bools
    recorded: Bools
    sen: NDArray[np.int8]
    ethnicity: NDArray[np.int8]
    possible: Ints
    absent: Ints
    first_days: Bools
    weekday: Ints
    autumn: Ints
    spells: Ints
    codes: Ints

    @property
    def rate(self) -> Floats:
        """Return (n,) absent over possible sessions of the year."""
        return np.asarray(self.absent.sum(axis=1) / self.possible.sum(axis=1))


def gather(plan: Plan, *, even_schools: bool) -> Run:
    """Return what is counted in the trust of a plan, school effects averaged out or drawn as they are."""
    trust = make_trust(plan)
    if even_schools:
        trust = replace(trust, schools=_even(trust.schools, plan.seed))
    by_phase = {
        "weekday": np.zeros((3, 5, 2), np.int64),
        "autumn": np.zeros((3, sum(AUTUMN_WEEKS), 2), np.int64),
        "spells": np.zeros((3, LONGEST + 1), np.int64),
        "codes": np.zeros((3, len(CODES)), np.int64),
    }
    parts: list[dict[str, NDArray[np.generic]]] = []
    for school in trust.schools:
        phase = PHASES.index(school.phase)
        rng = stream(plan, "marks", school.number)
        for year in years_of(trust, school):
            absent = year.absent
            parts.append(_enrolments(trust, year, absent))
            by_phase["weekday"][phase] += _by_weekday(year, absent)
            by_phase["autumn"][phase] += _by_autumn_week(year, absent)
            by_phase["spells"][phase] += _spell_lengths(absent)
            by_phase["codes"][phase] += _codes(year, last_day(plan), rng)
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Run(**columns, **by_phase)  # type: ignore[arg-type]  # names and types stand in _enrolments


def _even(schools: Sequence[School], seed: int) -> tuple[School, ...]:
    """Return the schools, those of a phase at even steps of the normal curve instead of drawn from it."""
    rng = np.random.default_rng(seed)
    found = list(schools)
    for phase in PHASES:
        numbers = [school.number for school in schools if school.phase == phase]
        for year in range(len(schools[0].effect)):
            steps = ndtri((rng.permutation(len(numbers)) + 0.5) / max(len(numbers), 1))
            for number, effect in zip(numbers, steps, strict=True):
                effects = found[number].effect.copy()
                effects[year] = effect
                found[number] = replace(found[number], effect=effects)
    return tuple(found)


def _enrolments(trust: Trust, year: SchoolYear, missed: Bools) -> dict[str, NDArray[np.generic]]:
    """Return the columns of one school's enrolments of one year."""
    roster, people = year.roster, trust.people
    term = np.repeat(year.plan.half_term[~year.closed] // 2, 2)
    possible = np.stack([year.expected[:, term == number].sum(axis=1) for number in range(3)], axis=1)
    absent = np.stack([missed[:, term == number].sum(axis=1) for number in range(3)], axis=1)
    counted = (roster.year_group > 0) & (possible.sum(axis=1) > 0)
    first = slice(0, 2 * FIRST_DAYS)
    n, who = len(roster), roster.person
    columns = {
        "phase": np.full(n, PHASES.index(year.school.phase)),
        "year_group": roster.year_group,
        "school": roster.school,
        "year": roster.year,
        "person": who,
        "fsm": people.fsm[who],
        "female": people.female[who],
        "recorded": people.recorded[who],
        "sen": people.sen[who],
        "ethnicity": people.ethnicity[who],
        "possible": possible,
        "absent": absent,
        "first_days": year.on_roll[:, 0] & missed[:, first].any(axis=1),
    }
    return {name: column[counted] for name, column in columns.items()}


def _by_weekday(year: SchoolYear, absent: Bools) -> Ints:
    """Return (5, 2) absent and possible sessions, Monday to Friday."""
    weekday = (year.open_days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    return np.array([_sessions(year, absent, weekday == day) for day in range(5)])


def _by_autumn_week(year: SchoolYear, absent: Bools) -> Ints:
    """Return (13, 2) absent and possible sessions of the autumn's weeks."""
    week, half_term = year.plan.week[~year.closed], year.plan.half_term[~year.closed]
    weeks = [np.unique(week[half_term == half])[-count:] for half, count in enumerate(AUTUMN_WEEKS)]
    return np.array([_sessions(year, absent, week == number) for number in np.concatenate(weeks)])


def _sessions(year: SchoolYear, absent: Bools, days: Bools) -> tuple[int, int]:
    """Return absent and possible sessions on the chosen days, over everyone on roll."""
    sessions = np.repeat(days, 2)
    return int(absent[:, sessions].sum()), int(year.expected[:, sessions].sum())


def _spell_lengths(absent: Bools) -> Ints:
    """Return (LONGEST + 1,) how many unbroken absences there are of each length in sessions.

    >>> _spell_lengths(np.array([[True, True, False, True]]))[:4].tolist()
    [0, 1, 1, 0]
    """
    edges = np.diff(np.pad(absent, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    begins, ends = np.nonzero(edges == 1)[1], np.nonzero(edges == -1)[1]
    return np.bincount(np.minimum(ends - begins, LONGEST), minlength=LONGEST + 1)


def _codes(year: SchoolYear, until: np.datetime64, rng: np.random.Generator) -> Ints:
    """Return (codes,) sessions by code; a corrected mark counts as what it was corrected to."""
    marks = make_marks(year, spell_reasons(year, rng), until, rng)
    corrected = np.concatenate([(np.diff(marks.row) == 0) & (np.diff(marks.session) == 0), [False]])
    return np.bincount(marks.code[~corrected], minlength=len(CODES))
