"""What else a school writes down: behaviour points, suspensions, calls home, and earlier schools' totals.

In:  a `SchoolYear` and the codes of its spells.
Out: `Events` and `Summaries`, one row each.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.calendar import year_plan
from earlywarn.simulate.latent import Latent
from earlywarn.simulate.marks import NUMBER, Codes
from earlywarn.simulate.mixture import tendency
from earlywarn.terms import Days

Ints = NDArray[np.int64]

# Points given to a pupil at the phase's mean absence.
BEHAVIOUR_A_WEEK = {"primary": 0.010, "secondary": 0.070, "special": 0.050}
BEHAVIOUR_BY_PROPENSITY = 0.3  # how steeply points rise with the log of a pupil's tendency to be absent
BEHAVIOUR_OF_ITS_OWN = 0.9  # SD of the log of what else earns them
CONTACT_AFTER = 6  # sessions of unexplained absence or illness after which someone calls
TOTALS_SENT = 0.6  # share of joiners whose earlier school sends last year's totals
MEAN_SPELL = 4  # sessions, of those totals
AUTHORISED = 0.7  # share of absence that the earlier school had authorised


@dataclass(frozen=True)
class Events:
    """One row an event; arrays of shape (n_events,). `kind` is behaviour, suspension or contact."""

    person: Ints
    date: Days
    kind: NDArray[np.str_]
    amount: Ints


@dataclass(frozen=True)
class Summaries:
    """One row a pupil who came from elsewhere: last school year's totals, known when the pupil joined."""

    person: Ints
    from_on: Days
    to_on: Days
    possible: Ints
    absent: Ints
    authorised: Ints
    known_on: Days


def make_events(school_year: SchoolYear, reason: Codes, until: np.datetime64, rng: np.random.Generator) -> Events:
    """Return one school year's events up to the day `until`, by date."""
    parts = [
        _behaviour(school_year, rng),
        _from_spells(school_year, reason == NUMBER["E"], "suspension", 0),
        _from_spells(school_year, _unexplained(school_year, reason), "contact", CONTACT_AFTER),
    ]
    row, day, kind, amount = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    date = school_year.open_days[day]
    roster = school_year.roster
    there = (date >= roster.first[row]) & (date <= roster.last[row]) & (date <= until)
    order = np.lexsort((kind[there], roster.person[row[there]], date[there]))
    columns = (roster.person[row], date, kind, amount)
    person, date, kind, amount = (column[there][order] for column in columns)
    return Events(person, date, kind, amount)


def _behaviour(school_year: SchoolYear, rng: np.random.Generator) -> tuple[Ints, Ints, NDArray[np.str_], Ints]:
    """Return behaviour points: row, day, kind and amount; more in weeks in which a pupil tends to be away."""
    opened, tends = school_year.open, school_year.tends
    own = np.exp(BEHAVIOUR_OF_ITS_OWN * rng.standard_normal((len(tends), 1)))
    earns = own * np.clip(tends, 0.01, 0.5) ** BEHAVIOUR_BY_PROPENSITY
    starts = opened.week_starts(tends.shape[1], 0)
    days = np.diff(starts)
    count = rng.poisson(BEHAVIOUR_A_WEEK[school_year.school.phase] * days / 5 * earns / earns.mean())
    row, week = np.nonzero(count)
    row, week = (np.repeat(at, count[row, week]) for at in (row, week))
    day = starts[week] + (rng.random(len(row)) * days[week]).astype(np.int64)
    return row, day, np.full(len(row), "behaviour", "<U10"), rng.integers(1, 4, len(row))


def _unexplained(school_year: SchoolYear, reason: Codes) -> NDArray[np.bool_]:
    """Return which spells make someone call home."""
    long = school_year.spells.length > CONTACT_AFTER
    return np.isin(reason, [NUMBER["O"], NUMBER["I"]]) & long


def _from_spells(
    school_year: SchoolYear, chosen: NDArray[np.bool_], kind: str, after: int
) -> tuple[Ints, Ints, NDArray[np.str_], Ints]:
    """Return an event for each chosen spell, `after` sessions into it; its amount is the spell's days, or one call."""
    spells = school_year.spells
    day = np.minimum((spells.begins[chosen] + after) // 2, len(school_year.open_days) - 1)
    amount = (spells.length[chosen] + 1) // 2 if kind == "suspension" else np.ones(len(day), np.int64)
    return spells.row[chosen], day, np.full(len(day), kind, "<U10"), amount


def make_summaries(
    school_year: SchoolYear, latent: Latent, until: np.datetime64, rng: np.random.Generator
) -> Summaries:
    """Return last year's totals of those who came from elsewhere, where their school sent them."""
    roster = school_year.roster
    sent = roster.moved_in & (roster.year_group > 1) & (rng.random(len(roster)) < TOTALS_SENT)
    sent &= roster.joined_on <= until
    person, joined = roster.person[sent], roster.joined_on[sent]
    share = tendency(latent.propensity[person, school_year.year], school_year.group[sent])
    possible = rng.integers(340, 381, len(person))
    absent = np.minimum(MEAN_SPELL * rng.poisson(share * possible / MEAN_SPELL), possible)
    before = year_plan(school_year.plan.year - 1).days
    return Summaries(
        person=person,
        from_on=np.full(len(person), before[0]),
        to_on=np.full(len(person), before[-1]),
        possible=possible,
        absent=absent,
        authorised=np.rint(AUTHORISED * absent).astype(np.int64),
        known_on=joined,
    )
