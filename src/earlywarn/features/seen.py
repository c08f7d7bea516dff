"""What one school knew on one morning: everything a feature may be computed from.

Nothing in a `Seen` was known on or after `as_of`: it is filled by `features.gather`, from
slices of the register that end before the date and relations that hold only rows known by
then. All arrays have one row a person of the cohort, in its order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.features.feature import Floats
from earlywarn.features.history import History
from earlywarn.features.waves import WavesSeen


@dataclass(frozen=True)
class Dated:
    """Dated rows of people: row of the cohort, day, kind, amount (NaN where none was given)."""

    row: NDArray[np.int64]
    day: NDArray[np.datetime64]
    kind: NDArray[np.str_]
    amount: Floats

    def count(self, people: int, since: date, kind: str | None = None) -> Floats:
        """Return how many rows each person has since a day, of one kind or of all."""
        chosen = self.day >= np.datetime64(since)
        if kind is not None:
            chosen &= self.kind == kind
        return np.bincount(self.row[chosen], minlength=people).astype(np.float32)

    def total(self, people: int, since: date) -> Floats:
        """Return the sum of amounts since a day."""
        chosen = self.day >= np.datetime64(since)
        return np.bincount(self.row[chosen], np.nan_to_num(self.amount[chosen]), minlength=people).astype(np.float32)


@dataclass(frozen=True)
class Seen:
    """What one school knew before `as_of`."""

    as_of: date
    school_id: str
    people: pd.DataFrame
    usable: frozenset[str]  # columns of `people` that were known before the date, or are fixed
    history: History | None = None
    surveys: Mapping[str, WavesSeen] = field(default_factory=dict)
    staff_views: Mapping[str, WavesSeen] = field(default_factory=dict)  # a row each of the school's staff
    events: Dated | None = None
    absence_spells: Dated | None = None
    left_last_year: int = 0  # staff who left the school in the year before the date
    next_notice_date: date | None = None
    _groups: dict[tuple[str, ...], NDArray[np.int64]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _texts: dict[str, NDArray[np.object_]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        return len(self.people)

    def column(self, name: str) -> Floats:
        """Return a column of the people as numbers; NaN where it was not known before the date."""
        if name not in self.people:
            return np.full(self.size, np.nan, np.float32)
        known = self.people["dated"].to_numpy(bool) | (name in self.usable)
        values = pd.to_numeric(self.people[name], errors="coerce").to_numpy(np.float32, na_value=np.nan)
        return np.where(known, values, np.nan).astype(np.float32)

    def is_level(self, name: str, level: str) -> Floats:
        """Return 1 where a column has a level, 0 where it has another or none; NaN where it was not known."""
        known = self.people["dated"].to_numpy(bool) | (name in self.usable)
        return np.where(known, self._text(name) == level, np.nan).astype(np.float32)

    def _text(self, name: str) -> NDArray[np.object_]:
        """Return a column as text, once for all of its levels."""
        if name not in self._texts:
            self._texts[name] = self.people[name].astype("string").fillna(NOT_RECORDED).to_numpy(object)
        return self._texts[name]

    def years_since(self, name: str) -> Floats:
        """Return the years from a date column to `as_of`."""
        days = (pd.Timestamp(self.as_of) - pd.to_datetime(self.people[name])).dt.days
        return (days / 365.25).to_numpy(np.float32, na_value=np.nan)

    def group(self, *names: str) -> NDArray[np.int64]:
        """Return a number for each group of people who share these columns (a missing value is a group)."""
        if names not in self._groups:
            found = np.zeros(self.size, np.int64)
            for name in names:
                level, levels = pd.factorize(self.people[name], use_na_sentinel=False)
                _, found = np.unique(found * len(levels) + level, return_inverse=True)
            self._groups[names] = found
        return self._groups[names]

    @cached_property
    def everyone(self) -> NDArray[np.int64]:
        """Return one group for the whole school."""
        return np.zeros(self.size, np.int64)


NOT_RECORDED = "not recorded"


def mean_of_others(values: Floats, group: NDArray[np.int64]) -> Floats:
    """Return the mean of the others of one's group, leaving the person out; NaN without any.

    >>> mean_of_others(np.array([1, 3, 5], np.float32), np.array([0, 0, 0])).tolist()
    [4.0, 3.0, 2.0]
    """
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    total = np.bincount(group, filled)[group] - filled
    others = np.bincount(group, known)[group] - known
    mean: Floats = np.divide(total, others, out=np.full(len(values), np.nan), where=others > 0).astype(np.float32)
    return mean


def percentile_in_group(values: Floats, group: NDArray[np.int64]) -> Floats:
    """Return the share of one's group with a lower value, ties counted half; NaN for NaN.

    >>> percentile_in_group(np.array([1, 3, 5, 5], np.float32), np.array([0, 0, 0, 0])).tolist()
    [0.125, 0.375, 0.75, 0.75]
    """
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.lexsort((values[known], group[known]))]
    found = np.full(len(values), np.nan, np.float32)
    if not len(order):
        return found
    new_group = np.diff(group[order], prepend=-1) != 0
    tied = np.cumsum(new_group | (np.diff(values[order], prepend=np.nan) != 0)) - 1
    lower = np.flatnonzero(np.diff(tied, prepend=-1))[tied]  # where the run of equal values begins
    begins = np.flatnonzero(new_group)
    mine = np.cumsum(new_group) - 1
    size = np.diff(begins, append=len(order))[mine]
    found[order] = (lower - begins[mine] + np.bincount(tied)[tied] / 2) / size
    return found
