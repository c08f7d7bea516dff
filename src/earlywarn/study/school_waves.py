"""What each school's people answered in a wave, beside its pupils' absence before and after it.

In:  the sources of a study of pupils.
Out: `SchoolWaves` for each questionnaire of staff, parents and pupils: a row a school and wave.

Before are the 12 school weeks that ended before the wave opened, after the 12 that began when it had closed (as many
as the data hold, at least 4 of either, across the end of a school year). Only pupils with possible sessions on both
sides count, so that the same pupils are held against themselves. Means rest on ten respondents or more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.evaluate.measures import Floats, Ints, Labels
from earlywarn.features.gather import Sources, phases_of, score_waves_of, staff_of_schools
from earlywarn.features.waves import parts_of
from earlywarn.labels import count_sessions
from earlywarn.register import Register, Slice
from earlywarn.surveys.answers import Wave, mean_of_half
from earlywarn.surveys.instrument import Audience, Instrument
from earlywarn.tables.known import people_as_known
from earlywarn.terms import SchoolCalendar

WEEKS, FEWEST_WEEKS = 12, 4  # on either side of a wave
_AUDIENCES: tuple[Audience, ...] = ("staff", "parent", "pupil")
_WEEK, _DAY = np.timedelta64(7, "D"), timedelta(days=1)

Span = tuple[date, date]


@dataclass(frozen=True)
class SchoolWaves:
    """A row is a school in a wave.

    school        : (rows,) ids.
    wave, phase   : (rows,) a wave's id, a school's phase.
    before, after : (rows,) share of possible sessions missed, 0 to 1.
    pupils        : (rows,) pupils with possible sessions on both sides.
    means         : (rows, parts of the questionnaire) 0 to 10; NaN with fewer than ten respondents.
    respondents   : (rows, parts) those with a score.
    """

    instrument: Instrument
    school: Labels
    wave: Labels
    phase: Labels
    before: Floats
    after: Floats
    pupils: Ints
    means: Floats
    respondents: Ints


def school_waves(sources: Sources) -> tuple[SchoolWaves, ...]:
    """Return the rows of every questionnaire that was given when there was absence before and after."""
    if sources.register is None:
        return ()
    staff_waves = sources.staff_waves or score_waves_of(sources.store, ("staff",))
    waves = [wave for wave in (*staff_waves, *sources.waves) if wave.closes_on < sources.store.today]
    absence = _absence(sources, sources.register, waves)
    found = []
    for audience in _AUDIENCES:
        mine = [wave for wave in waves if wave.audience == audience]
        for name in dict.fromkeys(wave.instrument.name for wave in mine):
            rows = [_of_wave(sources, wave, absence) for wave in mine if wave.instrument.name == name]
            found += _joined([each for each in rows if len(each.school)])
    return tuple(found)


@dataclass(frozen=True)
class _Sides:
    """A school's absence on both sides of a wave."""

    before: float
    after: float
    pupils: int


def _absence(sources: Sources, register: Register, waves: Sequence[Wave]) -> Mapping[tuple[str, str], _Sides]:
    """Return the absence of every school on both sides of every wave, by wave and school, where it is known."""
    today = sources.store.today
    found = {}
    for block in register:
        marks = block.as_known(today + _DAY, anywhere=False)
        for wave in waves:
            spans = spans_around(register.calendars[block.school_id], wave.opens_on, wave.closes_on, today)
            sides = _sides(marks, *spans) if spans else None
            if sides is not None:
                found[wave.wave_id, block.school_id] = sides
    return found


def spans_around(calendar: SchoolCalendar, opens_on: date, closes_on: date, today: date) -> tuple[Span, Span] | None:
    """Return the days `[start, end)` of the school weeks before a wave and after it; None with too few of either."""
    weeks = calendar.weeks
    before = weeks[weeks + _WEEK <= np.datetime64(opens_on)][-WEEKS:]
    after = weeks[(weeks > np.datetime64(closes_on)) & (weeks + _WEEK <= np.datetime64(today + _DAY))][:WEEKS]
    if min(len(before), len(after)) < FEWEST_WEEKS:
        return None
    return _span(before), _span(after)


def _span(weeks: NDArray[np.datetime64]) -> Span:
    start, end = weeks[0].astype(object), (weeks[-1] + _WEEK).astype(object)
    return start, end


def _sides(marks: Slice, before: Span, after: Span) -> _Sides | None:
    """Return the absence of the pupils who had sessions on both sides; None with fewer than ten of them."""
    (possible_then, absent_then), (possible_now, absent_now) = (
        count_sessions(marks.between(*span)) for span in (before, after)
    )
    both = (possible_then > 0) & (possible_now > 0)
    if both.sum() < RESPONDENTS_FROM:
        return None
    before_rate, after_rate = (
        float(absent[both].sum() / possible[both].sum())
        for possible, absent in ((possible_then, absent_then), (possible_now, absent_now))
    )
    return _Sides(before_rate, after_rate, int(both.sum()))


def _of_wave(sources: Sources, wave: Wave, absence: Mapping[tuple[str, str], _Sides]) -> SchoolWaves:
    """Return the rows of one wave: a school that has respondents, and absence on both sides."""
    phase = phases_of(sources)
    answered = [
        (school, absence[wave.wave_id, school], *_means(wave, people))
        for school, people in _people_by_school(sources, wave)
        if (wave.wave_id, school) in absence
    ]
    parts = len(parts_of(wave.instrument))
    return SchoolWaves(
        wave.instrument,
        np.array([school for school, *_ in answered], np.str_),
        np.full(len(answered), wave.wave_id),
        np.array([phase[school] for school, *_ in answered], np.str_),
        np.array([sides.before for _, sides, *_ in answered]),
        np.array([sides.after for _, sides, *_ in answered]),
        np.array([sides.pupils for _, sides, *_ in answered], np.int64),
        np.array([means for *_, means, _ in answered]).reshape(-1, parts),
        np.array([count for *_, count in answered], np.int64).reshape(-1, parts),
    )


def _people_by_school(sources: Sources, wave: Wave) -> Iterator[tuple[str, pd.Index]]:
    """Yield each school with the people there whom a wave may have asked, as known when it had closed."""
    day = wave.closes_on + _DAY
    if wave.audience == "staff":
        by_school = staff_of_schools(sources.store, day)
    else:
        rows = sources.store.db.execute(
            f"""SELECT school_id, person_id, left_on FROM {people_as_known("pupils", day, sources.config.fixed)}
            WHERE joined_on < ? ORDER BY school_id, person_id""",
            [day],
        ).df()
        by_school = {str(school): mine for school, mine in rows.groupby("school_id")}
    for school, people in by_school.items():
        yield school, pd.Index(people.loc[people["left_on"].isna(), "person_id"])


def _means(wave: Wave, people: pd.Index) -> tuple[Floats, Ints]:
    """Return the mean score of each part and how many have one; NaN where they are fewer than ten."""
    at = wave.people.get_indexer(people)
    scores = wave.scores[at[at >= 0]]
    of_parts = np.stack([mean_of_half(scores[:, part.scales]) for part in parts_of(wave.instrument)], axis=1)
    known = ~np.isnan(of_parts)
    count = known.sum(axis=0)
    total = np.where(known, of_parts, 0).sum(axis=0, dtype=np.float64)
    return np.where(count >= RESPONDENTS_FROM, total / np.maximum(count, 1), np.nan), count


def _joined(waves: Sequence[SchoolWaves]) -> list[SchoolWaves]:
    """Return the rows of several waves of one questionnaire as one; nothing for none."""
    if not waves:
        return []
    names = ("school", "wave", "phase", "before", "after", "pupils", "means", "respondents")
    rows = {name: np.concatenate([getattr(wave, name) for wave in waves]) for name in names}
    return [SchoolWaves(waves[0].instrument, **rows)]
