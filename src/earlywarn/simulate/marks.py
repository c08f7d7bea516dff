"""Session marks: which code each session gets, how late, and when it was known.

In:  a `SchoolYear`, whose spells of absence have no reasons yet.
Out: `Marks`, one row a mark, ordered by date, session and pupil.

Reasons are drawn a spell at a time, by its length, the pupil's share of absence and
the time of year, so that shares of absence by code are near England's of 2025/26.
Some marks are first `N`, no reason yet, and corrected two to ten school days later: the
correction is a second row with the day on which it was known. Codes that the law of
August 2024 brought or took away are used only on days on which they are in force.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.codes import NEW_CODES_FROM
from earlywarn.simulate.absence import SchoolYear
from earlywarn.terms import Days

Codes = NDArray[np.uint8]
Floats = NDArray[np.float64]

CODES = ("", "/", "\\", "L", "B", "V", "P", "W", "K", "I", "M", "R", "S", "T", "E", "C", "C1", "J1", "C2", "G", "H",
         "O", "U", "N", "D", "Y", "Y4")  # fmt: skip
NUMBER = {code: np.uint8(number) for number, code in enumerate(CODES)}
BEFORE_2024 = {"C2": "C", "C1": "C", "J1": "C", "K": "B"}  # what such a session was called

# Weight of each reason for a spell of half a day, by phase; U, an arrival after the
# register closed, is a morning's mark: of an afternoon it stands for an appointment, M.
HALF_DAY = {
    "primary": {"U": 0.7557, "I": 0.1033, "O": 0.0455, "J1": 0.0465},
    "secondary": {"U": 1.3777, "I": 0.0508, "O": 0.0508, "J1": 0.0456},
    "special": {"U": 1.3031, "I": 0.4176, "O": 0.0884, "J1": 0.0291},
}
# And of longer spells, before the pupil and the time of year are looked at.
WHOLE_DAYS = {
    "primary": {"I": 0.5915, "M": 0.0334, "R": 0.0133, "T": 0.0029, "C": 0.0669, "C1": 0.0010, "E": 0.0065,
                "C2": 0.0191, "G": 0.1143, "O": 0.1422},
    "secondary": {"I": 0.5492, "M": 0.0293, "R": 0.0081, "T": 0.0004, "C": 0.0444, "C1": 0.0009, "E": 0.0284,
                "C2": 0.0151, "G": 0.0473, "O": 0.2743},
    "special": {"I": 0.5637, "M": 0.0866, "R": 0.0055, "T": 0.0008, "C": 0.1410, "C1": 0.0009, "E": 0.0117,
                "C2": 0.0160, "G": 0.0505, "O": 0.2034},
}  # fmt: skip
OFTEN_AWAY = 0.25  # tendency to be absent above which reasons change
IF_OFTEN_AWAY = {"E": 2.0, "C2": 5.0, "O": 1.8, "I": 0.7, "G": 0.3}
HOLIDAY_WEEK = 4.0  # how much likelier a holiday is in the first and last five days of a half-term
TERM_TIME = 0.45  # and on other days
STUDY_LEAVE_FROM = "05-20"
STUDY_LEAVE = {"primary": 0.00, "secondary": 0.88, "special": 0.24}  # weight for Year 11 from then on, 1 for all else

ILLNESS_AS_OTHER = 0.5  # share of illness written as O, by a school that changed its habits

FIRST_NO_REASON = {"I": 0.10, "O": 0.30, "G": 0.25}  # share of spells that begin as N
STAYS_NO_REASON = 0.045  # share of those that are never looked into
KNOWN_AFTER = (2, 10)  # school days until the reason is known, first and last

LATE = {"primary": 0.0133, "secondary": 0.0385, "special": 0.0090}  # share of possible sessions
LATE_BY_PROPENSITY = 0.45  # how steeply lateness rises with the log of a pupil's share of absence
LATE_OF_ITS_OWN = 0.7  # SD of the log of what else makes a pupil late: lateness is no window on later absence
MOST_LATE = 0.2  # share of a pupil's sessions
LATE_IN_MORNING = 1.7  # a morning's factor; an afternoon has the rest
AWAY_ON_ACTIVITY = {
    "primary": {"B": 0.0020, "P": 0.0010, "V": 0.0025},
    "secondary": {"B": 0.0030, "P": 0.0014, "V": 0.0025, "W": 0.0031, "K": 0.0008},
    "special": {"B": 0.0089, "P": 0.0005, "V": 0.0010, "W": 0.0006, "K": 0.0010},
}


@dataclass(frozen=True)
class Marks:
    """Marks of one school year; every array has shape (n_marks,).

    row          : row of the school year's roster.
    session      : session of the school's year, even in the morning.
    code         : place in `CODES`.
    minutes_late : 0 for a pupil who was not late.
    known_on     : the day from which the mark read so.
    """

    row: NDArray[np.int64]
    session: NDArray[np.int64]
    code: Codes
    minutes_late: NDArray[np.int16]
    known_on: Days


def make_marks(school_year: SchoolYear, reason: Codes, until: np.datetime64, rng: np.random.Generator) -> Marks:
    """Return the marks that were known by the end of the day `until`; `reason` is the code of each spell."""
    days = school_year.open_days
    first_n = _begins_without_reason(reason, rng)
    spell = school_year.spell_of
    absent = school_year.absent
    code = np.where(absent, reason[spell], _present(school_year, rng))
    code[:, np.repeat(school_year.shut, 2)] = NUMBER["Y4" if days[0] >= NEW_CODES_FROM else "Y"]
    code[school_year.elsewhere] = NUMBER["D"]
    code[~school_year.on_roll] = 0
    code[:, np.repeat(days, 2) > until] = 0
    settled = code.T
    session, row = np.nonzero(settled)
    final = settled[session, row]
    number = spell[row, session]
    unsettled = absent[row, session] & first_n[number]

    # A mark that was first N has two rows: N on the day, and its reason on the day it was known.
    day = session // 2
    learnt = np.minimum(day + _delay(school_year, rng)[number], len(days) - 1)
    twice = unsettled & (learnt > day) & (days[learnt] <= until) & (rng.random(len(row)) >= STAYS_NO_REASON)
    at = np.repeat(np.arange(len(row)), 1 + twice)
    correction = np.concatenate([[False], at[1:] == at[:-1]])
    code_then = np.where(unsettled[at] & ~correction, NUMBER["N"], final[at])
    return Marks(
        row=row[at],
        session=session[at],
        code=code_then,
        minutes_late=_minutes(code_then, rng),
        known_on=np.where(correction, days[learnt[at]], days[day[at]]),
    )


def spell_reasons(school_year: SchoolYear, rng: np.random.Generator) -> Codes:
    """Return (n_spells,) the code of each spell, in force on all its days."""
    spells, phase = school_year.spells, school_year.school.phase
    half_day = spells.length == 1
    reason = np.empty(len(half_day), np.uint8)
    reason[half_day] = _draw(_weights(HALF_DAY[phase], int(half_day.sum())), rng)
    weights = _weights(WHOLE_DAYS[phase], len(half_day))
    _for_the_pupil(weights, school_year.tends_at(spells.row, spells.begins))
    _for_the_time_of_year(weights, school_year)
    reason[~half_day] = _draw(weights[~half_day], rng)
    afternoon = spells.begins % 2 == 1
    reason[(reason == NUMBER["U"]) & afternoon] = NUMBER["M"]
    reason[spells.part_time] = NUMBER["C2"]
    return _in_force(_by_habit(reason, school_year, rng), school_year, rng)


def _by_habit(reason: Codes, school_year: SchoolYear, rng: np.random.Generator) -> Codes:
    """Return the codes as the school writes them, which in a scenario has changed its habits."""
    unusual = school_year.shock.coding
    if unusual and school_year.school.number % round(1 / unusual) == 0:
        ill = (reason == NUMBER["I"]) & (rng.random(len(reason)) < ILLNESS_AS_OTHER)
        reason[ill] = NUMBER["O"]
    return reason


def _weights(of: dict[str, float], rows: int) -> Floats:
    """Return (rows, codes) weights, the same in every row."""
    line = np.zeros(len(CODES))
    for code, weight in of.items():
        line[NUMBER[code]] = weight
    return np.tile(line, (rows, 1))


def _for_the_pupil(weights: Floats, tends: Floats) -> None:
    """Change the weights of spells of pupils who are often away."""
    often = tends > OFTEN_AWAY
    for code, factor in IF_OFTEN_AWAY.items():
        weights[often, NUMBER[code]] *= factor


def _for_the_time_of_year(weights: Floats, school_year: SchoolYear) -> None:
    """Put holidays beside breaks, and study leave into Year 11's summer."""
    spells, days = school_year.spells, school_year.open_days
    half_term = school_year.plan.half_term[~school_year.closed]
    day = np.minimum(spells.begins // 2, len(days) - 1)
    near = _near_a_break(half_term)[day]
    weights[:, NUMBER["G"]] *= np.where(near & (spells.length >= 4), HOLIDAY_WEEK, TERM_TIME)
    weights[:, NUMBER["I"]] *= school_year.illness.factor[0, school_year.open.week[day]]
    exams = days >= np.datetime64(f"{school_year.plan.year + 1}-{STUDY_LEAVE_FROM}")
    leaving = school_year.roster.year_group[spells.row] == 11
    weights[:, NUMBER["S"]] = np.where(leaving & exams[day], STUDY_LEAVE[school_year.school.phase], 0)


def _near_a_break(half_term: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return (n_days,) bool: within five school days of the first or last of a half-term."""
    near = np.zeros(len(half_term), bool)
    for number in np.unique(half_term):
        inside = np.flatnonzero(half_term == number)
        near[inside[:5]] = near[inside[-5:]] = True
    return near


def _draw(weights: Floats, rng: np.random.Generator) -> Codes:
    """Return one code a row, drawn by the row's weights."""
    upto = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights)) * upto[:, -1]
    return np.asarray((upto < drawn[:, None]).sum(axis=1), np.uint8)


def _in_force(reason: Codes, school_year: SchoolYear, rng: np.random.Generator) -> Codes:
    """Return the codes as the law of the year has them: the change fell into a summer holiday."""
    if school_year.open_days[0] >= NEW_CODES_FROM:
        return reason
    for code, old in BEFORE_2024.items():
        reason[reason == NUMBER[code]] = NUMBER[old]
    agreed = (reason == NUMBER["G"]) & (rng.random(len(reason)) < 0.05)
    reason[agreed] = NUMBER["H"]
    return reason


def _begins_without_reason(reason: Codes, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return (n_spells,) bool: the spell's marks were N on the day."""
    chance = np.zeros(len(CODES))
    for code, share in FIRST_NO_REASON.items():
        chance[NUMBER[code]] = share
    begins: NDArray[np.bool_] = rng.random(len(reason)) < chance[reason]
    return begins


def _delay(school_year: SchoolYear, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return (n_spells,) school days from a mark until its reason is known."""
    return rng.integers(KNOWN_AFTER[0], KNOWN_AFTER[1] + 1, len(school_year.spells.row))


def _present(school_year: SchoolYear, rng: np.random.Generator) -> Codes:
    """Return (n, n_sessions) the mark of each session as if the pupil came: present, late, on a trip or off-site."""
    phase, roster = school_year.school.phase, school_year.roster
    people, sessions = len(roster), 2 * len(school_year.open_days)
    code = np.tile(np.array([NUMBER["/"], NUMBER["\\"]]), (people, sessions // 2))
    u = rng.random((people, sessions), np.float32)
    code[u < _late_chance(school_year, rng)] = NUMBER["L"]
    above = 1.0
    for activity, share in AWAY_ON_ACTIVITY[phase].items():
        known_as = activity if school_year.open_days[0] >= NEW_CODES_FROM else BEFORE_2024.get(activity, activity)
        code[(u <= above) & (u > above - share)] = NUMBER[known_as]
        above -= share
    for group, form in {(int(g), int(f)) for g, f in zip(roster.year_group, roster.form, strict=True)}:
        here = (roster.year_group == group) & (roster.form == form)
        days = (37 * form + 61 * group + 17 * school_year.school.number + 29 * school_year.year) % (sessions // 2)
        code[np.ix_(here, [2 * days, 2 * days + 1])] = NUMBER["V"]
    return code


def _late_chance(school_year: SchoolYear, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return (n, n_sessions) chance to come late: somewhat more for those often away, mostly in the morning."""
    own = np.exp(LATE_OF_ITS_OWN * rng.standard_normal((len(school_year.tends), 1)))
    steep = own * np.clip(school_year.tends, 0.01, 0.5) ** LATE_BY_PROPENSITY
    chance = np.minimum(LATE[school_year.school.phase] * steep / steep.mean(), MOST_LATE).astype(np.float32)
    halves = np.array([LATE_IN_MORNING, 2 - LATE_IN_MORNING], np.float32)
    by_day = chance[:, school_year.open.week]
    return np.asarray((by_day[:, :, None] * halves).reshape(len(by_day), -1))


def _minutes(code: Codes, rng: np.random.Generator) -> NDArray[np.int16]:
    """Return minutes late: up to 30 for L, more for U, 0 for every other mark."""
    minutes = np.zeros(len(code), np.int16)
    late, after_register = np.flatnonzero(code == NUMBER["L"]), np.flatnonzero(code == NUMBER["U"])
    minutes[late] = 1 + np.minimum(rng.exponential(8, len(late)), 28)
    minutes[after_register] = 31 + np.minimum(rng.exponential(25, len(after_register)), 88)
    return minutes
