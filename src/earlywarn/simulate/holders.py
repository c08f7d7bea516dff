"""Who holds which post at a school: one entry a person and post, with what nobody sees of them.

In:  nothing; `staff.make_staff` fills it.
Out: `Holders`.
"""

from dataclasses import dataclass, fields
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from earlywarn.terms import Days

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

Role = Literal["teacher", "teaching assistant", "leader", "administration"]
Reason = Literal["resigned", "retired", "fixed-term-end"]

DAYS_A_YEAR = 365.25
NEVER = np.datetime64("NaT", "D")
_BANDS = np.array(["under 25", "25-34", "35-44", "45-54", "55 and over"])
_BAND_STARTS = np.array([25, 35, 45, 55])


@dataclass(frozen=True)
class Holders:
    """People in posts; all arrays have n entries along the first axis.

    number    : (n,) the person's number in the trust.
    post      : (n,) the post's number at its school; a post outlives those who hold it.
    role      : (n,) a `Role`; `subject` is empty for all but teachers of a secondary.
    tempo     : (n,) resignations a year that the post sees with a holder of middling age, service and morale.
    fte       : (n,) share of full time, 0 to 1.
    permanent : (n,) False for a fixed term.
    born      : (n,) day of birth.
    morale    : (n, 3 a year) standard normal, in each period of each simulated year; NaN before the person came.
    leaning   : (n, scales) standard normal, what sets the person's views of the job apart from each other.
    notice_on : (n,) day on which notice was given; NaT for those who stay, and so `leaves_on`, the last day in post.
    reason    : (n,) a `Reason`, empty for those who stay.
    """

    number: Ints
    school_id: Texts
    post: Ints
    role: Texts
    subject: Texts
    tempo: Floats
    fte: Floats
    permanent: Bools
    female: Bools
    born: Days
    joined_on: Days
    morale: Floats
    leaning: Floats
    notice_on: Days
    leaves_on: Days
    reason: Texts

    def __len__(self) -> int:
        return len(self.number)

    def rows(self, chosen: Bools | Ints) -> Self:
        """Return those chosen, by a mask or by place, as copies."""
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def age_on(self, day: np.datetime64 | Days) -> Floats:
        """Return (n,) ages in years."""
        return np.asarray((day - self.born).astype(np.int64) / DAYS_A_YEAR)

    def in_post(self, first: np.datetime64, last: np.datetime64) -> Bools:
        """Return (n,) whether the post was held on any day from `first` to `last`."""
        return np.asarray((self.joined_on <= last) & (np.isnat(self.leaves_on) | (self.leaves_on >= first)))


def age_bands(age: Floats) -> Texts:
    """Return the band of each age.

    >>> age_bands(np.array([34.9, 35.0])).tolist()
    ['25-34', '35-44']
    """
    return np.asarray(_BANDS[np.digitize(age, _BAND_STARTS)])


def joined(parts: list[Holders]) -> Holders:
    """Return the parts one after another."""
    return Holders(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Holders)))
