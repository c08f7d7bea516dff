"""A small trust whose dates lie at the edges of an as-of date, and what of it was known by then.

In:  for each pupil, post and survey, how many days from `as_of` something happened.
Out: a `World` of tables, to write as a data folder; `known` leaves out what the morning of
     `as_of` could not know, in plain words that share nothing with the package.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from earlywarn.config import AsOf, Config, FeatureChoice, Outcome
from earlywarn.features.gather import Sources, score_waves, score_waves_of
from earlywarn.register import calendars_of, pack_register
from earlywarn.surveys.instrument import Instrument, Item, Scale
from earlywarn.tables.store import open_store

BEECH, OAK = "100001", "100002"
TODAY = date(2025, 6, 30)

VIEWS = Instrument(
    name="views",
    audience="pupil",
    title="Views of school",
    source="made up for tests",
    answers=(1, 5),
    scales=(
        Scale(name="belonging", domain="school", label="belonging", high_means="feels at home", risk=-1),
        Scale(name="calm", domain="school", label="calm", high_means="feels calm", risk=-1),
    ),
    items=(
        Item(id="likes", scale="belonging", wording="I like it here."),
        Item(id="belongs", scale="belonging", wording="I belong here.", until=date(2024, 10, 9)),
        Item(id="at_home", scale="belonging", wording="I feel at home here.", since=date(2024, 10, 10)),
        *(Item(id=f"calm_{letter}", scale="calm", wording="I feel calm.") for letter in "abc"),
    ),
)
HOME = Instrument(
    name="home",
    audience="parent",
    title="School as seen from home",
    source="made up for tests",
    answers=(1, 5),
    scales=(Scale(name="trust", domain="school", label="trust", high_means="trusts the school", risk=-1),),
    items=tuple(Item(id=f"trust_{letter}", scale="trust", wording="I trust the school.") for letter in "abcde"),
)
JOB = Instrument(
    name="job",
    audience="staff",
    title="Views of the job",
    source="made up for tests",
    answers=(1, 5),
    scales=(Scale(name="workload", domain="job", label="workload", high_means="can be managed"),),
    items=tuple(Item(id=f"load_{letter}", scale="workload", wording="My work can be done.") for letter in "abcde"),
)
INSTRUMENTS = {"views": VIEWS, "home": HOME, "job": JOB}

Row = dict[str, Any]
World = dict[str, list[Row]]


@dataclass(frozen=True)
class Pupil:
    """A pupil in days from `as_of`: when they came, left, moved school, and were written about anew."""

    dated: bool = True
    joined: int | None = None  # None: years ago
    left: int | None = None
    moved: int | None = None  # first day at the other school
    rewritten: int | None = None  # the day on which a second row was known
    lag: int = 0  # days until a new row is known


@dataclass(frozen=True)
class Post:
    """A post in days from `as_of`."""

    dated: bool = True
    left: int | None = None
    notice: int | None = None
    rewritten: int | None = None
    spell: tuple[int, int] | None = None  # first and last day


@dataclass(frozen=True)
class Edges:
    """Everything that happens near the date; days from `as_of`, and days until it was known.

    marks  : (pupil, day, session, lag, code).
    silent : days on which no mark is entered on time.
    waves  : the days on which waves close.
    events : (pupil, day, lag).
    sums   : (pupil, last day of the period, lag); the period begins 30 days earlier.
    judged : (pupil, day) of a grade.
    added  : (day, lag) of school days that were not in the plan.
    helped : (person, first day, last day or None) of mentoring, for the pupil and the post of that number.
    """

    pupils: tuple[Pupil, ...]
    posts: tuple[Post, ...]
    marks: tuple[tuple[int, int, str, int, str], ...] = ()
    silent: frozenset[int] = frozenset()
    waves: tuple[int, ...] = ()
    events: tuple[tuple[int, int, int], ...] = ()
    sums: tuple[tuple[int, int, int], ...] = ()
    judged: tuple[tuple[int, int], ...] = ()
    added: tuple[tuple[int, int], ...] = ()
    helped: tuple[tuple[int, int, int | None], ...] = ()


def build(edges: Edges, as_of: date) -> World:
    """Return the trust with everything in it, the future as well."""
    stays = [list(_stays(index, pupil, as_of)) for index, pupil in enumerate(edges.pupils)]
    posts = list(enumerate(edges.posts))
    closing = {"old": as_of - timedelta(days=40)}
    closing |= {f"w{number}": as_of + timedelta(days=offset) for number, offset in enumerate(edges.waves)}
    return {
        "schools": [{"school_id": BEECH, "phase": "primary"}, {"school_id": OAK, "phase": "secondary"}],
        "calendar": list(_calendar(edges, as_of)),
        "pupils": [row for mine in stays for row in mine],
        "attendance": list(_marks(edges, stays, as_of)),
        "attendance_summary": list(_summaries(edges, as_of)),
        "waves": list(_waves(closing)),
        "responses": list(_responses(edges, closing)),
        "events": list(_events(edges, as_of)),
        "assessments": list(_judgements(edges, as_of)),
        "interventions": list(_help(edges, as_of)),
        "staff": [row for index, post in posts for row in _posts(index, post, as_of)],
        "leavers": [_notice(index, as_of, post.notice) for index, post in posts if post.notice is not None],
        "staff_absence": [_spell(0, as_of, -60, -58)]
        + [_spell(index, as_of, *post.spell) for index, post in posts if post.spell],
    }


def _summaries(edges: Edges, as_of: date) -> Iterator[Row]:
    """Yield a month of last year for everyone, and the periods that were drawn."""
    months = [(who, date(2024, 3, 4), date(2024, 3, 28), 5) for who in range(len(edges.pupils))]
    for who, end, lag in set(edges.sums):
        months.append((who, as_of + timedelta(days=end - 30), as_of + timedelta(days=end), lag))
    for who, from_on, to_on, lag in months:
        yield {
            "person_id": f"p{who}", "from_on": from_on, "to_on": to_on, "possible": 40, "absent": who + lag,
            "known_on": to_on + timedelta(days=lag),
        }  # fmt: skip


def _calendar(edges: Edges, as_of: date) -> Iterator[Row]:
    """Yield the weekdays of two school years as planned long before, and the days that were added to the plan."""
    years = ((date(2023, 9, 4), date(2024, 7, 20)), (date(2024, 9, 2), date(2025, 7, 18)))
    spans = [[first + timedelta(days=n) for n in range((last - first).days)] for first, last in years]
    planned = {day: date(2023, 7, 1) for days in spans for day in days if day.weekday() < 5}
    days = [(as_of + timedelta(days=offset), lag) for offset, lag in edges.added]
    added = {day: day + timedelta(days=lag) for day, lag in days if day not in planned}
    for school, (day, known_on) in product((BEECH, OAK), (planned | added).items()):
        term = "autumn" if day.month > 8 else "spring" if day.month < 4 else "summer"
        half = 1 if day.month in (9, 10, 1, 4, 5) else 2
        yield {
            "school_id": school, "date": day, "sessions": 2, "term": term,
            "half_term": f"{term} {half}", "known_on": known_on,
        }  # fmt: skip


def _waves(closing: Mapping[str, date]) -> Iterator[Row]:
    for name, closes_on in closing.items():
        for form, instrument in INSTRUMENTS.items():
            yield {
                "wave_id": f"{name}-{form}", "instrument": form, "audience": instrument.audience,
                "opens_on": closes_on - timedelta(days=9), "closes_on": closes_on,
            }  # fmt: skip


def _responses(edges: Edges, waves: Iterable[str]) -> Iterator[Row]:
    """Yield answers of three in four people to every wave."""
    pupils, posts = ("p", len(edges.pupils)), ("s", len(edges.posts))
    asked = {"views": pupils, "home": pupils, "job": posts}
    for place, name in enumerate(waves):
        for form, (letter, people) in asked.items():
            for who in (who for who in range(people) if (who + place) % 4):
                for item in INSTRUMENTS[form].items:
                    answer = 1 + (3 * who + 2 * place + place * len(item.id)) % 5
                    yield {
                        "wave_id": f"{name}-{form}",
                        "person_id": f"{letter}{who}",
                        "item": item.id,
                        "answer": answer,
                    }


def _events(edges: Edges, as_of: date) -> Iterator[Row]:
    """Yield an event of everyone some weeks ago, and those that were drawn."""
    for who, offset, lag in [*((who, -20, 0) for who in range(len(edges.pupils))), *edges.events]:
        day = as_of + timedelta(days=offset)
        known_on = day + timedelta(days=lag)
        yield {
            "person_id": f"p{who}", "population": "pupils", "date": day, "kind": "contact", "amount": 2 + who,
            "known_on": known_on,
        }  # fmt: skip


def _judgements(edges: Edges, as_of: date) -> Iterator[Row]:
    """Yield a grade of everyone two months ago, and those that were drawn."""
    for who, offset in {*((who, -60) for who in range(len(edges.pupils))), *edges.judged}:
        day = as_of + timedelta(days=offset)
        yield {
            "person_id": f"p{who}", "subject": "maths", "collected_on": day, "measure": "grade",
            "value": 5 + offset % 7,
        }  # fmt: skip


def _help(edges: Edges, as_of: date) -> Iterator[Row]:
    """Yield help of everyone that is over, and what was drawn, for pupils and staff alike."""
    of = {"pupils": ("p", len(edges.pupils)), "staff": ("s", len(edges.posts))}
    for population, (letter, people) in of.items():
        for who, first, last in [*((who, -50, -40) for who in range(people)), *edges.helped]:
            if who < people:
                yield {
                    "person_id": f"{letter}{who}", "population": population, "kind": "mentoring",
                    "starts_on": as_of + timedelta(days=first),
                    "ends_on": None if last is None else as_of + timedelta(days=max(first, last)),
                }  # fmt: skip


def _notice(who: int, as_of: date, offset: int) -> Row:
    return {"person_id": f"s{who}", "resigned_on": as_of + timedelta(days=offset), "reason": "resigned"}


def _spell(who: int, as_of: date, first: int, last: int) -> Row:
    starts_on, ends_on = (as_of + timedelta(days=offset) for offset in (first, last))
    return {"person_id": f"s{who}", "starts_on": starts_on, "ends_on": ends_on}


def _stays(index: int, pupil: Pupil, as_of: date) -> Iterator[Row]:
    """Yield the rows of a pupil's enrolments."""

    def day(offset: int) -> date:
        return as_of + timedelta(days=offset)

    joined = date(2023, 9, 4) if pupil.joined is None else day(pupil.joined)
    left = day(pupil.moved - 1) if pupil.moved is not None else None if pupil.left is None else day(pupil.left)
    left = left if left is None or left >= joined else joined
    first = {
        "person_id": f"p{index}", "school_id": BEECH, "year_group": 5 + index % 2, "form": "a", "sen": "K",
        "pupil_premium": index % 2, "joined_on": joined, "left_on": left,
        "known_on": joined + timedelta(days=pupil.lag) if pupil.dated else None,
    }  # fmt: skip
    yield first
    if pupil.rewritten is not None and pupil.dated and day(pupil.rewritten) > first["known_on"]:
        yield first | {"form": "b", "sen": "N", "year_group": 6, "known_on": day(pupil.rewritten)}
    if pupil.moved is not None and left is not None:
        came = max(day(pupil.moved), left + timedelta(days=1))
        known_on = came + timedelta(days=pupil.lag) if pupil.dated else None
        yield first | {"school_id": OAK, "form": "c", "joined_on": came, "left_on": None, "known_on": known_on}


def _posts(index: int, post: Post, as_of: date) -> Iterator[Row]:
    first = {
        "person_id": f"s{index}", "school_id": BEECH, "role": "teacher", "subject": ("maths", "art")[index % 2],
        "fte": 1.0, "contract": "permanent", "joined_on": date(2020, 9, 1),
        "left_on": None if post.left is None else as_of + timedelta(days=post.left),
        "known_on": date(2020, 9, 1) if post.dated else None,
    }  # fmt: skip
    yield first
    if post.rewritten is not None and post.dated:
        yield first | {"fte": 0.5, "subject": "art", "known_on": as_of + timedelta(days=post.rewritten)}


def _marks(edges: Edges, stays: list[list[Row]], as_of: date) -> Iterator[Row]:
    """Yield a mark for every session of the terms, and those near the date that were drawn."""
    silent = {as_of + timedelta(days=offset) for offset in edges.silent}
    codes: dict[tuple[int, date, str, date], str] = {}
    for who in range(len(stays)):
        for number, day in enumerate(_weekdays(as_of)):
            for session in () if day in silent else ("AM", "PM"):
                codes[who, day, session, day] = "I" if (number * (who + 3)) % 11 == 0 else "/"
    for who, offset, session, lag, code in edges.marks:
        day = as_of + timedelta(days=offset)
        codes[who, day, session, day + timedelta(days=lag)] = code
    for (who, day, session, known_on), code in codes.items():
        if (school := _school_on(stays[who], day)) is not None:
            yield {"person_id": f"p{who}", "school_id": school, "date": day, "session": session, "code": code,
                   "known_on": known_on}  # fmt: skip


def _weekdays(as_of: date) -> list[date]:
    """Return two weeks at this time last year, and the days from six weeks before the date to one after."""
    spans = [(as_of - timedelta(days=372), 14), (as_of - timedelta(days=45), 55)]
    days = (start + timedelta(days=number) for start, length in spans for number in range(length))
    return [day for day in days if day.weekday() < 5]


def _school_on(stays: list[Row], day: date) -> object:
    """Return the school at which a pupil stood on roll, once the school had written it down."""
    for row in stays:
        known_on, left_on = row["known_on"] or row["joined_on"], row["left_on"] or date.max
        if max(row["joined_on"], known_on) <= day <= left_on:
            return row["school_id"]
    return None


_KNOWN_BY = {
    "calendar": "known_on",
    "attendance": "known_on",
    "attendance_summary": "known_on",
    "events": "known_on",
    "leavers": "resigned_on",
    "staff_absence": "starts_on",
    "waves": "closes_on",
    "assessments": "collected_on",
    "interventions": "starts_on",
}
_SAID_SINCE = {"pupils": {"form": "z", "sen": "E", "pupil_premium": 0}, "staff": {"subject": "pe", "fte": 0.1}}


def known(world: World, as_of: date) -> World:
    """Return the world as the morning of `as_of` knew it; what undated rows say of a person is changed as well."""
    closed = {wave["wave_id"] for wave in world["waves"] if wave["closes_on"] < as_of}
    kept: World = {"schools": world["schools"]}
    for table, by in _KNOWN_BY.items():
        kept[table] = [row for row in world[table] if row[by] < as_of]
    kept["attendance_summary"] = [row for row in kept["attendance_summary"] if row["to_on"] < as_of]
    for table in ("staff_absence", "interventions"):
        kept[table] = [_without_future(row, "ends_on", as_of) for row in kept[table]]
    kept["responses"] = [row for row in world["responses"] if row["wave_id"] in closed]
    for table, said in _SAID_SINCE.items():
        rows = [row for row in world[table] if (row["known_on"] or row["joined_on"]) < as_of]
        kept[table] = [_without_future(row if row["known_on"] else row | said, "left_on", as_of) for row in rows]
    people = {row["person_id"] for table in ("pupils", "staff") for row in kept[table]}
    # What was heard of someone before they were known at all cannot be read in.
    return {table: [row for row in rows if row.get("person_id") in {None, *people}] for table, rows in kept.items()}


def _without_future(row: Row, column: str, as_of: date) -> Row:
    return row | {column: None} if row[column] and row[column] >= as_of else row


def config(population: str, as_of: date) -> Config:
    """Return the config of a model of the made-up trust."""
    outcome = Outcome() if population == "pupils" else Outcome(kind="leaves")
    features = FeatureChoice(staff_views=population == "pupils")
    dates = AsOf(dates=(as_of,))
    return Config(
        name="edges", population=population, data_to=TODAY, as_of=dates, outcome=outcome, features=features
    )  # fmt: skip


def write_world(data: Path, world: Mapping[str, Iterable[Row]]) -> Path:
    """Write the tables of a world as a data folder."""
    data.mkdir(parents=True)
    for table, rows in world.items():
        written = list(rows)
        if written:
            names = list(written[0])
            lines = [",".join("" if row[name] is None else str(row[name]) for name in names) for row in written]
            (data / f"{table}.csv").write_text("\n".join([",".join(names), *lines, ""]), encoding="utf-8")
    return data


@contextmanager
def sources(folder: Path, world: World, as_of: date) -> Iterator[dict[str, Sources]]:
    """Open a world, and yield what the features of pupils and of staff are computed from."""
    pupils, staff = config("pupils", as_of), config("staff", as_of)
    data, private = write_world(folder / "data", world), folder / "private"
    with open_store(data, private=private, config=pupils, instruments=INSTRUMENTS) as store:
        register = pack_register(store)
        asked = score_waves(store, pupils), score_waves_of(store, ("staff",))
        yield {
            "pupils": Sources(store, pupils, register, register.calendars, *asked),
            "staff": Sources(store, staff, None, calendars_of(store), score_waves(store, staff)),
        }


def same(left: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether two matrices hold the same numbers, empty ones in the same places."""
    return left.shape == right.shape and bool(np.array_equal(left, right, equal_nan=True))
