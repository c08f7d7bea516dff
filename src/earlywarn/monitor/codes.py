"""How each school uses the attendance codes: of the sessions not plainly attended, which share bears which code?

In:  the register, the cohort of one as-of date.
Out: school_id -> code -> share, over this school year's marks before the date, and how unsure it is. A code that fewer
     than 5 pupils of the school have, and whatever is left, is counted as `other`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.codes import NEW_CODES_FROM, load_codes
from earlywarn.disclosure import PERCENTAGE_FROM, SHOWN_FROM
from earlywarn.features.gather import Sources
from earlywarn.monitor.shares import DECIMALS
from earlywarn.register import Block
from earlywarn.terms import school_year, year_start

OTHER = "other"
_PLAINLY_PRESENT = ("/", "\\")
# The regulations of 2024 split, renamed and joined codes: C1 and C2 were C, J1 was J, K was B, and authorised holidays
# have been C since. A school that follows the law changed no habit.
_WAS_ONE = {"C1": "C", "C2": "C", "H": "C", "J1": "J", "K": "B"}
_FEWEST_SESSIONS = 100  # a share of fewer sessions says little of a school's habits


@dataclass(frozen=True)
class CodeUse:
    """school_id -> code -> share of the sessions not plainly attended; and its standard error, for pupils differ."""

    shares: dict[str, dict[str, float]]
    errors: dict[str, dict[str, float]]


def code_use(sources: Sources, people: pd.DataFrame, as_of: date) -> CodeUse:
    """Return how the schools of a cohort use the codes; nothing of a school with too few such sessions or pupils."""
    found = CodeUse({}, {})
    if sources.register is None:
        return found
    for school, here in people.groupby("school_id", sort=True):
        block = sources.register.blocks.get(str(school))
        if block is not None and (used := _of_school(block, pd.Index(here["person_id"]), as_of)):
            found.shares[str(school)], found.errors[str(school)] = used
    return found


def is_across_new_codes(dates: Iterable[date]) -> bool:
    """Tell whether some dates, and so their school years, lie before the codes of August 2024, and others after.

    >>> is_across_new_codes([date(2024, 11, 4), date(2024, 7, 1)]), is_across_new_codes([date(2024, 11, 4)])
    (True, False)
    """
    return len({day >= NEW_CODES_FROM for day in dates}) > 1


def joined_codes(used: Mapping[str, float]) -> dict[str, float]:
    """Return what a school's codes come to, with those counted as one that were one on either side of August 2024.

    >>> joined_codes({"C": 0.1, "C2": 0.2, "I": 0.7})
    {'C': 0.3, 'I': 0.7}
    """
    found: dict[str, float] = {}
    for code, number in used.items():
        was = _WAS_ONE.get(code, code)
        found[was] = round(found.get(was, 0.0) + number, DECIMALS)
    return found


def _of_school(block: Block, people: pd.Index, as_of: date) -> tuple[dict[str, float], dict[str, float]] | None:
    marks = block.as_known(as_of, anywhere=False).between(year_start(school_year(as_of)), as_of)
    used = _by_pupil(marks.marks[block.people.get_indexer(people)])
    every = np.sum([*used.values()], axis=0, initial=0)
    if every.sum() < _FEWEST_SESSIONS or len(people) < PERCENTAGE_FROM:
        return None
    shown = {code: theirs for code, theirs in used.items() if (theirs > 0).sum() >= SHOWN_FROM}
    shown[OTHER] = every - np.sum([*shown.values()], axis=0, initial=0)
    shares = {code: float(theirs.sum() / every.sum()) for code, theirs in shown.items()}
    errors = {code: _error(theirs, every, shares[code]) for code, theirs in shown.items()}
    return _round(shares), _round(errors)


def _by_pupil(marks: NDArray[np.uint8]) -> dict[str, NDArray[np.int64]]:
    """Return, for each code that is possible and not plain presence, (pupils,) sessions that bear it."""
    found: dict[str, NDArray[np.int64]] = {}
    for row in load_codes().rows:
        if row.possible and row.code not in _PLAINLY_PRESENT and (theirs := (marks == row.number).sum(axis=1)).any():
            found[row.code] = found.get(row.code, 0) + theirs
    return found


def _error(theirs: NDArray[np.int64], every: NDArray[np.int64], share: float) -> float:
    """Return the standard error of a ratio of sums over pupils (Cochran 1977, Sampling Techniques, section 6.4).

    A pupil's absences come in spells and share a reason, so that sessions are not drawn one by one.
    """
    return float(np.sqrt(np.square(theirs - share * every).sum()) / every.sum())


def _round(numbers: Mapping[str, float]) -> dict[str, float]:
    return {code: round(number, DECIMALS) for code, number in numbers.items()}
