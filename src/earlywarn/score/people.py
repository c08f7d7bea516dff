"""People on roll today: their risk, their list, their place on it, and why.

In:  a bundle and the sources of today's data.
Out: the frame of a scores folder, one row a person.

Ranked by the uncalibrated score, shown with the calibrated one. A bundle serves dates
within two school weeks of the places in the year that it was trained on.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.bundle.read import Bundle
from earlywarn.cohort import cohort
from earlywarn.config import Config
from earlywarn.errors import ConfigError, TableError, TooFewError
from earlywarn.explain.reasons import explain
from earlywarn.explain.words import load_book
from earlywarn.features.build import build_matrix
from earlywarn.features.catalogue import remade
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources
from earlywarn.model.lists import features_for_lists
from earlywarn.score.likeness import unlike_training
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


def score_people(bundle: Bundle, sources: Sources, as_of: date) -> Scored:
    """Score everyone at risk on a morning; reasons are given to those who are listed."""
    config = sources.config
    check_date(as_of, bundle.manifest.serves, trust_calendar(sources.calendars), sources.store.today)
    people = cohort(sources.store, config, as_of)
    if not len(people):
        raise TooFewError(f"nobody is on roll on {as_of}", fix="check the date, and year_groups in the config")
    features = _features(bundle, sources)
    for_lists = features_for_lists(bundle.names) if sources.register else ()
    matrix = build_matrix(sources, people, (*features, *for_lists))
    values = matrix.choose(bundle.names)
    raw = bundle.kept.model.raw_score(values)
    frame = score_frame(matrix, raw, bundle.kept.calibration.apply(raw), config, str(bundle.manifest.version))
    usual_missing = float(bundle.metrics["features"]["usual_missing"])
    frame = frame.assign(unlike_training=unlike_training(values, usual_missing))
    return Scored(_with_reasons(frame, bundle, features, values, people), config, as_of)


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


_NEEDS = {
    "attendance": "attendance marks",
    "context": "attendance marks",
    "events": "the events table",
    "assessments": "the assessments table",
    "interventions": "the interventions table",
}


def _features(bundle: Bundle, sources: Sources) -> tuple[Feature, ...]:
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
    return True


def _with_reasons(
    frame: pd.DataFrame,
    bundle: Bundle,
    features: tuple[Feature, ...],
    values: NDArray[np.float32],
    people: pd.DataFrame,
) -> pd.DataFrame:
    """Add reasons, what goes well and what is not known, for those who are listed."""
    listed = frame["listed"].to_numpy(bool)
    told = explain(
        _contributions(bundle, values, listed),
        values,
        features,
        people,
        listed,
        bundle.manifest.population,
        load_book(),
        bundle.instruments,
    )
    columns: dict[str, list[list[object]]] = {"reasons": [], "going_well": [], "not_known": []}
    explanations = iter(told)
    for is_listed in listed:
        one = next(explanations) if is_listed else None
        columns["reasons"].append([reason.as_dict() for reason in one.reasons] if one else [])
        columns["going_well"].append(list(one.going_well) if one else [])
        columns["not_known"].append(list(one.not_known) if one else [])
    return frame.assign(**{name: pd.Series(column, index=frame.index) for name, column in columns.items()})


def _contributions(bundle: Bundle, values: NDArray[np.float32], listed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the contributions of the listed; rows of others stay 0."""
    found = np.zeros((len(values), values.shape[1] + 1))
    found[listed] = bundle.kept.model.contributions(values[listed])
    return found
