"""What may yet happen to a school's pupils: everything after a date, drawn anew from what is hidden on it.

In:  a school's years, some of its pupils, and a date.
Out: how many of the sessions that count each pupil misses in each of `DRAWS` futures.

Known on the date are each pupil's propensity in the year, drift in the week and engagement at the waves that have
closed; the school's effect; the week's height of the waves of illness; and the spells that go on, with what is left
of them. The rest is drawn: waves of illness and the school's effect in a later year once a future for all its
pupils, everything else for each. Who leaves and when, training days and days of snow are drawn apart from
absence and are taken as they happen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.latent import WAVE_TO_WAVE, YEAR_TO_YEAR, path
from earlywarn.simulate.propensity import DRIFT_PERSISTENCE, Hidden
from earlywarn.simulate.schools import SCHOOL_PERSISTENCE
from earlywarn.simulate.season import SCHOOL_PERSISTENCE as SCHOOL_WAVE_PERSISTENCE
from earlywarn.simulate.season import TRUST_PERSISTENCE, Illness
from earlywarn.simulate.spells import Spells, going_on, lay_spells, sessions_missed

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 400  # futures of a pupil: the standard error of a probability of one half is 0.025
PUPILS_AT_ONCE = 16


@dataclass(frozen=True)
class Part:
    """One school year of some pupils, m of them.

    row    : (m,) the pupils' rows of the year's roster; any row for a pupil who is not in it.
    counts : (m, n_sessions) bool, the sessions of the year that count.
    """

    year: SchoolYear
    row: Ints
    counts: Bools

    def pupils(self, chosen: slice) -> "Part":
        """Return the part of some of the pupils."""
        return Part(self.year, self.row[chosen], self.counts[chosen])

    def missed_before(self, day: date) -> Ints:
        """Return (m,) sessions that count and were missed before a day."""
        upto = 2 * int(np.searchsorted(self.year.open_days, np.datetime64(day)))
        missed = self.year.absent[self.row, :upto] & self.counts[:, :upto]
        return np.asarray(missed.sum(axis=1), np.int64)


@dataclass(frozen=True)
class _Shared:
    """What a school's pupils have in common in one year of each future.

    raised : (draws, weeks) season and illness, from the first week that is drawn on.
    effect : (draws,) the school's effect.
    """

    raised: Floats
    effect: Floats


def missed_ahead(parts: Sequence[Part], as_of: date, rng: np.random.Generator) -> Ints:
    """Return (m, DRAWS) sessions that count and are missed from a date on.

    parts : the date's own school year and those that follow, as far as sessions count. A date in the
            summer holiday takes the state of its year's nearest school day.
    """
    first = _first_day(parts[0].year, as_of)
    shared = _draw_shared(parts, first, rng)
    pupils = len(parts[0].row)
    found = np.empty((pupils, DRAWS), np.int64)
    for start in range(0, pupils, PUPILS_AT_ONCE):
        chosen = slice(start, start + PUPILS_AT_ONCE)
        found[chosen] = _missed([part.pupils(chosen) for part in parts], first, shared, rng)
    return found


def _first_day(year: SchoolYear, as_of: date) -> int:
    """Return the place of the first open day on or after a date; the last one for a date after it."""
    days = year.open_days
    return min(int(np.searchsorted(days, np.datetime64(as_of))), len(days) - 1)


def _draw_shared(parts: Sequence[Part], first: int, rng: np.random.Generator) -> list[_Shared]:
    """Return what pupils have in common, year by year; the first year goes on from the week of its day `first`."""
    now = parts[0].year
    week = int(now.open.week[first])
    effect = np.full(DRAWS, now.school.effect[now.year])
    drawn = [_Shared(now.season[week:] * now.illness.ahead(week, DRAWS, rng).factor, effect)]
    kept = SCHOOL_PERSISTENCE[now.school.phase]
    for part in parts[1:]:
        weeks = len(part.year.season)
        waves = Illness(path(DRAWS, weeks, TRUST_PERSISTENCE, rng), path(DRAWS, weeks, SCHOOL_WAVE_PERSISTENCE, rng))
        effect = kept * effect + np.sqrt(1 - kept**2) * rng.standard_normal(DRAWS)
        drawn.append(_Shared(part.year.season * waves.factor, effect))
    return drawn


def _missed(parts: Sequence[Part], first: int, shared: Sequence[_Shared], rng: np.random.Generator) -> Ints:
    """Return (m, DRAWS) sessions missed by a few pupils."""
    now = parts[0]
    hidden = now.year.hidden.rows(np.repeat(now.row, DRAWS)).ahead(int(now.year.open.week[first]), rng)
    total = _count(now, hidden, shared[0].raised, first, rng)
    for part, common in zip(parts[1:], shared[1:], strict=True):
        hidden = _next_year(hidden, part, common.effect, rng)
        total += _count(part, hidden, common.raised, 0, rng)
    return total


def _count(part: Part, hidden: Hidden, raised: Floats, first: int, rng: np.random.Generator) -> Ints:
    """Return (m, DRAWS) sessions missed from the year's day `first` on, by spells that go on or begin."""
    year, tends = part.year, hidden.tends()
    phase = year.school.phase
    before = _begun(part, 2 * first) if first else going_on(tends[:, 0] * year.season[0], phase, rng)
    spells = before.beside(lay_spells(tends, np.tile(raised, (len(part.row), 1)), phase, year.open, rng, first))
    counts = part.counts[:, 2 * first :]  # painted from there on, since most of the time goes into painting
    covered = sessions_missed(replace(spells, begins=spells.begins - 2 * first), len(tends), counts.shape[1]) >= 0
    missed = covered.reshape(len(part.row), DRAWS, -1) & counts[:, None]
    return np.asarray(missed.sum(axis=2), np.int64)


def _begun(part: Part, session: int) -> Spells:
    """Return the spells that have begun before a session and go on, once for each future."""
    going = part.year.spells.since(session)
    place = np.full(len(part.year.roster), -1)
    place[part.row] = np.arange(len(part.row))
    here = np.flatnonzero(place[going.row] >= 0)
    at = np.repeat(here, DRAWS)
    row = place[going.row[at]] * DRAWS + np.tile(np.arange(DRAWS), len(here))
    return Spells(row, going.begins[at], going.length[at], going.part_time[at])


def _next_year(before: Hidden, part: Part, effect: Floats, rng: np.random.Generator) -> Hidden:
    """Return the hidden state of a year drawn from that of the year before it.

    What stays as it is are the pupil's group, year group and the like; in the scenarios of a late warning, the weeks
    that still show the propensity of the year before.
    """
    planned = part.year.hidden.rows(np.repeat(part.row, DRAWS))
    rows, weeks = planned.own.shape
    old = before.own[:, -1]
    new = path(rows, 2, YEAR_TO_YEAR, rng, old)[:, 1]
    shows = planned.own == planned.own[:, -1:]
    waves = planned.engaged.shape[1] - before.engaged.shape[1] + 1
    engaged = path(rows, waves, WAVE_TO_WAVE, rng, before.engaged[:, -1])
    other = np.tile(effect, len(part.row)) - part.year.school.effect[part.year.year]
    return replace(
        planned,
        own=np.where(shows, new[:, None], old[:, None]),
        drift=path(rows, weeks, DRIFT_PERSISTENCE, rng),
        engaged=np.hstack([before.engaged[:, :-1], engaged]),
        common=planned.common + planned.school_weight * other,
    )
