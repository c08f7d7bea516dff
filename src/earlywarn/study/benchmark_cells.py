"""What a trust's people say today, cell by cell: means, quartiles, and which cells may not be shown.

In:  the sources, and a morning.
Out: `Crowd`: everyone's measures, schools, and the ways to divide them; `Cell`s of one measure.

A cell is shown with ten people or more, and hidden as well where a total would give a hidden one away. Quartiles need
ten people in each quarter: nearer ones would be the values of single people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

import numpy as np
import pandas as pd

from earlywarn.audit.groups import NOT_RECORDED, TIMES, Strings, labels_of
from earlywarn.benchmarks.divided import ATTENDANCE_BAND, Division, attendance_bands, divided
from earlywarn.benchmarks.measured import ABSENCE, Measured, measure_people
from earlywarn.benchmarks.record import EVERYONE, Measure
from earlywarn.cohort import cohort
from earlywarn.config import Config
from earlywarn.disclosure import RESPONDENTS_FROM, SHOWN_FROM, hide
from earlywarn.evaluate.measures import Floats, Ints, Labels
from earlywarn.features.gather import Sources, phases_of
from earlywarn.study.mornings import groups_of, together
from earlywarn.study.spread import PERSISTENT
from earlywarn.study.ties import cell, ties

PERSISTENTLY = Measure(
    "persistent_absence", "register", "pupils who missed 10% or more of this year's sessions so far", 1
)
_WHO = {"pupil": "pupils", "parent": "pupils with a parent", "staff": "staff"}
QUARTILES_FROM = 4 * RESPONDENTS_FROM
# Pupils alike, for comparisons between trusts: the narrowest first.
LIKES: tuple[tuple[str, ...], ...] = (
    ("year_group", "pupil_premium", "any_sen"),
    ("phase", "pupil_premium", "any_sen"),
    ("year_group", "pupil_premium"),
    ("year_group", "any_sen"),
    ("year_group",),
    ("role",),
)
# What tells people alike apart: all of the columns in `LIKES`.
TELLING = tuple(dict.fromkeys(name for names in LIKES for name in names))
_CROSSED = (
    *LIKES,
    ("pupil_premium", "any_sen"),
    ("year_group", ATTENDANCE_BAND),
    (ATTENDANCE_BAND, "pupil_premium"),
    (ATTENDANCE_BAND, "any_sen"),
)


@dataclass(frozen=True)
class Told:
    """One measure of everyone: values (people,), NaN where a person gave none; `share`: 0 or 1, not an amount."""

    measure: Measure
    wave: date | None
    values: Floats
    share: bool = False


@dataclass(frozen=True)
class Crowd:
    """Everyone on roll on a morning: what is measured of them, where they are, and how they are divided.

    alike : groups of people alike in everything that there is to tell (`TELLING`).
    """

    as_of: date
    measures: tuple[Told, ...]
    school: Labels
    divisions: tuple[Division, ...]
    alike: Division


@dataclass(frozen=True)
class Cell:
    """One group of one division: people with a value, mean and standard deviation; what is hidden is None.

    quartiles : None also where there are under 40 people, or of a share.
    """

    by: str
    group: str
    n: int | None = None
    mean: float | None = None
    sd: float | None = None
    quartiles: tuple[float, float, float] | None = None


def crowd(sources: Sources, config: Config, as_of: date) -> Crowd | None:
    """Return everyone on roll on a morning; None where nobody is, or nothing is measured."""
    people = cohort(sources.store, config, as_of)
    every = measure_people(sources, people, as_of) if len(people) else ()
    latest = [one for one in every if one.latest]
    if not latest:
        return None
    people = people.assign(phase=people["school_id"].map(phases_of(sources)))
    school = people["school_id"].to_numpy(str)
    labels = _labels(people, latest, config)
    crossed = {TIMES.join(names): names for names in _CROSSED if all(name in labels for name in names)}
    labels |= {by: together([labels[name] for name in names]) for by, names in crossed.items() if len(names) > 1}
    divisions = tuple(divided(by, each) for by, each in labels.items())
    return Crowd(as_of, tuple(_told(latest)), school, divisions, _alike(labels))


def _told(latest: list[Measured]) -> Iterator[Told]:
    """Yield absence, the response to each questionnaire, and its scales."""
    for name, group in groupby(latest, lambda one: one.measure.name.split(".")[0]):
        of_one = list(group)
        first = of_one[0]
        if first.measure == ABSENCE:
            over = np.where(np.isnan(first.values), np.nan, first.values >= PERSISTENT - 1e-6)
            yield Told(PERSISTENTLY, None, over.astype(np.float64), share=True)
        else:
            answered = np.any([~np.isnan(one.values) for one in of_one], axis=0)
            label = f"{_WHO[first.measure.audience]} who gave answers that could be scored"
            measure = Measure(f"{name}.response", first.measure.audience, label, 0)
            yield Told(measure, first.wave, np.where(first.asked, answered, np.nan).astype(np.float64), share=True)
        for one in of_one:
            yield Told(one.measure, one.wave, one.values.astype(np.float64))


def _labels(people: pd.DataFrame, latest: list[Measured], config: Config) -> dict[str, Strings]:
    """Return everyone's group in each column, and where the config's columns meet."""
    absence = next((one.values for one in latest if one.measure == ABSENCE), np.full(len(people), np.nan, np.float32))
    bands = attendance_bands(absence)
    single: dict[str, Strings] = {EVERYONE: np.full(len(people), EVERYONE)}
    single |= {name: labels_of(people[name]) for name in ("year_group", "role") if name in people}
    single |= {ATTENDANCE_BAND: bands} if (bands != NOT_RECORDED).any() else {}
    stage = pd.factorize(single.get("year_group", single[EVERYONE]))[0]
    return {**single, **groups_of(people, config.fairness, lambda rows: _few(stage[rows]))}


def _alike(labels: Mapping[str, Strings]) -> Division:
    names = [name for name in TELLING if name in labels] or [EVERYONE]
    return divided(TIMES.join(names), together([labels[name] for name in names]))


def _few(stage: Ints) -> bool:
    """Tell whether some people would be hidden in any of their year groups."""
    size = np.bincount(stage)
    return bool(((size > 0) & (size < RESPONDENTS_FROM)).any())


def cells_of(told: Told, divisions: Sequence[Division]) -> tuple[Cell, ...]:
    """Return the cells of one measure in every division; absence is not divided by attendance."""
    known = ~np.isnan(told.values)
    by_absence = told.measure in (ABSENCE, PERSISTENTLY)
    kept = [
        replace(each, code=each.code[known])
        for each in divisions
        if not (by_absence and ATTENDANCE_BAND in each.by.split(TIMES))
    ]
    found = {name: one for each in kept for name, one in _cells(each, told.values[known], told.share)}
    hidden = _hidden(found, ties({each.by: each.code for each in kept}, {}), told.share)
    return tuple(Cell(one.by, one.group) if name in hidden else one for name, one in found.items())


def _cells(division: Division, values: Floats, share: bool) -> Iterator[tuple[str, Cell]]:
    """Yield each group of a division that has people, by the name under which it is tied to others."""
    order = np.argsort(division.code, kind="stable")
    codes, first = np.unique(division.code[order], return_index=True)
    for code, part in zip(codes.tolist(), np.split(values[order], first[1:]), strict=True):
        sd = float(part.std(ddof=1)) if len(part) > 1 else 0.0
        quartiles = None if share or len(part) < QUARTILES_FROM else _quartiles(part)
        one = Cell(division.by, division.names[code], len(part), float(part.mean()), sd, quartiles)
        yield cell(division.by, code), one


def _quartiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
    return low, middle, high


def _hidden(cells: Mapping[str, Cell], tied: Sequence[set[str]], share: bool) -> set[str]:
    """Return the cells to hide: under ten people and, of a share, 1 to 4 on either side; and what tells of them."""
    people = {name: one.n or 0 for name, one in cells.items()}
    hidden = hide([people], tied, set(), RESPONDENTS_FROM)
    if not share:
        return hidden
    had = {name: round((one.n or 0) * (one.mean or 0)) for name, one in cells.items()}
    rest = {name: people[name] - count for name, count in had.items()}
    while (more := hide([had, rest], tied, hidden, SHOWN_FROM)) != hidden:
        hidden = hide([people], tied, more, RESPONDENTS_FROM)
    return hidden
