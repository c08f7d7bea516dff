"""Contextual benchmarks of today's people: by year group, attendance band and pupil group, and where these meet.

In:  the sources, the examples and the config.
Out: `benchmark`, which may be shared; `trust_benchmark`, each school's people by cells of people alike; and the
     benchmark file, with which other trusts can stand beside this one.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from earlywarn.audit.groups import TIMES
from earlywarn.benchmarks.divided import Division
from earlywarn.benchmarks.record import EVERYONE
from earlywarn.config import Config
from earlywarn.disclosure import HIDDEN
from earlywarn.evaluate.measures import Floats
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.study.benchmark_cells import Cell, Crowd, Told, cells_of, crowd
from earlywarn.study.benchmark_file import FORMAT, BenchmarkFile, FileCell, FileMeasure, FileSpread
from earlywarn.study.spread import schools_of
from earlywarn.study.table import Table, Value
from earlywarn.terms import as_of_dates, trust_calendar

_DIGITS = 4  # more would make a small difference look known
_QUARTILES = ("lower_quartile", "median", "upper_quartile")
_TITLE = "What do today's people say, and how often are they absent?"
_SAYS = (
    "c: under ten people, or hidden so that such a number cannot be worked out. Quartiles are shown from 40 people on.",
    "Groups differ in who they are: a low mean is no one's fault by itself.",
)
_TRUST_SAYS = ("For the trust alone: each school's people by groups of people alike, small numbers too.",)
_COLUMNS = {
    "measure": "what is measured",
    "label": "the same in words",
    "audience": "who answered; register for what is counted from marks",
    "unit": "share: 0 to 1; or out of 10",
    "wave": "the day on which the survey closed; empty for what is counted up to the date",
    "as_of": "the morning: everything was known before it",
    "group_by": "how people are divided",
    "group": "the group",
    "n": "people measured; of a response, people asked",
    "mean": "their mean, or share",
    "sd": "standard deviation of single people; empty for a share",
    "lower_quartile": "a quarter of the people are below it",
    "median": "half of the people are below it",
    "upper_quartile": "three quarters of the people are below it",
}
_TRUST_COLUMNS = {
    "school_id": "the school",
    "measure": "what is measured",
    "group_by": "how people alike are told",
    "group": "the group",
    "n": "people measured",
    "mean": "their mean, or share",
    "sd": "standard deviation of single people; 0 for one",
}


def benchmark_tables(sources: Sources, examples: Examples, config: Config) -> tuple[Table, ...]:
    """Return the benchmarks of everyone on roll on the latest as-of date."""
    found = crowd(sources, config, latest_morning(sources, config))
    if found is None:
        return ()
    of_each = [(told, cells_of(told, found.divisions)) for told in found.measures]
    rows = tuple(_row(told, one, found.as_of) for told, cells in of_each for one in cells)
    says = tuple(line for told, cells in of_each for line in _says(told, cells))
    shared = Table("benchmark", _TITLE, (*says, *_SAYS), _COLUMNS, rows)
    return shared, Table("trust_benchmark", _TITLE, _TRUST_SAYS, _TRUST_COLUMNS, tuple(_trust_rows(found)))


def benchmark_file(sources: Sources, examples: Examples, config: Config) -> BenchmarkFile | None:
    """Return what may be given to other trusts; None where nobody is on roll, or nothing is measured."""
    found = crowd(sources, config, latest_morning(sources, config))
    if found is None:
        return None
    return BenchmarkFile(
        format=FORMAT,
        population=config.population,
        as_of=found.as_of,
        schools=len(np.unique(found.school)),
        measures=tuple(_file_measure(told, found) for told in found.measures),
    )


def latest_morning(sources: Sources, config: Config) -> date:
    """Return the latest of the config's as-of dates on which the data still know everything."""
    tomorrow = sources.store.today + timedelta(days=1)
    dates = as_of_dates(config.as_of, trust_calendar(sources.calendars), sources.store.today)
    return max((day for day in dates if day <= tomorrow), default=tomorrow)


def _row(told: Told, one: Cell, as_of: date) -> Mapping[str, Value]:
    return {
        "measure": told.measure.name,
        "label": told.measure.label,
        "audience": told.measure.audience,
        "unit": _unit(told),
        "wave": told.wave.isoformat() if told.wave else None,
        "as_of": as_of.isoformat(),
        "group_by": one.by,
        "group": one.group,
        "n": HIDDEN if one.n is None else one.n,
        "mean": _rounded(one.mean),
        "sd": None if told.share else _rounded(one.sd),
        **dict(
            zip(
                ("lower_quartile", "median", "upper_quartile"), map(_rounded, one.quartiles or (None,) * 3), strict=True
            )
        ),
    }


def _unit(told: Told) -> str:
    return "share" if told.share or told.measure.audience == "register" else "out of 10"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _says(told: Told, cells: tuple[Cell, ...]) -> Iterator[str]:
    """Say what everyone's mean is."""
    for one in cells:
        if one.by == EVERYONE and one.mean is not None:
            amount = f"{100 * one.mean:.1f}%" if _unit(told) == "share" else f"{one.mean:.1f} out of 10"
            yield f"{told.measure.label[:1].upper()}{told.measure.label[1:]}: {amount} ({one.n:,} people)."


def _trust_rows(found: Crowd) -> Iterator[Mapping[str, Value]]:
    """Yield each school's people, by groups of people alike."""
    alike = found.alike
    for told in found.measures:
        group_of = np.array(alike.names)[alike.code]
        frame = pd.DataFrame({"school": found.school, "group": group_of, "value": told.values}).dropna()
        for (school, group), mine in frame.groupby(["school", "group"])["value"]:
            sd = float(mine.std(ddof=1)) if len(mine) > 1 else 0.0
            yield {
                "school_id": str(school),
                "measure": told.measure.name,
                "group_by": alike.by,
                "group": str(group),
                "n": len(mine),
                "mean": _rounded(float(mine.mean())),
                "sd": _rounded(sd),
            }


def _file_measure(told: Told, found: Crowd) -> FileMeasure:
    cells = cells_of(told, found.divisions)
    return FileMeasure(
        name=told.measure.name,
        label=told.measure.label,
        audience=told.measure.audience,
        unit="share" if _unit(told) == "share" else "out of 10",
        wave=told.wave,
        spread=_file_spread(told, found),
        cells=tuple(_file_cell(one) for one in cells if one.n is not None),
    )


def _file_cell(one: Cell) -> FileCell:
    by, group = ((), ()) if one.by == EVERYONE else (tuple(one.by.split(TIMES)), tuple(one.group.split(TIMES)))
    return FileCell.model_validate(
        {
            "by": by,
            "group": group,
            "n": one.n,
            "mean": _rounded(one.mean),
            "sd": _rounded(one.sd),
            "quartiles": None if one.quartiles is None else tuple(map(_rounded, one.quartiles)),
        }
    )


def _file_spread(told: Told, found: Crowd) -> FileSpread | None:
    """Return how far schools differ from people alike in the trust."""
    schools = schools_of(told.values - _of_people_alike(told.values, found.alike), found.school)
    if schools is None:
        return None
    sd, low, high = (round(each, _DIGITS) for each in (schools.spread.between, schools.spread.low, schools.spread.high))
    return FileSpread(schools=len(schools.names), sd=sd, low=low, high=high)


def _of_people_alike(values: Floats, alike: Division) -> Floats:
    """Return the mean of each person's group of people alike in the trust."""
    known, many = ~np.isnan(values), len(alike.names)
    count = np.bincount(alike.code[known], minlength=many)
    total = np.bincount(alike.code[known], values[known], many)
    return np.asarray((total / np.maximum(count, 1))[alike.code], np.float64)
