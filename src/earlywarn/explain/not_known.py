"""What is not known of a person and would matter: no survey answer, joined lately, no last year.

In:  what can be told of the listed people, and which features are quoted as reasons already.
Out: sentences. A gap is said, so that a list is not read as more certain than it is.
"""

from collections.abc import Collection

import numpy as np

from earlywarn.explain.amounts import amount
from earlywarn.explain.told import FEW_SESSIONS, Told
from earlywarn.explain.words import audience_of, fill
from earlywarn.surveys.instrument import Audience

LATELY_YEARS = 0.25  # a term


def not_known(told: Told, row: int, quoted: Collection[str]) -> tuple[str, ...]:
    """Return what is not known of one listed person, leaving out what a reason says already."""
    return (*_joined_lately(told, row), *_attendance(told, row), *_answers(told, row, quoted))


def _value(told: Told, row: int, name: str) -> float | None:
    """Return a value, NaN where not known; None where the model has no such feature."""
    values = told.known(name)
    return None if values is None else float(values[row])


def _joined_lately(told: Told, row: int) -> list[str]:
    years = _value(told, row, "years_at_school" if told.population == "pupils" else "tenure_years")
    if years is None or not 0 <= years < LATELY_YEARS:
        return []
    weeks = amount(max(round(years * 365.25 / 7), 1), "weeks", told.book.units)
    return [fill(told.book.phrases.joined_lately, {"value": weeks}, compared=False)]


def _attendance(told: Told, row: int) -> list[str]:
    phrases, found = told.book.phrases, []
    this_year = _value(told, row, "absence_rate_this_year")
    possible = _value(told, row, "possible_sessions_this_year")
    if this_year is not None and np.isnan(this_year):
        found.append(phrases.no_sessions)
    elif possible is not None and 0 < possible < FEW_SESSIONS:
        sessions = amount(possible, "sessions", told.book.units)
        found.append(fill(phrases.few_sessions, {"value": sessions}, compared=False))
    last_year = _value(told, row, "absence_rate_last_year")
    if last_year is not None and np.isnan(last_year):
        found.append(phrases.no_last_year)
    return found


_TOOK_PART = ("_answered", "_answered_share", "_answered_waves")


def _answers(told: Told, row: int, quoted: Collection[str]) -> list[str]:
    phrases, found, silent = told.book.phrases, [], _said_to_be_silent(told, row, quoted)
    for column, feature in enumerate(told.features):
        audience = audience_of(feature)
        if audience is None or audience in silent or not feature.name.endswith("_answered"):
            continue
        answered = told.values[row, column]
        if np.isnan(answered):
            found.append(phrases.not_asked[audience])
        elif answered == 0:
            found.append(phrases.not_answered[audience])
    return list(dict.fromkeys(found))  # two questionnaires of one audience say it once


def _said_to_be_silent(told: Told, row: int, quoted: Collection[str]) -> set[Audience | None]:
    """Return whose silence a reason names already."""
    return {
        audience_of(feature)
        for column, feature in enumerate(told.features)
        if feature.name in quoted and feature.name.endswith(_TOOK_PART) and told.values[row, column] == 0
    }
