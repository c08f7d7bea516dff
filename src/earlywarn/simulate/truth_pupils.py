"""How likely each pupil of a school was to miss the threshold's share of a window.

In:  a school's years, the config, a date and the outcome's window.
Out: the pupils that have a label on that date, and each one's probability: the share of futures in which the
     outcome happens.

Who is in the cohort is what the written `pupils` table says on that morning, a window's sessions are this school's,
and who has too few of them has no label, as in `cohort` and `labels`.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.labels import MIN_SESSIONS
from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.futures import Part, missed_ahead
from earlywarn.simulate.roster import Roster
from earlywarn.terms import Window, school_year, year_start

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def pupil_chances(
    years: Sequence[SchoolYear], roster: Roster, config: Config, as_of: date, window: Window, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Return the pupils of a school by number, in order, and the probability of each.

    years  : the school's years, from the first one simulated.
    roster : the school's rows of the trust's roster.
    """
    ahead = years[school_year(as_of) - years[0].plan.year :]
    person = _at_risk(roster, config, as_of)
    person = person[_enough_sessions(ahead, person, window)]
    outcome = config.outcome
    if outcome.label == "year_total":
        window = Window(year_start(school_year(window.start)), window.end)
    parts = _parts(ahead, person, window)
    missed = parts[0].missed_before(as_of)[:, None] + missed_ahead(parts, as_of, rng)
    happens = missed >= outcome.threshold * _possible(parts)[:, None] - 1e-9
    return person, happens.mean(axis=1)


def _at_risk(roster: Roster, config: Config, as_of: date) -> Ints:
    """Return who is on roll, and in which year group, as last known before a date."""
    day = np.datetime64(as_of)
    known = roster.rows(roster.first < day)
    known = known.rows(np.lexsort((-known.year, known.person)))
    latest = known.rows(np.unique(known.person, return_index=True)[1])
    here = ~(latest.left_on < day) & np.isin(latest.year_group, config.year_groups)
    return latest.person[here]


def _enough_sessions(ahead: Sequence[SchoolYear], person: Ints, window: Window) -> Bools:
    """Return (m,) bool: the pupil has enough possible sessions in the window to be labelled."""
    parts = _parts(ahead, person, window)
    possible = _possible(parts)
    held = sum(int(_inside(part.year, window).sum()) for part in parts)
    return (possible > 0) & (possible >= min(MIN_SESSIONS, held / 2))


def _parts(ahead: Sequence[SchoolYear], person: Ints, window: Window) -> list[Part]:
    """Return the date's school year and those after it into which a window reaches."""
    first, *later = ahead
    end = np.datetime64(window.end)
    return [_part(year, person, window) for year in (first, *(year for year in later if year.open_days[0] < end))]


def _part(year: SchoolYear, person: Ints, window: Window) -> Part:
    """Return the sessions of a window that some pupils had in one year."""
    order = np.argsort(year.roster.person)
    place = np.searchsorted(year.roster.person, person, sorter=order)
    row = order[np.minimum(place, len(order) - 1)]
    there = year.roster.person[row] == person
    return Part(year, row, year.expected[row] & _inside(year, window) & there[:, None])


def _inside(year: SchoolYear, window: Window) -> Bools:
    """Return (n_sessions,) bool: the session lies in a window."""
    days = np.repeat(year.open_days, 2)
    return np.asarray((days >= np.datetime64(window.start)) & (days < np.datetime64(window.end)))


def _possible(parts: Sequence[Part]) -> Ints:
    """Return (m,) each pupil's sessions that count."""
    return np.asarray(sum(part.counts.sum(axis=1) for part in parts), np.int64)
