"""Who is in which group: by year group, band of attendance and pupil group; of staff by role.

In:  the people of a cohort, and their absence so far.
Out: `Division`s, one group for each person.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.attendance_bands import BANDS, band_of
from earlywarn.audit.groups import NOT_RECORDED, TOLD, Strings, group_columns, labels_of
from earlywarn.benchmarks.record import EVERYONE
from earlywarn.config import Fairness
from earlywarn.disclosure import RESPONDENTS_FROM

Ints = NDArray[np.int64]

ATTENDANCE_BAND = "attendance_band"


@dataclass(frozen=True)
class Division:
    """One way of dividing people: `names` of the groups, and each person's group, (people,) int."""

    by: str
    names: tuple[str, ...]
    code: Ints


def everyone(size: int) -> Division:
    """Return one group of all."""
    return Division(EVERYONE, (EVERYONE,), np.zeros(size, np.int64))


def labels_of_pupils(people: pd.DataFrame, absence: NDArray[np.float32], fairness: Fairness) -> dict[str, Strings]:
    """Return pupils' year group, band of attendance so far, and the groups that the audit looks at.

    absence : (people,) share of possible sessions missed this year, NaN where not known.
    """
    school = np.unique(people["school_id"].to_numpy(str), return_inverse=True)[1]
    told = {column for group in fairness.groups for column in (group, TOLD[group].column if group in TOLD else "")}
    columns = [column for column in people if column in told and column != "school_id"]
    recorded = pd.DataFrame({column: few_joined(labels_of(people[column]), school) for column in columns})
    single = fairness.model_copy(update={"intersections": ()})
    return {
        "year_group": labels_of(people["year_group"]),
        ATTENDANCE_BAND: few_joined(attendance_bands(absence), school),
        **group_columns(recorded, single).labels,
    }


def few_joined(labels: Strings, school: Ints) -> Strings:
    """Count those not recorded with their school's largest group where they are under ten, as the policy has it.

    Hidden alone they could be taken from the school's total, so that a large group would have to be hidden with them.

    >>> few_joined(np.array(["yes", "no", "no", "not recorded"]), np.zeros(4, np.int64)).tolist()
    ['yes', 'no', 'no', 'no']
    """
    names, code = np.unique(labels, return_inverse=True)
    unknown = names == NOT_RECORDED
    size = np.bincount(school * len(names) + code, minlength=(int(school.max()) + 1) * len(names))
    size = size.reshape(-1, len(names))
    largest = np.where(unknown, 0, size).argmax(axis=1)
    few = (size[:, unknown].sum(axis=1) < RESPONDENTS_FROM) & (np.where(unknown, 0, size).max(axis=1) > 0)
    joined: Strings = names[np.where(unknown[code] & few[school], largest[school], code)]
    return joined


def divisions(labels: Mapping[str, Strings]) -> tuple[Division, ...]:
    """Return the divisions that tell people apart; the year group always."""
    return tuple(divided(by, each) for by, each in labels.items() if by == "year_group" or len(np.unique(each)) > 1)


def divided(by: str, labels: Strings) -> Division:
    """Return the division that labels make."""
    names, code = np.unique(labels, return_inverse=True)
    return Division(by, tuple(names.tolist()), code.astype(np.int64))


def attendance_bands(absence: NDArray[np.float32]) -> Strings:
    """Return each person's band of attendance.

    >>> attendance_bands(np.array([0.04, 0.1, 0.5, np.nan], np.float32)).tolist()
    ['over 95%', 'over 85% to 90%', '80% or less', 'not recorded']
    """
    return np.array((*BANDS, NOT_RECORDED))[band_of(absence)]  # a place of -1 is the last


def below_line(bands: Strings) -> Strings:
    """Return whether each band of attendance lies at or below 90%, where persistent absence begins.

    >>> below_line(np.array(["over 95%", "80% or less", "not recorded"])).tolist()
    ['no', 'yes', 'not recorded']
    """
    return np.where(bands == NOT_RECORDED, NOT_RECORDED, np.where(np.isin(bands, BANDS[:2]), "no", "yes"))


def crossed(labels: Mapping[str, Strings], size: int) -> list[Ints]:
    """Return ever wider groups of people alike: in all of these columns, then without the last, down to the first.

    >>> [codes.tolist() for codes in crossed({"a": np.array(["x", "x", "y"]), "b": np.array(["p", "q", "q"])}, 3)]
    [[0, 1, 2], [0, 0, 1]]
    """
    found: list[Ints] = []
    code = np.zeros(size, np.int64)
    for each in labels.values():
        names, own = np.unique(each, return_inverse=True)
        code = np.unique(code * len(names) + own, return_inverse=True)[1].astype(np.int64)
        found.append(code)
    return found[::-1]
