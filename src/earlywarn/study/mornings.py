"""Who was on roll on a morning, and how often each had been absent by then.

In:  the sources, and the date of the morning.
Out: a `Morning`. Time passes through the same door as for features: `features.gather.seen_by_school`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.audit.groups import NOT_RECORDED, TIMES, Strings, TooFew, group_columns
from earlywarn.benchmarks.measured import absence_so_far
from earlywarn.cohort import cohort
from earlywarn.config import Fairness
from earlywarn.features.gather import Sources, phases_of, seen_by_school
from earlywarn.terms import school_year, trust_calendar, year_start

# What schools are asked about most; the config adds its own. Schools are told of elsewhere, and never by name.
ALWAYS = ("pupil_premium", "any_sen", "sex", "phase")
_NAMES_A_SCHOOL = "school_id"


@dataclass(frozen=True)
class Morning:
    """The people of a cohort, and their absence.

    people  : a row a person and school, as the tables knew them, and the school's `phase`.
    absence : (people,) share of this year's possible sessions missed before the date; NaN under the config's
              `onset_min_sessions` of them.
    """

    as_of: date
    people: pd.DataFrame
    absence: NDArray[np.float64]


def morning(sources: Sources, as_of: date) -> Morning:
    """Return who was on roll on a morning, and their absence by then."""
    people = cohort(sources.store, sources.config, as_of)
    absence = np.full(len(people), np.nan)
    for rows, seen in seen_by_school(replace(sources, waves=()), people, as_of):
        absence[rows] = absence_so_far(seen.history, seen.size, sources.config.onset_min_sessions)
    return Morning(as_of, people.assign(phase=people["school_id"].map(phases_of(sources))), absence)


def tells_absence(sources: Sources, as_of: date) -> bool:
    """Tell whether enough sessions lie between the start of the school year and a morning."""
    days = trust_calendar(sources.calendars).days
    held = (days >= np.datetime64(year_start(school_year(as_of)))) & (days < np.datetime64(as_of))
    return bool(2 * held.sum() >= sources.config.onset_min_sessions)


def last_day_if_over(sources: Sources, year: int) -> date | None:
    """Return the last school day of a school year that is over; None if it is not, or is not known.

    Where no plan says how the year goes on, it is over when the next one has begun.
    """
    calendar, today = trust_calendar(sources.calendars), sources.store.today
    last = calendar.last_day_of_year(year)
    over = last is not None and (last <= today if calendar.planned else year < school_year(today))
    return last if over else None


def groups_of(people: pd.DataFrame, fairness: Fairness, too_few: TooFew) -> Mapping[str, Strings]:
    """Return each person's group in the usual columns and the config's, and in pairs that the config asks for.

    too_few : tells of the rows that are not recorded in a column whether they are counted with the largest group, as
              the policy has it where someone could be recognised.
    """
    columns = dict.fromkeys((*ALWAYS, *fairness.groups, *(each for pair in fairness.intersections for each in pair)))
    wanted = Fairness(groups=tuple(name for name in columns if name != _NAMES_A_SCHOOL), intersections=())
    single = group_columns(people, wanted, too_few).labels
    single = {name: labels for name, labels in single.items() if (labels != NOT_RECORDED).any()}
    return single | {
        TIMES.join(pair): together([single[name] for name in pair])
        for pair in fairness.intersections
        if all(name in single for name in pair)
    }


def together(labels: Sequence[Strings]) -> Strings:
    """Return the label of each person in several columns at once.

    >>> together([np.array(["yes", "no"]), np.array(["K", "N"])]).tolist()
    ['yes × K', 'no × N']
    """
    code = np.zeros(len(labels[0]), np.int64)
    for each in labels:
        own, names = pd.factorize(each)
        code = code * max(len(names), 1) + own
    _, first, code = np.unique(code, return_index=True, return_inverse=True)
    words = [TIMES.join(str(each[row]) for each in labels) for row in first.tolist()]
    return np.array(words, dtype=np.str_)[code]
