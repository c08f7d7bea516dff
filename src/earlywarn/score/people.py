"""People on roll today: their risk, their list, their place on it, and why.

In:  a bundle and the sources of today's data.
Out: the frame of a scores folder, one row a person.

Ranked by the uncalibrated score, shown with the calibrated one. A bundle serves dates
within two school weeks of the places in the year that it was trained on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from earlywarn.bundle.read import Bundle
from earlywarn.cohort import cohort
from earlywarn.config import Config
from earlywarn.errors import ConfigError, TableError, TooFewError
from earlywarn.explain.reasons import Explanation, explain
from earlywarn.explain.words import load_book
from earlywarn.features.build import build_matrix
from earlywarn.features.catalogue import remade
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources, phases_of
from earlywarn.model.lists import features_for_lists
from earlywarn.score.likeness import learnt_from, why_unlike
from earlywarn.score.lists import score_frame
from earlywarn.terms import SERVED_WEEKS, SchoolCalendar, trust_calendar

_NEEDS = {
    "attendance": "attendance marks",
    "context": "attendance marks",
    "events": "the events table",
    "assessments": "the assessments table",
    "interventions": "the interventions table",
}


@dataclass(frozen=True)
class Scored:
    """The frame of scores, and the config and date they were made with."""

    frame: pd.DataFrame
    config: Config
    as_of: date


def score_people(bundle: Bundle, sources: Sources, as_of: date, wording: Path | None = None) -> Scored:
    """Score everyone at risk on a morning; reasons are given to those who are listed.

    wording : a trust's own copy of the wording file, read before anything is computed.
    """
    config, book = sources.config, load_book(wording)
    check_date(as_of, bundle.manifest.serves, trust_calendar(sources.calendars), sources.store.today)
    people = cohort(sources.store, config, as_of)
    if not len(people):
        raise TooFewError(f"nobody is on roll on {as_of}", fix="check the date, and year_groups in the config")
    features = features_of(bundle, sources)
    for_lists = features_for_lists(bundle.names) if sources.register else ()
    matrix = build_matrix(sources, people, (*features, *for_lists))
    values = matrix.choose(bundle.names)
    raw = bundle.kept.model.raw_score(values)
    risk, version = bundle.kept.calibration.apply(raw), str(bundle.manifest.version)
    frame = score_frame(matrix, raw, risk, config, version, bundle.metrics.get("head_start"))
    unlike = why_unlike(values, people, phases_of(sources), learnt_from(bundle.metrics["features"]), book)
    frame = frame.assign(unlike_training=[why != "" for why in unlike], unlike_why=unlike)
    listed = frame["listed"].to_numpy(bool)
    added = bundle.kept.model.contributions(values[listed])
    told = explain(added, values, features, people, listed, bundle.manifest.population, book, bundle.instruments)
    return Scored(with_reasons(frame, told), config, as_of)


def check_date(as_of: date, serves: tuple[int, ...], calendar: SchoolCalendar, today: date) -> None:
    """Refuse a date that the data do not reach, or whose place in the year the model was not trained for."""
    last = _last_morning(calendar, today)
    if as_of > last:
        raise ConfigError(
            f"as_of is {as_of}, but the data end on {today}, with school days between that have no marks yet",
            fix=f"give newer data, or an as_of of {last} or before",
        )
    place = calendar.place_in_year(as_of)
    if place is None or min(abs(place - each) for each in serves) > SERVED_WEEKS:
        weeks = ", ".join(map(str, serves))
        raise ConfigError(
            f"as_of {as_of} lies in school week {place}; this model serves dates within {SERVED_WEEKS} school "
            f"weeks of school week(s) {weeks}",
            fix="choose such a date, or train a model with this place in as_of",
        )


def _last_morning(calendar: SchoolCalendar, today: date) -> date:
    """Return the last morning before which no school day lacks its marks: the next school day's, where one is known."""
    if not calendar.planned:
        return today + timedelta(days=7)
    ahead = calendar.days[calendar.days > np.datetime64(today)]
    return ahead[0].astype(object) if len(ahead) else date.max


def features_of(bundle: Bundle, sources: Sources) -> tuple[Feature, ...]:
    """Make the model's features again; refuse data that lack what they need."""
    lacking = {
        record.name: _NEEDS.get(record.block, "closed waves of its questionnaire")
        for record in bundle.features
        if not _has_source(record.block, record.name, sources)
    }
    if lacking:
        shown = "; ".join(f"{name} needs {what}" for name, what in sorted(lacking.items())[:5])
        more = f"; and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        raise TableError(
            f"the data lack what {len(lacking)} of the model's features need: {shown}{more}",
            fix="add the tables, or train a model without them",
        )
    population = bundle.manifest.population
    return tuple(remade(record, bundle.instruments, population) for record in bundle.features)


def _has_source(block: str, name: str, sources: Sources) -> bool:
    if block in ("attendance", "context"):
        return sources.register is not None
    if block in ("events", "assessments", "interventions"):
        return block in sources.store.present
    if block == "survey":
        audiences = {instrument.audience for instrument in sources.instruments}
        names = {instrument.name for instrument in sources.instruments}
        return any(name.startswith(f"{each}_") for each in audiences | names)
    if block == "staff_views":
        return bool(sources.staff_waves)
    return True


def with_reasons(scores: pd.DataFrame, told: Sequence[Explanation]) -> pd.DataFrame:
    """Add reasons, what goes well and what is not known: those told of who is listed, none for the rest."""
    found = {"reasons": [one.reasons_as_dicts() for one in told]}
    found |= {name: [list(getattr(one, name)) for one in told] for name in ("going_well", "not_known")}
    return scores.assign(**{name: _of_listed(column, scores["listed"]) for name, column in found.items()})


def _of_listed(column: Iterable[Sequence[object]], listed: Iterable[bool]) -> pd.Series:
    given = iter(column)
    return pd.Series([next(given) if each else [] for each in listed], dtype=object)
