"""Features of what a record says of a person: characteristics, movement, post, events.

Categories become one column a level, numeric throughout; their levels (the vocabulary)
are learnt from the training cohort and kept in the bundle. "Not recorded" is a level.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from earlywarn.features.feature import Feature, Floats, Theme, slug
from earlywarn.features.seen import NOT_RECORDED, Dated, Seen

Vocabulary = Mapping[str, tuple[str, ...]]

# Numbers of each person that are added to the columns of the people when these are gathered.
SCHOOLS_ATTENDED = "schools attended"
NOTICES_THIS_YEAR = "notices this year"

FLAGS = ("pupil_premium", "fsm", "eal", "looked_after", "leadership")
CATEGORIES = {
    "pupils": ("sex", "sen", "sen_need", "ethnicity"),
    "staff": ("role", "subject", "contract", "sex", "age_band"),
}
_MEANS = {
    "pupil_premium": "pupil premium",
    "fsm": "free school meals",
    "eal": "English as an additional language",
    "looked_after": "being looked after",
    "leadership": "a leadership post",
    "sex": "sex",
    "sen": "special educational needs",
    "sen_need": "primary need",
    "ethnicity": "ethnicity",
    "role": "role",
    "subject": "subject",
    "contract": "contract",
    "age_band": "age band",
}


def learn_vocabulary(people: pd.DataFrame, columns: Sequence[str]) -> Vocabulary:
    """Return the levels of each category among some people, in order; at least 5 people make a level.

    A level of fewer people could name them in a bundle, and says nothing to a model.
    """
    found: dict[str, tuple[str, ...]] = {}
    for column in columns:
        if column not in people:
            continue
        counts = people[column].astype("string").fillna(NOT_RECORDED).value_counts()
        levels = tuple(sorted(counts.index[counts >= 5]))
        if len(levels) > 1:
            found[column] = levels
    return found


def characteristic_features(vocabulary: Vocabulary, numbers: Sequence[str], theme: Theme) -> tuple[Feature, ...]:
    """Return one feature a level and one a number."""
    levels = [
        level_feature(column, level, name, theme)
        for column, levels in vocabulary.items()
        for level, name in zip(levels, _names(column, levels), strict=True)
    ]
    return (*levels, *(number_feature(column, theme) for column in numbers))


def _names(column: str, levels: Sequence[str]) -> list[str]:
    """Return a name for each level; levels that differ in signs alone are numbered."""
    slugs = [slug(level) for level in levels]
    return [
        f"{column}_is_{name}" if slugs.count(name) == 1 and name else f"{column}_is_{name}_{number}"
        for number, name in enumerate(slugs)
    ]


def level_feature(column: str, level: str, name: str, theme: Theme) -> Feature:
    """Return whether a column has a level."""
    words = _MEANS.get(column, column.replace("_", " "))
    return Feature(
        name, theme, "characteristics", "yes or no", f"Whether the record says {words}: {level}",
        "not known before the date", lambda seen: seen.is_level(column, level), source=column, level=level,
    )  # fmt: skip


def number_feature(column: str, theme: Theme) -> Feature:
    """Return a column as a number."""
    words = _MEANS.get(column, column.replace("_", " "))
    return Feature(
        column, theme, "characteristics", "count", f"What the record says of {words}", "not known before the date",
        lambda seen: seen.column(column), source=column,
    )  # fmt: skip


MOVEMENT: tuple[Feature, ...] = (
    Feature(
        "year_group", "movement", "movement", "count", "Year group", "never",
        lambda seen: pd.to_numeric(seen.people["year_group"]).to_numpy(np.float32),
    ),
    Feature(
        "years_at_school", "movement", "movement", "years", "Years since joining the school", "never",
        lambda seen: seen.years_since("joined_on"),
    ),
    Feature(
        "joined_mid_year", "movement", "movement", "yes or no",
        "Whether the pupil joined the school in the middle of a school year",
        "never", lambda seen: _joined_mid_year(seen), 1,
    ),
    Feature(
        "schools_attended", "movement", "movement", "count", "Schools of these data that the pupil has been on roll at",
        "never", lambda seen: seen.column(SCHOOLS_ATTENDED), 1,
    ),
)  # fmt: skip


def _joined_mid_year(seen: Seen) -> Floats:
    joined = pd.to_datetime(seen.people["joined_on"])
    return (~joined.dt.month.isin([8, 9])).to_numpy().astype(np.float32)


_WINDOWS = (("6w", "the last six weeks", 42), ("year", "the last year", 365))
AMOUNT_OF = "amount of "  # how the source of a feature of amounts begins
_GO_WITH_RISK = frozenset(
    {"behaviour", "suspension", "contact"}
)  # more of another kind (merits?) may be better or worse


def event_features(kinds: Sequence[str]) -> tuple[Feature, ...]:
    """Return counts of each kind of event over the last six weeks and the last year."""
    return tuple(
        Feature(
            f"{slug(kind)}_events_{name}", "events and help", "events", "count", f"Number of {kind} events in {words}",
            "never", _events(kind, days, Dated.count), 1 if kind in _GO_WITH_RISK else 0, source=kind,
        )
        for kind in kinds
        for name, words, days in _WINDOWS
    )  # fmt: skip


def amount_features(kinds: Sequence[str]) -> tuple[Feature, ...]:
    """Return the sum of the amounts, such as points or days, of each kind of event over the same times."""
    return tuple(
        Feature(
            f"{slug(kind)}_amount_{name}", "events and help", "events", "count",
            f"Sum of the amounts, such as points or days, of {kind} events in {words}",
            "never", _events(kind, days, _total), 1 if kind in _GO_WITH_RISK else 0, source=AMOUNT_OF + kind,
        )
        for kind in kinds
        for name, words, days in _WINDOWS
    )  # fmt: skip


def _events(kind: str, days: int, measure: Callable[[Dated, int, date, str], Floats]) -> Callable[[Seen], Floats]:
    def value(seen: Seen) -> Floats:
        if seen.events is None:
            return np.full(seen.size, np.nan, np.float32)
        return measure(seen.events, seen.size, seen.as_of - timedelta(days=days), kind)

    return value


def _total(events: Dated, people: int, since: date, kind: str) -> Floats:
    """Return the sum of the amounts of one kind since a day; an event without an amount adds nothing."""
    mine = events.kind == kind
    return Dated(events.row[mine], events.day[mine], events.kind[mine], events.amount[mine]).total(people, since)


def _team_size(seen: Seen) -> Floats:
    team = seen.group("team")
    return np.bincount(team)[team].astype(np.float32)


def _spells(seen: Seen, days: int, *, sessions: bool) -> Floats:
    if seen.absence_spells is None:
        return np.full(seen.size, np.nan, np.float32)
    since = seen.as_of - timedelta(days=days)
    found = seen.absence_spells
    return found.total(seen.size, since) if sessions else found.count(seen.size, since)


def _turnover(seen: Seen, notices: Floats) -> Floats:
    """Return notices given at the school as a share of those in post."""
    return (notices / max(seen.size, 1)).astype(np.float32)


def _days_to_notice(seen: Seen) -> Floats:
    days = (seen.next_notice_date - seen.as_of).days if seen.next_notice_date else np.nan
    return np.full(seen.size, days, np.float32)


POST: tuple[Feature, ...] = (
    Feature(
        "tenure_years", "post and tenure", "staff", "years", "Years in the post", "never",
        lambda seen: seen.years_since("joined_on"),
    ),
    Feature(
        "fte", "post and tenure", "staff", "share", "Share of full time", "not known before the date",
        lambda seen: seen.column("fte"),
    ),
    Feature(
        "team_size", "post and tenure", "staff", "count",
        "People of the school's team (its subject or, without one, the role)",
        "never", _team_size,
    ),
    Feature(
        "school_turnover", "post and tenure", "staff", "share",
        "Staff who gave notice at the school in the last year, as a share of those in post", "never",
        lambda seen: _turnover(seen, np.full(seen.size, seen.left_last_year, np.float32)), 1,
    ),
    Feature(
        "school_turnover_this_year", "post and tenure", "staff", "share",
        "Staff who gave notice at the school so far this school year, as a share of those in post", "never",
        lambda seen: _turnover(seen, seen.column(NOTICES_THIS_YEAR)), 1,
    ),
    Feature(
        "days_to_notice_date", "post and tenure", "staff", "days",
        "Days to the next date by which notice is usually given (31 October, 28 February, 31 May)", "never",
        _days_to_notice,
    ),
)  # fmt: skip

STAFF_ABSENCE: tuple[Feature, ...] = (
    Feature(
        "absence_spells_year", "events and help", "staff", "spells", "Spells of absence begun in the last year",
        "no absence records", lambda seen: _spells(seen, 365, sessions=False), 1,
    ),
    Feature(
        "absence_spells_term", "events and help", "staff", "spells", "Spells of absence begun in the last 12 weeks",
        "no absence records", lambda seen: _spells(seen, 84, sessions=False), 1,
    ),
    Feature(
        "absence_days_year", "events and help", "staff", "days",
        "Days absent in spells that began in the last year, as far as they are over",
        "no absence records", lambda seen: _spells(seen, 365, sessions=True), 1,
    ),
)  # fmt: skip

STAFF = (*POST, *STAFF_ABSENCE)
