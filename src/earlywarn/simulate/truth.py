"""How likely each outcome was, given all that is hidden: the truth behind a made-up trust.

In:  a trust and the config of a model.
Out: for each as-of date of the config and each person at risk on it, the probability of the outcome given the hidden
     state on that morning; `truth/<config name>.csv` beside the tables, which nothing else reads.

Dates, cohorts and windows are those by which a model is trained on the written tables: the rows are those that get
a label there, and, where the window has not closed yet, those that will.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.errors import ConfigError
from earlywarn.progress import bar
from earlywarn.simulate.calendar import HALF_TERMS, TERMS, last_day
from earlywarn.simulate.columns import person_ids
from earlywarn.simulate.roster import of_school
from earlywarn.simulate.schools import School
from earlywarn.simulate.staff import make_staff
from earlywarn.simulate.trust import Trust, stream, years_of
from earlywarn.simulate.truth_pupils import pupil_chances
from earlywarn.simulate.truth_staff import staff_chances
from earlywarn.terms import Days, SchoolCalendar, Window, as_of_dates, outcome_window, school_year, trust_calendar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Tell = Callable[[date, Window], tuple[Ints, Floats]]  # a school's people by number, and each one's probability

LETTER = {"pupils": "P", "staff": "S"}
SCHEMA = pa.schema(
    {"person_id": pa.string(), "school_id": pa.string(), "as_of": pa.date32(), "probability": pa.string()}
)


@dataclass(frozen=True)
class Truth:
    """What is true of one school's people; every array has shape (n,), by date and then by person.

    probability : of the outcome, 0 to 1, given what is hidden on the date.
    """

    school: School
    person_id: NDArray[np.str_]
    as_of: Days
    probability: Floats


def truth_of(trust: Trust, config: Config) -> Iterator[Truth]:
    """Return the truth for a config, one school at a time; a config that cannot be told is refused at once."""
    _refuse_untold(config)
    calendars = _calendars(trust)
    dates = _dates(trust, config, calendars)
    known = _pupils(trust, config) if config.population == "pupils" else _staff(trust)
    told = zip(trust.schools, calendars.values(), known, strict=True)
    return (_of_school(school, config, calendar, dates, tell) for school, calendar, tell in told)


def write_truth(trust: Trust, config: Config, folder: Path) -> int:
    """Write the truth for a config into a data folder; return how many rows it has."""
    told = truth_of(trust, config)
    path = folder / "truth" / f"{config.name}.csv"
    path.parent.mkdir()
    rows = 0
    plain = pacsv.WriteOptions(quoting_header="none", quoting_style="none")
    with (
        pacsv.CSVWriter(path, SCHEMA, write_options=plain) as file,
        bar("Telling the truth", len(trust.schools)) as shown,
    ):
        for one in told:
            file.write_table(_table(one))
            rows += len(one.person_id)
            shown.advance()
    return rows


def _refuse_untold(config: Config) -> None:
    """Refuse an outcome whose probability the simulator does not know."""
    if config.outcome.kind == "recorded":
        raise ConfigError(
            f"{config.name}: outcome.kind is recorded, but a made-up trust has nothing recorded by others",
            fix="ask for the truth of an absence_rate of pupils, or of staff who leave",
        )


def _calendars(trust: Trust) -> dict[str, SchoolCalendar]:
    """Return every school's calendar by school_id, as the written table has it."""
    return {school.school_id: _calendar(trust, school) for school in trust.schools}


def _calendar(trust: Trust, school: School) -> SchoolCalendar:
    opened = [(year.open_days, year.plan.half_term[~year.closed]) for year in years_of(trust, school)]
    days, half_term = (np.concatenate(column) for column in zip(*opened, strict=True))
    return SchoolCalendar(
        days, np.full(len(days), 2, np.int8), np.array(TERMS)[half_term], np.array(HALF_TERMS)[half_term]
    )


def _dates(trust: Trust, config: Config, calendars: Mapping[str, SchoolCalendar]) -> tuple[date, ...]:
    """Return the config's dates that lie in the simulated school years."""
    today = config.data_to or last_day(trust.plan).astype(object)
    dates = as_of_dates(config.as_of, trust_calendar(calendars), today)
    inside = tuple(day for day in dates if school_year(day) in trust.plan.school_years)
    if not inside:
        raise ConfigError(
            f"{config.name}: no as_of date lies in the trust's school years, "
            f"which begin in {trust.plan.school_years[0]} to {trust.plan.school_years[-1]}",
            fix="change as_of, or simulate other years",
        )
    return inside


def _pupils(trust: Trust, config: Config) -> Iterator[Tell]:
    """Yield, school by school, what tells the truth of its pupils."""
    for school in trust.schools:
        years, roster = tuple(years_of(trust, school)), of_school(trust.roster, school.number)
        yield partial(pupil_chances, years, roster, config, rng=stream(trust.plan, "truth", school.number))


def _staff(trust: Trust) -> Iterator[Tell]:
    """Yield, school by school, what tells the truth of its staff."""
    met = 0
    for school in trust.schools:
        everyone = make_staff(school, met, trust.plan, stream(trust.plan, "staff", school.number))
        met += len(everyone)
        yield partial(staff_chances, everyone, trust.plan)


def _of_school(school: School, config: Config, calendar: SchoolCalendar, dates: tuple[date, ...], tell: Tell) -> Truth:
    """Return one school's rows of every date whose window its calendar holds."""
    number, days, probability = [np.empty(0, np.int64)], [np.empty(0, "datetime64[D]")], [np.empty(0)]
    for as_of in dates:
        window = outcome_window(config.outcome, calendar, as_of)
        if window is not None:
            who, how_likely = tell(as_of, window)
            number.append(who)
            days.append(np.full(len(who), np.datetime64(as_of)))
            probability.append(how_likely)
    return Truth(
        school,
        person_ids(np.concatenate(number), LETTER[config.population]),
        np.concatenate(days),
        np.concatenate(probability),
    )


def _table(truth: Truth) -> pa.Table:
    """Return one school's rows as they are written."""
    columns = {
        "person_id": truth.person_id,
        "school_id": [truth.school.school_id] * len(truth.person_id),
        "as_of": truth.as_of,
        "probability": [f"{one:.4f}" for one in truth.probability],
    }
    return pa.table(columns, schema=SCHEMA)
