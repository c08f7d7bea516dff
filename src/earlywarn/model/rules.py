"""Rules that a school could use without us; a model that does not beat them is not worth having.

In:  columns of the feature matrix, by name, and the schools and outcomes of the training rows.
Out: a score a person, higher for more at risk; only its order means anything.

A rule stands here as a school would say it. It may read any feature, whether or not
the model does; a rule whose feature is not there is left out.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Population

ABSENT_IN_FIRST_MONTH = 3  # sessions

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class RuleInputs:
    """What a rule may look at; it scores the people of `school`.

    column        : a feature by name, one value a person to be scored, NaN where not known.
    school        : (n,) school of each person to be scored.
    train_school  : (m,) school of each training row.
    train_outcome : (m,) bool.
    """

    column: Callable[[str], NDArray[np.floating[Any]]]
    school: NDArray[Any]
    train_school: NDArray[Any]
    train_outcome: NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """A rule, the sentence that states it, and the features that it reads."""

    name: str
    words: str
    needs: tuple[str, ...]
    score: Callable[[RuleInputs], Scores]


def rules_for(population: Population, columns: Collection[str], threshold: float = 0.10) -> tuple[Rule, ...]:
    """Return the population's rules whose features are among `columns`.

    threshold : the rate from which a pupil counts as persistently absent.

    >>> [rule.name for rule in rules_for("staff", {"tenure_years"})]
    ['school_average', 'newest_first']
    """
    rules = _pupils_rules(threshold) if population == "pupils" else _STAFF_RULES
    return tuple(rule for rule in rules if set(rule.needs) <= set(columns))


def school_average(people: RuleInputs) -> Scores:
    """Return the label rate of the person's school in the training rows; all schools' together for a new one."""
    schools, where = np.unique(people.train_school, return_inverse=True)
    rates = np.bincount(where, weights=people.train_outcome) / np.bincount(where)
    rate = dict(zip(schools.tolist(), rates.tolist(), strict=True))
    trust = float(people.train_outcome.mean())
    return np.array([rate.get(school, trust) for school in people.school.tolist()], dtype=np.float64)


def last_year_flag(people: RuleInputs, threshold: float) -> Scores:
    """Return 1 for a rate at or above the threshold last year; 0 below it and for those without a last year."""
    rate = np.asarray(people.column("absence_rate_last_year"), dtype=np.float32)
    return (rate >= np.float32(threshold)).astype(np.float64)  # in one precision, or 0.35 is not 0.35 or more


def hybrid(people: RuleInputs, threshold: float) -> Scores:
    """Return last year's flag; for those without a last year, 1 from three absent sessions in the first month."""
    no_last_year = np.isnan(_known(people, "absence_rate_last_year"))
    early = _known(people, "absent_first_20_days") >= ABSENT_IN_FIRST_MONTH
    return np.where(no_last_year, early, last_year_flag(people, threshold)).astype(np.float64)


def rate_to_date(people: RuleInputs) -> Scores:
    """Return this year's absence rate so far; 0 where no session was possible yet."""
    return np.nan_to_num(_known(people, "absence_rate_this_year"))


def rate_plus_spells(people: RuleInputs) -> Scores:
    """Return this year's absence in percentage points plus the number of spells it fell into."""
    return 100 * rate_to_date(people) + np.nan_to_num(_known(people, "spells_this_year"))


def newest_first(people: RuleInputs) -> Scores:
    """Return minus the years in post; those whose start is not known stand last."""
    years = _known(people, "tenure_years")
    known = years[~np.isnan(years)]
    return -np.where(np.isnan(years), known.max() + 1 if known.size else 0.0, years)


def intent(people: RuleInputs) -> Scores:
    """Return what a person said about looking for another post; the mean for those who did not answer."""
    said = _known(people, "staff_intent")
    answered = ~np.isnan(said)
    return np.where(answered, said, said[answered].mean() if answered.any() else 0.0)


def _known(people: RuleInputs, name: str) -> Scores:
    return np.asarray(people.column(name), dtype=np.float64)


_SCHOOL_AVERAGE = Rule(
    "school_average", "Everyone has the average risk of their school in earlier years", (), school_average
)

_STAFF_RULES = (
    _SCHOOL_AVERAGE,
    Rule("newest_first", "Those with the fewest years in post come first", ("tenure_years",), newest_first),
    Rule("intent", "Those who said that they are looking for another post come first", ("staff_intent",), intent),
)


def _pupils_rules(threshold: float) -> tuple[Rule, ...]:
    percent = f"{100 * threshold:g}%"
    return (
        Rule(
            "last_year_flag",
            f"Missed {percent} or more of last year",
            ("absence_rate_last_year",),
            partial(last_year_flag, threshold=threshold),
        ),
        Rule(
            "hybrid",
            f"Missed {percent} or more of last year or, without a last year, 3 sessions of the first 20 school days",
            ("absence_rate_last_year", "absent_first_20_days"),
            partial(hybrid, threshold=threshold),
        ),
        Rule(
            "rate_to_date",
            "Those who missed most of this year so far come first",
            ("absence_rate_this_year",),
            rate_to_date,
        ),
        Rule(
            "rate_plus_spells",
            "This year's absence in percentage points plus the number of separate spells",
            ("absence_rate_this_year", "spells_this_year"),
            rate_plus_spells,
        ),
        _SCHOOL_AVERAGE,
    )
