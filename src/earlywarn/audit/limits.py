"""Limits on gaps: what the config asks of a model before it may be promoted.

In:  an audit, and the limits of the config (`fairness.limits`).
Out: for each limit "met", "not met" or "cannot be told", with the reason in words.

A limit is on how much worse a group may fare than the one it is compared with: fewer found (recall), or more
listed in vain (false alarms). It is *met* when the gap lies under the limit with the certainty asked for,
*not met* when it lies above with that certainty, both by a one-sided interval; between the two, and where too few
people stand behind it, it *cannot be told*. A limit that cannot be told is not met.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from scipy.special import stdtrit

from earlywarn.audit.gaps import MODEL
from earlywarn.audit.rows import GapRow, Key
from earlywarn.audit.words import in_100, list_words, more_or_fewer, phrase_of
from earlywarn.config import Fairness, Limit

if TYPE_CHECKING:
    from earlywarn.audit.audit import Audit

Verdict = Literal["met", "not met", "cannot be told"]
DECIMALS = 6


@dataclass(frozen=True)
class LimitResult:
    """A limit, and whether the model keeps it.

    value : by how much worse the group fares, in shares; below 0 it fares better. None if not known, or hidden.
    bound : what that lies under, with the certainty asked for; None likewise.
    asked, found, judged : the same in words; `found` is empty where numbers are hidden.
    """

    limit: Limit
    verdict: Verdict
    value: float | None
    bound: float | None
    asked: str
    found: str
    judged: str

    @property
    def words(self) -> str:
        """Return the limit and its verdict as sentences."""
        return " ".join(filter(None, (self.asked, self.found, self.judged)))

    def as_dict(self) -> dict[str, Any]:
        """Return the result for `audit.json`."""
        numbers = {"value": self.value, "bound": self.bound}
        shown = {name: None if number is None else round(number, DECIMALS) for name, number in numbers.items()}
        return self.limit.model_dump() | {"verdict": self.verdict} | shown | {"words": self.words}


_JUDGED: dict[Verdict, str] = {
    "met": "The limit is met.",
    "not met": "The limit is not met.",
    "cannot be told": "Whether the limit is met cannot be told from these data.",
}


def check_limits(audit: "Audit", fairness: Fairness) -> tuple[LimitResult, ...]:
    """Return what becomes of each limit, in an audit of which nothing was hidden."""
    return tuple(_check(limit, audit.gaps, audit.about.noun) for limit in fairness.limits)


def shared_limits(results: Sequence[LimitResult], hidden: Callable[[Key], bool]) -> tuple[LimitResult, ...]:
    """Return the verdicts, without the numbers of groups that are hidden: a verdict counts nobody."""
    return tuple(
        replace(each, value=None, bound=None, found="", judged=_JUDGED[each.verdict])
        if hidden(_key(each.limit))
        else each
        for each in results
    )


def _check(limit: Limit, gaps: Sequence[GapRow], noun: str) -> LimitResult:
    asked = _asked(limit, noun)
    gap = next((gap for gap in gaps if gap.key == _key(limit)), None)
    if gap is None or gap.value is None or gap.error is None:
        why = gap.why or "there is no interval" if gap else "the audit holds no such comparison"
        return LimitResult(limit, "cannot be told", None, None, asked, "", f"This cannot be told: {why}.")
    worse = -gap.value if limit.measure == "recall" else gap.value
    margin = float(stdtrit(gap.freedom, limit.certainty)) * gap.error
    verdict: Verdict = (
        "met" if worse + margin <= limit.at_most else "not met" if worse - margin > limit.at_most else "cannot be told"
    )
    found = f"Found: {more_or_fewer(worse)}, against {noun} {phrase_of(limit.group_by, gap.against)}."
    judged = _JUDGED[verdict]
    if verdict == "cannot be told":
        judged = f"{judged[:-1]}: the true difference may be as large as {in_100(worse + margin)} in 100."
    return LimitResult(limit, verdict, worse, worse + margin, asked, found, judged)


def _key(limit: Limit) -> Key:
    return Key(limit.list, limit.group_by, limit.group, MODEL, limit.measure)


def _asked(limit: Limit, noun: str) -> str:
    """Return the limit as a sentence."""
    group, on = phrase_of(limit.group_by, limit.group), list_words(limit.list)
    whom, what = {
        "recall": (f"who have the outcome, {on} may miss", ""),
        "false_alarms": (f"on {on},", " may be listed in vain"),
    }[limit.measure]
    return (
        f"Asked, with a certainty of {in_100(limit.certainty)}%: of 100 {noun} {group} {whom} at most "
        f"{in_100(limit.at_most)} more{what} than of 100 others."
    )
