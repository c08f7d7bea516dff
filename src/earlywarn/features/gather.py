"""From the tables to what each school knew on a morning: the door that time passes through.

In:  the store, the register, the cohort of one as-of date.
Out: one `Seen` a school. Marks come from `Block.as_known(as_of)`, rows of other tables from
     `known_before(table, as_of)`; no other way leads into a `Seen`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.features.assessments import judgements_known
from earlywarn.features.help import help_known
from earlywarn.features.history import History
from earlywarn.features.people import NOTICES_THIS_YEAR, SCHOOLS_ATTENDED
from earlywarn.features.seen import Dated, Seen
from earlywarn.features.staff_views import waves_of_staff
from earlywarn.features.waves import WavesSeen, seen_waves
from earlywarn.register import Register, Slice
from earlywarn.surveys.answers import Wave, score_wave
from earlywarn.surveys.instrument import Audience, Instrument
from earlywarn.tables.known import known_before, people_as_known
from earlywarn.tables.store import Store
from earlywarn.terms import SchoolCalendar, notice_dates, school_year, year_start

_SURVEY_MEMORY = timedelta(weeks=53)  # a wave older than a year says little of today


@dataclass(frozen=True)
class Sources:
    """Everything that features are computed from, loaded once.

    waves       : those that asked this population (of a pupil's, the parents, too), oldest first.
    staff_waves : those that asked staff, for a model of pupils that may know what staff answered.
    """

    store: Store
    config: Config
    register: Register | None
    calendars: Mapping[str, SchoolCalendar]
    waves: tuple[Wave, ...]
    staff_waves: tuple[Wave, ...] = ()

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """Return the questionnaires that have waves here, in order of name."""
        found = {wave.instrument.name: wave.instrument for wave in (*self.waves, *self.staff_waves)}
        return tuple(found[name] for name in sorted(found))


def phases_of(sources: Sources) -> dict[str, str]:
    """Return each school's phase, by its id."""
    return dict(sources.store.db.execute("SELECT school_id, phase FROM schools").fetchall())


def score_waves(store: Store, config: Config) -> tuple[Wave, ...]:
    """Score the answers of every wave that asked about this population, oldest first."""
    return score_waves_of(store, ("pupil", "parent") if config.population == "pupils" else ("staff",))


def score_waves_of(store: Store, audiences: Sequence[Audience]) -> tuple[Wave, ...]:
    """Score the answers of every wave that asked some audiences, oldest first."""
    found: list[Wave] = []
    for wave_id, name, audience, opens_on, closes_on in store.db.execute(
        "SELECT wave_id, instrument, audience, opens_on, closes_on FROM waves ORDER BY closes_on, wave_id"
    ).fetchall():
        if audience not in audiences:
            continue
        answers = store.db.execute(
            "SELECT person_id, item, answer FROM responses WHERE wave_id = ? AND answer IS NOT NULL", [wave_id]
        ).df()
        wave = score_wave(wave_id, store.instruments[name], opens_on, closes_on, answers)
        if wave is not None:
            found.append(wave)
    return tuple(found)


def seen_by_school(sources: Sources, people: pd.DataFrame, as_of: date) -> Iterator[tuple[NDArray[np.int64], Seen]]:
    """Yield, for each school, the rows of the cohort and what the school knew before `as_of`."""
    closed = _closed_waves(sources, as_of)
    happened = _rows(
        sources, "events", as_of, "date AS day, kind, amount", f"population = '{sources.config.population}'"
    )
    absences = _rows(sources, "staff_absence", as_of, _SPELL, "true") if sources.config.population == "staff" else None
    summed = _rows_of(sources, "attendance_summary", as_of) if sources.register else None
    events, spells, summaries = (_by_school(rows, people) for rows in (happened, absences, summed))
    staff_views = _staff_views(sources, as_of)
    notices = _notices(sources, as_of) if sources.config.population == "staff" else {}
    numbers = _numbers(sources, people, as_of)
    for school, mine in people.groupby("school_id", sort=True):
        last_year, this_year = notices.get(str(school), (0, 0))
        here = _as_known(mine.reset_index(drop=True), sources.config.fixed)
        history = _history(sources, str(school), here, as_of, summaries(str(school)))
        here = _of_staff(here, this_year).join(numbers, on="person_id")
        yield (
            mine.index.to_numpy(np.int64),
            Seen(
                as_of=as_of,
                school_id=str(school),
                people=here,
                usable=frozenset([*sources.config.fixed, *numbers.columns, NOTICES_THIS_YEAR]),
                history=history,
                surveys={name: seen_waves(waves, here) for name, waves in closed.items()},
                staff_views=staff_views.get(str(school), {}),
                events=_dated(events(str(school)), here),
                absence_spells=_dated(spells(str(school)), here),
                left_last_year=last_year,
                next_notice_date=_next_notice_date(as_of),
            ),
        )


def _staff_views(sources: Sources, as_of: date) -> Mapping[str, Mapping[str, WavesSeen]]:
    """Return how each school's staff answered the closed waves, by school and questionnaire."""
    closed = _closed_waves(replace(sources, waves=sources.staff_waves), as_of)
    staff = staff_of_schools(sources.store, as_of) if closed else {}
    return {
        school: {name: waves_of_staff(waves, mine) for name, waves in closed.items()} for school, mine in staff.items()
    }


def staff_of_schools(store: Store, as_of: date) -> dict[str, pd.DataFrame]:
    """Return who had joined each school's staff before the date (person_id, joined_on, left_on), by school."""
    rows = store.db.execute(
        f"""SELECT school_id, person_id, joined_on, left_on FROM {people_as_known("staff", as_of)}
        WHERE joined_on < ? ORDER BY school_id, person_id""",
        [as_of],
    ).df()
    return {str(school): mine.reset_index(drop=True) for school, mine in rows.groupby("school_id")}


def _numbers(sources: Sources, people: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return what some tables say of each person in a number before the date, one row a person_id."""
    store, population = sources.store, sources.config.population
    each = pd.Index(people["person_id"].unique())
    found = pd.DataFrame(index=each)
    if population == "pupils":
        found = found.join(_schools_attended(sources, as_of))
        if "assessments" in store.present:
            found = found.join(judgements_known(store, as_of))
    if "interventions" in store.present:
        found = found.join(help_known(store, population, each, as_of))
    return found


def _schools_attended(sources: Sources, as_of: date) -> pd.Series:
    rows = sources.store.db.execute(
        f"""SELECT person_id, count(*) AS schools FROM {people_as_known("pupils", as_of, sources.config.fixed)}
        WHERE joined_on < ? GROUP BY 1""",
        [as_of],
    ).df()
    return rows.set_index("person_id")["schools"].rename(SCHOOLS_ATTENDED)


_SPELL = "starts_on AS day, coalesce(reason, '') AS kind, (ends_on - starts_on + 1)::DOUBLE AS amount"
_ALWAYS_KNOWN = ("person_id", "school_id", "as_of", "joined_on", "year_group", "dated")


def _as_known(people: pd.DataFrame, fixed: tuple[str, ...]) -> pd.DataFrame:
    """Empty what an undated row says of a person, but for what has been true since joining."""
    undated = ~people["dated"].to_numpy(bool)
    if not undated.any():
        return people
    hidden = [column for column in people.columns if column not in _ALWAYS_KNOWN and column not in fixed]
    return people.assign(**{str(column): people[column].mask(undated) for column in hidden})


def _of_staff(people: pd.DataFrame, notices: int) -> pd.DataFrame:
    """Add what only staff have: a team (the subject or, without one, the role), and the school's notices this year."""
    if "role" not in people:
        return people
    found = people.assign(team=people["subject"].fillna(people["role"]))
    found[NOTICES_THIS_YEAR] = notices
    return found


def _closed_waves(sources: Sources, as_of: date) -> Mapping[str, list[Wave]]:
    known = {
        row[0] for row in sources.store.db.execute(f"SELECT wave_id FROM {known_before('waves', as_of)}").fetchall()
    }
    found: dict[str, list[Wave]] = {}
    for wave in sources.waves:
        if wave.wave_id in known and wave.closes_on > as_of - _SURVEY_MEMORY:
            found.setdefault(wave.instrument.name, []).append(wave)
    return found


def _history(
    sources: Sources, school: str, people: pd.DataFrame, as_of: date, summaries: pd.DataFrame | None
) -> History | None:
    if sources.register is None or school not in sources.register.blocks:
        return None
    block = sources.register.blocks[school]
    rows = block.people.get_indexer(pd.Index(people["person_id"]))
    this_year = year_start(school_year(as_of))
    last_year = year_start(school_year(as_of) - 1)
    marks = block.as_known(as_of, anywhere=True).between(last_year, as_of).rows(rows).with_marks()
    before = _summed(summaries, people, marks, last_year, this_year)
    return History(
        as_of, marks, sources.calendars[school], *before, *_summed(summaries, people, marks, this_year, as_of)
    )


def _summed(
    summaries: pd.DataFrame | None, people: pd.DataFrame, marks: Slice, start: date, end: date
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the possible and absent sessions of a time from summaries of periods without marks."""
    possible, absent = (np.zeros(len(people), np.int32) for _ in range(2))
    if summaries is None or not len(summaries):
        return possible, absent
    inside = (summaries["from_on"] >= pd.Timestamp(start)) & (summaries["to_on"] < pd.Timestamp(end))
    mine = summaries[inside]
    row_of = pd.Index(people["person_id"])
    columns = [mine[name].tolist() for name in ("from_on", "to_on", "possible", "absent")]
    for row, from_on, to_on, were_possible, were_absent in zip(
        row_of.get_indexer(pd.Index(mine["person_id"])), *columns, strict=True
    ):
        period = marks.between(from_on.date(), to_on.date() + timedelta(days=1))
        if not period.marks[row].any():
            possible[row] += were_possible
            absent[row] += were_absent
    return possible, absent


def _rows_of(sources: Sources, table: str, as_of: date) -> pd.DataFrame:
    return sources.store.db.execute(f"SELECT * FROM {known_before(table, as_of)}").df()


def _rows(sources: Sources, table: str, as_of: date, columns: str, where: str) -> pd.DataFrame | None:
    """Return dated rows known before a day; None where the data have no such table."""
    if table not in sources.store.present:
        return None
    return sources.store.db.execute(
        f"SELECT person_id, {columns} FROM {known_before(table, as_of)} WHERE {where} ORDER BY person_id, day, kind"
    ).df()


def _by_school(rows: pd.DataFrame | None, people: pd.DataFrame) -> Callable[[str], pd.DataFrame | None]:
    """Return what gives a school the rows of its own people: all rows are looked through once, not once a school.

    The rows of someone at two schools are given to both.
    """
    if rows is None:
        return lambda school: None
    at = people[["person_id", "school_id"]].rename(columns={"school_id": "at_school"})
    of_schools = {str(school): mine for school, mine in rows.merge(at, on="person_id").groupby("at_school")}
    return lambda school: of_schools.get(school, rows.iloc[:0])


def _dated(rows: pd.DataFrame | None, people: pd.DataFrame) -> Dated | None:
    if rows is None:
        return None
    return Dated(
        pd.Index(people["person_id"]).get_indexer(pd.Index(rows["person_id"])).astype(np.int64),
        rows["day"].to_numpy().astype("datetime64[D]"),
        rows["kind"].to_numpy(str),
        rows["amount"].to_numpy(np.float32, na_value=np.nan),
    )


def _notices(sources: Sources, as_of: date) -> dict[str, tuple[int, int]]:
    """Return how many staff gave notice at each school in the year before the date, and in this school year."""
    rows = sources.store.db.execute(
        f"""
        SELECT school_id, count(*), count(*) FILTER (l.resigned_on >= ?) FROM {known_before("leavers", as_of)} AS l
        JOIN {people_as_known("staff", as_of, sources.config.fixed)} AS s USING (person_id)
        WHERE l.reason = 'resigned' AND l.resigned_on >= ? GROUP BY 1
        """,
        [year_start(school_year(as_of)), as_of - timedelta(days=365)],
    ).fetchall()
    return {school: (last_year, this_year) for school, last_year, this_year in rows}


def _next_notice_date(as_of: date) -> date:
    year = school_year(as_of)
    return min(day for day in (*notice_dates(year), *notice_dates(year + 1)) if day >= as_of)
