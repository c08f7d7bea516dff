"""A made-up trust becomes what features and labels are computed from, without a file in between.

In:  a trust as `earlywarn.simulate` holds it.
Out: `Sources`, the same as those of the folder that `simulate` writes, read and checked; a test compares the two.

Half of the time of a study on a million pupils would go into writing, reading and checking tables that are known to be
sound. Marks go to their places in the register at once, answers to a table a wave; the small tables go to DuckDB.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.config import Config
from earlywarn.features.gather import Sources
from earlywarn.paths import shipped_instruments
from earlywarn.register import Block, Register, calendars_of
from earlywarn.register.rows import Rows, joined
from earlywarn.simulate import columns
from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.calendar import last_day
from earlywarn.simulate.events import make_events, make_summaries
from earlywarn.simulate.marks import CODES, Marks, make_marks, spell_reasons
from earlywarn.simulate.roster import of_school
from earlywarn.simulate.schools import School
from earlywarn.simulate.surveys import INSTRUMENT, Answers, family_answers, make_waves
from earlywarn.simulate.surveys import Wave as Asked
from earlywarn.simulate.trust import Trust, stream, years_of
from earlywarn.simulate.write import Columns
from earlywarn.surveys.answers import Wave, score_table
from earlywarn.surveys.instrument import Instrument, load_instruments
from earlywarn.tables import TABLES
from earlywarn.tables.place import make_enrolments, make_views
from earlywarn.tables.readers.typed import select_nothing
from earlywarn.tables.rejects import create_broken_rows
from earlywarn.tables.store import Store

Ints = NDArray[np.int64]


@dataclass
class _Filling:
    """What has been gathered so far: rows of small tables, each school's marks, each wave's answers."""

    tables: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[str, tuple[Ints, Rows]] = field(default_factory=dict)
    answers: dict[str, list[Answers]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, rows: Columns) -> None:
        self.tables[table].append(pa.table(dict(rows)))


@contextmanager
def sources_of(trust: Trust, config: Config) -> Iterator[Sources]:
    """Yield the sources of a trust's pupils."""
    instruments = load_instruments(shipped_instruments())
    waves = make_waves(trust.plan)
    filling = _Filling()
    filling.add("schools", columns.schools(trust.schools))
    filling.add("waves", columns.waves(waves))
    for school in trust.schools:
        _add_school(filling, trust, school, waves, instruments)
    with duckdb.connect() as db:
        store = _store(db, filling.tables, last_day(trust.plan), instruments)
        scored = tuple(_scored(waves, filling.answers, instruments))
        calendars = calendars_of(store)
        yield Sources(store, config, Register(_blocks(trust, filling.marks), calendars), calendars, scored)


def _add_school(
    filling: _Filling, trust: Trust, school: School, waves: tuple[Asked, ...], instruments: Mapping[str, Instrument]
) -> None:
    """Gather one school's years, drawn in the order in which `simulate` writes them."""
    plan, until = trust.plan, last_day(trust.plan)
    marks, surveys, events, summaries = (
        stream(plan, part, school.number) for part in ("marks", "surveys", "events", "summaries")
    )
    people = _people(trust, school)
    rows = []
    filling.add("pupils", columns.pupils(trust, school, until))
    for year in years_of(trust, school):
        reason = spell_reasons(year, marks)
        rows.append(_rows(year, make_marks(year, reason, until, marks), people))
        filling.add("events", columns.events(make_events(year, reason, until, events)))
        filling.add("attendance_summary", columns.summaries(make_summaries(year, trust.latent, until, summaries)))
        filling.add("calendar", columns.calendar(year))
        for answers in family_answers(year, waves, instruments, trust, surveys):
            filling.answers[answers.wave.wave_id].append(answers)
    filling.marks[school.school_id] = people, joined(rows)


def _people(trust: Trust, school: School) -> Ints:
    """Return the numbers of everyone ever on roll at a school, in the order of its block."""
    return np.unique(of_school(trust.roster, school.number).person)


def _rows(year: SchoolYear, marks: Marks, people: Ints) -> Rows:
    """Return one year's marks as the register takes them."""
    days = year.open_days.astype("datetime64[D]").astype(np.int64)
    number = np.array([load_codes().number(code, year.open_days[0].astype(object)) for code in CODES], np.uint8)
    return Rows(
        row=np.searchsorted(people, year.roster.person).astype(np.int32)[marks.row],
        key=(2 * days[marks.session // 2] + marks.session % 2).astype(np.int32),
        mark=number[marks.code],
        known=marks.known_on.astype("datetime64[D]").astype(np.int32),
    )


def _blocks(trust: Trust, marks: dict[str, tuple[Ints, Rows]]) -> dict[str, Block]:
    """Return every school's block; a column is a planned session, whether anyone has a mark in it or not."""
    days = np.concatenate([shared.plan.days.astype("datetime64[D]").astype(np.int64) for shared in trust.shared])
    sessions = np.add.outer(2 * days, [0, 1]).ravel().astype(np.int32)
    movers = _movers(marks)
    return {
        school_id: _block(school_id, people, rows, movers.elsewhere(school_id, people), sessions)
        for school_id, (people, rows) in sorted(marks.items())
    }


def _block(school_id: str, people: Ints, rows: Rows, elsewhere: Rows, sessions: NDArray[np.int32]) -> Block:
    marks = np.zeros((len(people), len(sessions)), np.uint8)
    on_time = rows[rows.on_time]
    marks[on_time.row, np.searchsorted(sessions, on_time.key)] = on_time.mark
    return Block(
        school_id=school_id,
        people=pd.Index(columns.person_ids(people, "P").tolist()),
        days=(sessions // 2).astype("datetime64[D]"),
        session=(sessions % 2).astype(np.uint8),
        marks=marks,
        late=rows[~rows.on_time].as_late(sessions),
        elsewhere=elsewhere.as_late(sessions),
    )


@dataclass(frozen=True)
class _Movers:
    """The marks of pupils with more than one school, by pupil.

    person : (n,) the pupils' numbers, in order; those of `person[i]` are the rows `first[i]` to `first[i + 1]`.
    school : for each mark, the school whose it is.
    """

    person: Ints
    first: Ints
    school: NDArray[np.str_]
    rows: Rows

    def elsewhere(self, school_id: str, people: Ints) -> Rows:
        """Return the marks that a school's people have at other schools."""
        here = np.flatnonzero(np.isin(self.person, people))
        size = self.first[here + 1] - self.first[here]
        mark = np.repeat(self.first[here] - np.cumsum(size) + size, size) + np.arange(size.sum())
        row = np.repeat(np.searchsorted(people, self.person[here]), size).astype(np.int32)
        theirs = self.rows[mark]
        return Rows(row, theirs.key, theirs.mark, theirs.known)[self.school[mark] != school_id]


def _movers(marks: Mapping[str, tuple[Ints, Rows]]) -> _Movers:
    everyone = np.concatenate([people for people, _ in marks.values()])
    person, times = np.unique(everyone, return_counts=True)
    person = person[times > 1]
    who, school, rows = [], [], []
    for school_id, (people, theirs) in sorted(marks.items()):
        moved = theirs[np.isin(people, person)[theirs.row]]
        who.append(people[moved.row])
        school.append(np.full(len(moved.row), school_id))
        rows.append(moved)
    whose = np.concatenate(who)
    order = np.argsort(whose, kind="stable")
    first = np.searchsorted(whose[order], np.append(person, person[-1:] + 1))
    return _Movers(person, first, np.concatenate(school)[order], joined(rows)[order])


def _scored(
    waves: Iterable[Asked], answers: Mapping[str, list[Answers]], instruments: Mapping[str, Instrument]
) -> Iterator[Wave]:
    """Yield the scored waves that families answered, oldest first."""
    for wave in sorted(waves, key=lambda wave: (wave.closes_on, wave.wave_id)):
        if wave.wave_id in answers:
            instrument = instruments[INSTRUMENT[wave.audience]]
            days = wave.opens_on.astype(object), wave.closes_on.astype(object)
            scored = score_table(wave.wave_id, instrument, *days, _table(answers[wave.wave_id]))
            if scored is not None:
                yield scored


def _table(answers: list[Answers]) -> pd.DataFrame:
    """Return a row a pupil and a column an item: the mean where two parents answered, NaN where nobody did."""
    person, row = np.unique(np.concatenate([one.person for one in answers]), return_inverse=True)
    given = np.concatenate([one.given for one in answers])
    total, count = np.zeros((2, len(person), given.shape[1]))
    np.add.at(total, row, given)
    np.add.at(count, row, given > 0)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return pd.DataFrame(mean, index=pd.Index(columns.person_ids(person, "P")), columns=list(answers[0].items))


def _store(
    db: duckdb.DuckDBPyConnection,
    tables: Mapping[str, list[pa.Table]],
    until: np.datetime64,
    instruments: Mapping[str, Instrument],
) -> Store:
    """Put the small tables where the checked ones would be; what is asked of marks is asked of the register."""
    db.execute("SET threads = 1")
    create_broken_rows(db)
    for name, table in TABLES.items():
        db.execute(f"CREATE TABLE read_{name} AS {select_nothing(table, table.columns)}")
        if name in tables:
            db.register("piece", pa.concat_tables(tables[name]))
            db.execute(f"INSERT INTO read_{name} BY NAME FROM piece")
        db.execute(f"CREATE VIEW raw_{name} AS SELECT rowid AS line, * FROM read_{name}")
    make_enrolments(db)
    for name, table in TABLES.items():
        if name != "attendance":
            make_views(db, table, ())
    today = until.astype(object)
    db.execute("CREATE TABLE today AS SELECT ?::DATE AS today", [today])
    present = frozenset({*tables, "attendance", "responses"})
    return Store(db, Path(), present, instruments, "", today, (), (), has_correction_history=True)
