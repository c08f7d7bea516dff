"""The tables' columns, as `docs/tables.md` describes them, from what was simulated.

In:  schools, school years, marks, answers; `staff_columns` has those about staff.
Out: for each table a mapping from column to values, ready to be written.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.calendar import HALF_TERMS, TERMS
from earlywarn.simulate.events import Events, Summaries
from earlywarn.simulate.marks import CODES, Marks
from earlywarn.simulate.people import ETHNICITY, SEN
from earlywarn.simulate.roster import of_school
from earlywarn.simulate.schools import TRUST_NAME, School
from earlywarn.simulate.surveys import INSTRUMENT, Answers, Wave
from earlywarn.simulate.trust import Trust
from earlywarn.simulate.write import Columns, texts

REGION = "Made-up region"


def person_ids(number: NDArray[np.int64], letter: str) -> NDArray[np.str_]:
    """Return identifiers of people, which are made up and belong to nobody.

    >>> person_ids(np.array([122]), "P").tolist()
    ['P000123']
    """
    digits = 6 if letter == "P" else 5
    return np.array([f"{letter}{one + 1:0{digits}d}" for one in number.tolist()], np.str_)


def schools(schools: Sequence[School]) -> Columns:
    """Return the columns of `schools`."""
    return {
        "school_id": [school.school_id for school in schools],
        "name": [school.name for school in schools],
        "phase": [school.phase for school in schools],
        "trust": [TRUST_NAME] * len(schools),
        "region": [REGION] * len(schools),
    }


def calendar(year: SchoolYear) -> Columns:
    """Return one school year's rows of `calendar`; training days have no session."""
    half_term = year.plan.half_term
    return {
        "school_id": [year.school.school_id] * len(half_term),
        "date": year.plan.days,
        "sessions": np.where(year.closed, 0, 2),
        "term": np.array(TERMS)[half_term],
        "half_term": np.array(HALF_TERMS)[half_term],
    }


def pupils(trust: Trust, school: School, until: np.datetime64) -> Columns:
    """Return one school's rows of `pupils`: one an enrolment and year, and one more when a pupil leaves."""
    years = of_school(trust.roster, school.number)
    years = years.rows(years.first <= until)
    left = years.rows(~np.isnat(years.left_on) & (years.left_on <= until))
    known_on = np.concatenate([years.first, left.left_on])
    left_on = np.concatenate([np.full(len(years), np.datetime64("NaT")), left.left_on])
    person = np.concatenate([years.person, left.person])
    order = np.lexsort((known_on, person))
    group = np.concatenate([years.year_group, left.year_group])[order]
    form = np.concatenate([years.form, left.form])[order]
    who = person[order]
    return {
        "person_id": person_ids(who, "P"),
        "school_id": [school.school_id] * len(who),
        "year_group": group,
        "form": [f"{g or 'R'}{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[f % 26]}" for g, f in zip(group, form, strict=True)],
        "joined_on": np.concatenate([years.joined_on, left.joined_on])[order],
        "left_on": left_on[order],
        **_characteristics(trust, who),
        "known_on": known_on[order],
    }


def _characteristics(trust: Trust, who: NDArray[np.int64]) -> Columns:
    """Return what is recorded of the pupils; all but sex is empty where nothing was recorded."""
    people = trust.people
    missing = ~people.recorded[who]
    return {
        "sex": np.where(people.female[who], "F", "M"),
        "pupil_premium": pa.array(people.pupil_premium[who], mask=missing),
        "fsm": pa.array(people.fsm[who], mask=missing),
        "sen": pa.array(np.array(SEN)[people.sen[who]], mask=missing),
        "eal": pa.array(people.eal[who], mask=missing),
        "ethnicity": pa.array(np.array(list(ETHNICITY))[people.ethnicity[who]], mask=missing),
        "looked_after": pa.array(people.looked_after[who], mask=missing),
    }


def attendance(year: SchoolYear, marks: Marks) -> Columns:
    """Return one school year's rows of `attendance`."""
    rows = len(marks.row)
    return {
        "person_id": texts(person_ids(year.roster.person, "P"), marks.row),
        "school_id": texts(np.array([year.school.school_id]), np.zeros(rows, np.int32)),
        "date": year.open_days[marks.session // 2],
        "session": texts(np.array(["AM", "PM"]), marks.session % 2),
        "code": texts(np.array(CODES), marks.code),
        "minutes_late": pa.array(marks.minutes_late, mask=marks.minutes_late == 0),
        "known_on": marks.known_on,
    }


def summaries(found: Summaries) -> Columns:
    """Return rows of `attendance_summary`; the earlier school is not one of the trust's and has no id here."""
    return {
        "person_id": person_ids(found.person, "P"),
        "school_id": pa.nulls(len(found.person), pa.string()),
        "from_on": found.from_on,
        "to_on": found.to_on,
        "possible": found.possible,
        "absent": found.absent,
        "authorised": found.authorised,
        "unauthorised": found.absent - found.authorised,
        "known_on": found.known_on,
    }


def events(found: Events) -> Columns:
    """Return rows of `events`."""
    return {
        "person_id": person_ids(found.person, "P"),
        "population": ["pupils"] * len(found.person),
        "date": found.date,
        "kind": found.kind,
        "amount": found.amount,
    }


def waves(found: Sequence[Wave]) -> Columns:
    """Return the columns of `waves`."""
    return {
        "wave_id": [wave.wave_id for wave in found],
        "instrument": [INSTRUMENT[wave.audience] for wave in found],
        "audience": [wave.audience for wave in found],
        "opens_on": pa.array([wave.opens_on.astype(object) for wave in found], pa.date32()),
        "closes_on": pa.array([wave.closes_on.astype(object) for wave in found], pa.date32()),
    }


def responses(answers: Answers, letter: str) -> Columns:
    """Return rows of `responses`: one an item, empty where it was skipped."""
    people, items = answers.given.shape
    given, respondent = answers.given.ravel(), np.repeat(answers.respondent, items)
    return {
        "wave_id": texts(np.array([answers.wave.wave_id]), np.zeros(len(given), np.int32)),
        "person_id": texts(person_ids(answers.person, letter), np.repeat(np.arange(people), items)),
        "item": texts(np.array(answers.items), np.tile(np.arange(items), people)),
        "answer": pa.array(given, mask=given == 0),
        "respondent": pa.array(respondent, mask=respondent == 0),
    }
