"""How far the schools of a trust truly differ: in persistent absence, and in each domain of the questionnaires.

In:  the sources and the config.
Out: `spread`, in which no school can be found, and `trust_spread` with every school; none under five schools.

Schools' values are drawn towards the mean of all by as much as they are unsure, and the spread is what is left beyond
chance (`evaluate.shrinkage`). Pupils are held against their own year group in the trust: without that, a primary
school would differ from a secondary one by the age of its pupils alone; year groups at fewer than five schools are left
out. Nothing else is taken off for whom they serve.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from earlywarn.cohort import cohort
from earlywarn.config import Config
from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.evaluate.measures import Floats, Labels
from earlywarn.evaluate.shrinkage import Spread, spread_between
from earlywarn.features.gather import Sources
from earlywarn.features.waves import domains_of
from earlywarn.study.figure import FEWEST_CLUSTERS
from earlywarn.study.mornings import last_day_if_over, morning
from earlywarn.study.table import Table, Value, with_interval
from earlywarn.surveys.answers import mean_of_half
from earlywarn.terms import school_year

PERSISTENT = 0.1
_TITLE = "How far do schools truly differ?"
_SAYS = (
    "What is left beyond chance, with pupils held against their own year group; schools differ in whom they serve, so "
    "this is not a measure of their work.",
    "The interval of the spread is the Q-profile's (Viechtbauer 2007), made from the schools' values and their "
    "standard errors, which stand in the trust's own table.",
)
_TRUST_SAYS = ("For the trust alone: each school, as it is and drawn towards the mean of all.",)
_COLUMNS = {
    "measure": "what is measured",
    "label": "the same in words",
    "upto": "the day before which absence is counted, or on which the survey closed",
    "schools": f"schools with at least {RESPONDENTS_FROM} people measured",
    "n": "people measured",
    "mean": "mean of what schools truly have: a share from 0 to 1 of pupils, or a score out of 10",
    **with_interval("between", "standard deviation of what schools truly have, in the unit of the mean"),
    **with_interval("share", "share of the differences between people that lies between schools, 0 to 1"),
    "differ": "schools whose 95% interval, drawn in, leaves out the mean",
}
_TRUST_COLUMNS = {
    "measure": "what is measured",
    "school_id": "the school",
    "n": "people measured",
    "value": "their mean, pupils held against their year group",
    "error": "its standard error: the spread within schools, over the root of n",
    **with_interval("drawn", "the school's value, drawn towards the mean of all"),
    "differs": "above or below the mean where the interval leaves it out",
}


@dataclass(frozen=True)
class _Measured:
    """One measure: values of people (NaN where not known), and their schools."""

    name: str
    label: str
    upto: date
    values: Floats
    school: Labels


@dataclass(frozen=True)
class Schools:
    """The schools of one measure; arrays are (schools,).

    people, values, errors : people measured, their mean, and its standard error.
    within : the standard deviation of people within a school.
    """

    names: tuple[str, ...]
    people: Floats
    values: Floats
    errors: Floats
    within: float
    spread: Spread


def spread_tables(sources: Sources, config: Config) -> tuple[Table, ...]:
    """Return what differs between schools, without and with their ids."""
    every = [*_absent(sources, config), *_surveyed(sources, config)]
    found = [(one, schools) for one in every if (schools := schools_of(one.values, one.school)) is not None]
    if not found:
        return ()
    says = (*(_says(*one) for one in found), *_SAYS)
    shared = Table("spread", _TITLE, says, _COLUMNS, tuple(_row(*one) for one in found))
    rows = tuple(row for one in found for row in _trust_rows(*one))
    return shared, Table("trust_spread", _TITLE, _TRUST_SAYS, _TRUST_COLUMNS, rows)


def _absent(sources: Sources, config: Config) -> Iterator[_Measured]:
    """Yield who was persistently absent: over the latest complete school year or, without one, this year so far."""
    if config.population != "pupils" or sources.register is None:
        return
    day, complete = _last_morning(sources)
    told = morning(sources, day)
    values = np.where(np.isnan(told.absence), np.nan, told.absence >= PERSISTENT - 1e-6)
    when = "the whole school year" if complete else "the school year so far"
    yield _Measured(
        "persistent_absence",
        f"pupils who missed 10% or more of {when}",
        day,
        _as_if_of_one_year(values.astype(np.float64), told.people),
        told.people["school_id"].to_numpy(str),
    )


def _last_morning(sources: Sources) -> tuple[date, bool]:
    """Return the last school day of the latest year that is over, when its leavers are still on roll, or tomorrow."""
    today = sources.store.today
    for year in (school_year(today), school_year(today) - 1):
        if (last := last_day_if_over(sources, year)) is not None:
            return last, True
    return today + timedelta(days=1), False


def _surveyed(sources: Sources, config: Config) -> Iterator[_Measured]:
    """Yield each domain in the latest closed wave of its questionnaire, of the people who are at the school then."""
    closed = [wave for wave in sources.waves if wave.closes_on <= sources.store.today]
    for name, wave in sorted({wave.instrument.name: wave for wave in closed}.items()):
        people = cohort(sources.store, config, wave.closes_on + timedelta(days=1))
        for domain in domains_of(wave.instrument):
            scores = pd.Series(mean_of_half(wave.scores[:, domain.scales]), wave.people)
            values = np.asarray(people["person_id"].map(scores), np.float64)
            title = f"{name}.{domain.name.removeprefix('domain_')}"
            label = f"{domain.label}, as parents see it" if wave.audience == "parent" else domain.label
            values = _as_if_of_one_year(values, people)
            yield _Measured(title, label, wave.closes_on, values, people["school_id"].to_numpy(str))


def _as_if_of_one_year(values: Floats, people: pd.DataFrame) -> Floats:
    """Return the values with each year group's mean moved to that of everyone; staff have none.

    NaN for year groups at fewer than five schools: what is common to these could not be told from their pupils' age.
    """
    if "year_group" not in people or np.isnan(values).all():
        return values
    frame = pd.DataFrame({"year": people["year_group"], "school": people["school_id"], "value": values})
    by_year = frame.dropna().groupby("year")
    mean = by_year["value"].mean()[by_year["school"].nunique() >= FEWEST_CLUSTERS]
    return np.asarray(values - frame["year"].map(mean).to_numpy(np.float64, na_value=np.nan) + np.nanmean(values))


def schools_of(values: Floats, school: Labels) -> Schools | None:
    """Compare the schools of ten people or more; None where they are too few, or all of their people alike.

    values : (people,) NaN where not known.
    """
    known = ~np.isnan(values)
    names, code, size = np.unique(school[known], return_inverse=True, return_counts=True)
    kept = size >= RESPONDENTS_FROM
    if kept.sum() < FEWEST_CLUSTERS:
        return None
    mean = np.bincount(code, values[known]) / size
    squares = np.bincount(code, np.square(values[known] - mean[code]))[kept].sum()
    people = size[kept].astype(np.float64)
    within = float(np.sqrt(squares / (people.sum() - len(people))))
    if within == 0:
        return None
    errors = within / np.sqrt(people)
    spread = spread_between(mean[kept], errors)
    return Schools(tuple(names[kept].tolist()), people, mean[kept], errors, within, spread)


def _row(measured: _Measured, schools: Schools) -> Mapping[str, Value]:
    spread = schools.spread
    ends = {"": spread.between, "_low": spread.low, "_high": spread.high}
    return {
        "measure": measured.name,
        "label": measured.label,
        "upto": measured.upto.isoformat(),
        "schools": len(schools.names),
        "n": int(schools.people.sum()),
        "mean": spread.mean,
        **{f"between{end}": value for end, value in ends.items()},
        **{f"share{end}": value**2 / (value**2 + schools.within**2) for end, value in ends.items()},
        "differ": sum(bool(side) for side in _sides(spread)),
    }


def _sides(spread: Spread) -> list[str]:
    """Return of each school where it stands for sure: above or below the mean, or "" for neither."""
    above, below = spread.values_low > spread.mean, spread.values_high < spread.mean
    return [str(side) for side in np.where(above, "above", np.where(below, "below", ""))]


def _trust_rows(measured: _Measured, schools: Schools) -> Iterator[Mapping[str, Value]]:
    spread = schools.spread
    for place, side in enumerate(_sides(spread)):
        yield {
            "measure": measured.name,
            "school_id": schools.names[place],
            "n": int(schools.people[place]),
            "value": float(schools.values[place]),
            "error": float(schools.errors[place]),
            "drawn": float(spread.values[place]),
            "drawn_low": float(spread.values_low[place]),
            "drawn_high": float(spread.values_high[place]),
            "differs": side,
        }


def _says(measured: _Measured, schools: Schools) -> str:
    """Say how far schools differ, and how many stand apart."""
    spread, label = schools.spread, measured.label
    of_pupils = measured.name == "persistent_absence"
    mean = f"{100 * spread.mean:.0f} in 100" if of_pupils else f"{spread.mean:.1f} out of 10"
    between, low, high = (
        f"{100 * each:.0f}" if of_pupils else f"{each:.2f}" for each in (spread.between, spread.low, spread.high)
    )
    apart = sum(bool(side) for side in _sides(spread)) or "none"
    return (
        f"{label[:1].upper()}{label[1:]}: about two schools in three lie within {between}"
        f"{'' if of_pupils else ' points'} of {mean} (95% interval of that spread: {low} to {high}); "
        f"{apart} of {len(schools.names)} surely differ from it."
    )
