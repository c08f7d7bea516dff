"""The benchmarks of a morning: every measure of every group at every school.

In:  the sources of today's data, and the as-of date.
Out: `Benchmark`s, by school, measure, wave and group. Groups are told for the latest wave of a questionnaire;
     earlier waves, which a line is drawn through, for the whole school.

Staff are told by school and, over the schools that are shown, by role: a role of one school mostly is one person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from earlywarn.audit.groups import labels_of
from earlywarn.benchmarks.cells import Cells, Places, cells_of
from earlywarn.benchmarks.divided import (
    ATTENDANCE_BAND,
    Division,
    below_line,
    crossed,
    divided,
    divisions,
    everyone,
    labels_of_pupils,
)
from earlywarn.benchmarks.likes import Compared, Ints, Likes, compare, likes_of
from earlywarn.benchmarks.measured import ABSENCE, Measured, measure_people
from earlywarn.benchmarks.record import OK, SUPPRESSED, WHOLE_TRUST, Benchmark
from earlywarn.cohort import cohort
from earlywarn.config import Config
from earlywarn.disclosure import is_small
from earlywarn.features.gather import Sources

_DIGITS = 4  # of what is kept: more would make a small difference look known


@dataclass(frozen=True)
class _Ground:
    """Who is where: everyone's school, the ways to divide them, and groups of people alike, the narrowest first."""

    places: Places
    whole: Division
    divisions: tuple[Division, ...]
    alike: tuple[Ints, ...]
    alike_but_absence: tuple[Ints, ...]
    alike_in_band: tuple[Ints, ...]

    def alike_in(self, measured: Measured, division: Division) -> tuple[Ints, ...]:
        """Return who is alike: a band of attendance is held against its like alone; absence leaves attendance out."""
        if measured.measure == ABSENCE:
            return self.alike_but_absence
        return self.alike_in_band if division.by == ATTENDANCE_BAND else self.alike


def benchmarks_of(sources: Sources, as_of: date) -> tuple[Benchmark, ...]:
    """Return the benchmarks of the people on roll on a morning; none where nothing is measured."""
    people = cohort(sources.store, sources.config, as_of)
    if not len(people):
        return ()
    every = measure_people(sources, people, as_of)
    if sources.config.population == "staff":
        found = _of_staff(every, people)
    else:
        found = _of_pupils(every, _ground(every, people, sources.config))
    return tuple(sorted(found, key=lambda one: (one.school_id, one.measure.name, str(one.wave), one.group_by)))


def _of_pupils(every: Sequence[Measured], ground: _Ground) -> Iterator[Benchmark]:
    for measured in every:
        divisions = (ground.whole, *ground.divisions) if measured.latest else (ground.whole,)
        for division in divisions:
            if (measured.measure, division.by) != (ABSENCE, ATTENDANCE_BAND):
                likes = likes_of(measured.values, ground.places.school, ground.alike_in(measured, division))
                yield from _benchmarks(measured, likes, ground.places, division)


def _of_staff(every: Sequence[Measured], people: pd.DataFrame) -> Iterator[Benchmark]:
    whole, role = everyone(len(people)), divided("role", labels_of(people["role"]))
    places = _places(people, np.zeros(len(people), np.int64))
    trust = Places(np.zeros(len(people), np.int64), (WHOLE_TRUST,), places.stage)
    for measured in every:
        likes = likes_of(measured.values, places.school, [role.code, whole.code])
        yield from _benchmarks(measured, likes, places, whole)
        if measured.latest:
            shown = _of_shown_schools(measured, places, whole)
            nobody = likes_of(shown.values, trust.school, [])
            for division in (whole, role):
                yield from _benchmarks(shown, nobody, trust, division)


def _of_shown_schools(measured: Measured, places: Places, whole: Division) -> Measured:
    """Return a measure of those whose school is shown: what is hidden enters no other number."""
    values, change = cells_of(measured.values, places, whole), cells_of(measured.change, places, whole)
    return replace(
        measured,
        asked=measured.asked & ~values.hidden[places.school, 0],
        values=np.where(values.hidden[places.school, 0], np.nan, measured.values),
        change=np.where((values.hidden | change.hidden)[places.school, 0], np.nan, measured.change),
    )


def _ground(every: Sequence[Measured], people: pd.DataFrame, config: Config) -> _Ground:
    absence = next((each.values for each in every if each.measure == ABSENCE), np.full(len(people), np.nan, np.float32))
    labels = labels_of_pupils(people, absence, config.fairness)
    year, band = ({name: labels[name]} for name in ("year_group", ATTENDANCE_BAND))
    premium = {name: each for name, each in labels.items() if name == "pupil_premium"}
    in_band = crossed({**year, **band, **premium}, len(people))[:-1]  # the widest is the year group alone
    wider = crossed({**year, "line": below_line(labels[ATTENDANCE_BAND])}, len(people))
    return _Ground(
        _places(people, divided("year_group", labels["year_group"]).code),
        everyone(len(people)),
        divisions(labels),
        (*in_band, *wider),
        tuple(crossed({**year, **premium}, len(people))),
        tuple(in_band),
    )


def _places(people: pd.DataFrame, stage: Ints) -> Places:
    names, school = np.unique(people["school_id"].to_numpy(str), return_inverse=True)
    return Places(school.astype(np.int64), tuple(names.tolist()), stage)


def _benchmarks(measured: Measured, likes: Likes, places: Places, division: Division) -> Iterator[Benchmark]:
    """Yield a benchmark for each school and group that has any people asked."""
    shape = (len(places.schools), len(division.names))
    unit = places.school * shape[1] + division.code
    asked = np.bincount(unit[measured.asked], minlength=shape[0] * shape[1]).reshape(shape)
    values = cells_of(measured.values, places, division)
    changes = cells_of(measured.change, places, division, values.hidden)
    compared = compare(measured.values, likes, unit, shape[0] * shape[1])
    for school, group in zip(*np.nonzero(values.count), strict=True):
        at, hidden = (school, group), bool(values.hidden[school, group])
        yield Benchmark(
            places.schools[school],
            division.by,
            division.names[group],
            measured.measure,
            measured.wave,
            SUPPRESSED if hidden else OK,
            **({} if hidden else _numbers(int(asked[at]), values, compared, at) | _change(changes, at)),
        )


def _numbers(asked: int, values: Cells, compared: Compared, at: tuple[int, int]) -> dict[str, Any]:
    """Return what a benchmark says of the latest values; who did not answer is not told of one to four."""
    unit = at[0] * values.count.shape[1] + at[1]
    respondents = int(values.count[at])
    return {
        "respondents": respondents,
        "asked": None if is_small(asked - respondents) else asked,
        "value": _number(values.mean[at]),
        "trust_value": _number(values.elsewhere[at]),
        "expected": _number(values.mean[at] - compared.difference[unit]),
        "margin": _number(compared.margin[unit]),
    }


def _change(changes: Cells, at: tuple[int, int]) -> dict[str, Any]:
    """Return what a benchmark says of the change; nothing where it is hidden, or nobody answered twice."""
    if changes.hidden[at] or not changes.count[at]:
        return {}
    return {
        "change": _number(changes.mean[at]),
        "change_margin": _number(changes.margin[at]),
        "change_respondents": int(changes.count[at]),
        "trust_change": _number(changes.elsewhere[at]),
    }


def _number(value: float) -> float | None:
    """Return a number as it is kept; None for NaN."""
    return None if np.isnan(value) else round(float(value), _DIGITS)
