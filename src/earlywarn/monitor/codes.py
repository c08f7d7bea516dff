"""How each school uses the attendance codes: of the sessions not plainly attended, which share bears which code?

In:  the register, the cohort of one as-of date.
Out: school_id -> code -> share, over this school year's marks before the date. A code that fewer than 5 pupils of the
     school have, and whatever is left, is counted as `other`.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.disclosure import PERCENTAGE_FROM, SHOWN_FROM
from earlywarn.features.gather import Sources
from earlywarn.monitor.shares import DECIMALS
from earlywarn.register import Block
from earlywarn.terms import school_year, year_start

OTHER = "other"
_PLAINLY_PRESENT = ("/", "\\")
# The School Attendance (Pupil Registration) Regulations 2024 (SI 2024/208) split, renamed and joined codes: C1 and C2
# were C, J1 was J, K was B, and authorised holidays have been C since. A school that follows the law changed no habit.
NEW_CODES_FROM = date(2024, 8, 19)
_WAS_ONE = {"C1": "C", "C2": "C", "H": "C", "J1": "J", "K": "B"}
_FEWEST_SESSIONS = 100  # a share of fewer sessions says little of a school's habits


def code_use(sources: Sources, people: pd.DataFrame, as_of: date) -> dict[str, dict[str, float]]:
    """Return how the schools of a cohort use the codes; nothing of a school with too few such sessions or pupils."""
    if sources.register is None:
        return {}
    found = {}
    for school, here in people.groupby("school_id", sort=True):
        block = sources.register.blocks.get(str(school))
        if block is not None and (used := _of_school(block, pd.Index(here["person_id"]), as_of)):
            found[str(school)] = used
    return found


def is_across_new_codes(dates: Iterable[date]) -> bool:
    """Tell whether some dates, and so their school years, lie before the codes of August 2024, and others after.

    >>> is_across_new_codes([date(2024, 11, 4), date(2024, 7, 1)]), is_across_new_codes([date(2024, 11, 4)])
    (True, False)
    """
    return len({day >= NEW_CODES_FROM for day in dates}) > 1


def joined_codes(used: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the shares of each school with codes counted as one that were one on either side of August 2024.

    >>> joined_codes({"100001": {"C": 0.1, "C2": 0.2, "I": 0.7}})
    {'100001': {'C': 0.3, 'I': 0.7}}
    """
    return {school: _joined(shares) for school, shares in used.items()}


def _joined(shares: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for code, share in shares.items():
        was = _WAS_ONE.get(code, code)
        found[was] = round(found.get(was, 0.0) + share, DECIMALS)
    return found


def _of_school(block: Block, people: pd.Index, as_of: date) -> dict[str, float] | None:
    marks = block.as_known(as_of, anywhere=False).between(year_start(school_year(as_of)), as_of)
    mine = marks.marks[block.people.get_indexer(people)]
    sessions, pupils = _by_code(mine)
    all_sessions = sum(sessions.values())
    if all_sessions < _FEWEST_SESSIONS or len(people) < PERCENTAGE_FROM:
        return None
    shown = {code: count for code, count in sessions.items() if pupils[code] >= SHOWN_FROM}
    rest = all_sessions - sum(shown.values())
    return {code: round(count / all_sessions, DECIMALS) for code, count in {**shown, OTHER: rest}.items()}


def _by_code(marks: NDArray[np.uint8]) -> tuple[dict[str, int], dict[str, int]]:
    """Return, for each code that is possible and not plain presence, how many sessions and how many pupils have it."""
    sessions: dict[str, int] = {}
    pupils: dict[str, int] = {}
    for row in load_codes().rows:
        if not row.possible or row.code in _PLAINLY_PRESENT:
            continue
        theirs = (marks == row.number).sum(axis=1)
        if theirs.any():
            sessions[row.code] = sessions.get(row.code, 0) + int(theirs.sum())
            pupils[row.code] = pupils.get(row.code, 0) + int((theirs > 0).sum())
    return sessions, pupils
