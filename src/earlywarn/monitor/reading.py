"""One thing that was held against its past: how far it moved, and from where on that is an alarm."""

from dataclasses import dataclass
from typing import Literal

from earlywarn.monitor.shares import DECIMALS

Kind = Literal["feature", "risk", "item", "answers", "code", "response"]
KINDS: tuple[Kind, ...] = ("feature", "risk", "item", "answers", "code", "response")


@dataclass(frozen=True)
class Reading:
    """One thing that was held against its past.

    name        : the feature, `questionnaire item`, the questionnaire, or the code.
    school      : its id; empty for the trust as a whole.
    now, before : what is compared, where it is one number: a mean answer out of 10, a share, the mean risk.
    moved       : a distance from 0 to 1, standard deviations of answers, or a difference of shares.
    limit       : from where on `moved`, either way, is an alarm.
    """

    kind: Kind
    name: str
    school: str
    now: float | None
    before: float | None
    moved: float
    limit: float
    alarm: bool


def reading(
    kind: Kind, name: str, moved: float, limit: float, *, school: str = "", now: float | None, before: float | None
) -> Reading:
    """Return a reading, rounded; an alarm where it moved further than its limit."""
    now, before = (None if each is None else round(each, DECIMALS) for each in (now, before))
    return Reading(
        kind, name, school, now, before, round(moved, DECIMALS), round(limit, DECIMALS), alarm=abs(moved) > limit
    )
