"""The audit at a glance: who is missed more, and whether to worry, on the list that matters most.

In:  an audit (`audit.json`).
Out: one row a single group: of 100 people with the outcome how many are missed, of 100 listed how many are
     listed in vain, and in words whether the difference to the largest group is more than chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earlywarn.audit.groups import TIMES
from earlywarn.audit.words import in_100, list_words, phrase_of
from earlywarn.disclosure import HIDDEN
from earlywarn.report.charts import capital
from earlywarn.report.words import known

# The early warning that schools lack, or else the only list.
MAIN_LISTS = ("onset", "everyone")
NOTHING = "–"
Record = Mapping[str, Any]


@dataclass(frozen=True)
class GlanceRow:
    """One group; `alarm` stands out, `worse` says that it is to the group's disadvantage."""

    group: str
    missed: str
    in_vain: str
    verdict: str
    alarm: bool


def main_list_of(audit: Record) -> str:
    """Return the list on which the audit dwells."""
    there = dict.fromkeys(row["population"] for row in audit["rows"])
    return next((name for name in (*MAIN_LISTS, *there) if name in there), "")


def glance(audit: Record) -> tuple[GlanceRow, ...]:
    """Return every single group of the main list, the one that others are compared with first of its kind."""
    main = main_list_of(audit)
    rows = {(row["group_by"], row["group"], row["measure"]): row for row in _of_model(audit["rows"], main)}
    gaps = {(gap["group_by"], gap["group"], gap["measure"]): gap for gap in _of_model(audit["gaps"], main)}
    elsewhere = [gap for gap in audit["gaps"] if gap.get("alarm") and gap["population"] != main]
    against = {gap["group_by"]: gap["against"] for gap in gaps.values()}
    groups = dict.fromkeys((by, group) for by, group, _ in rows if TIMES not in by)
    order = list(dict.fromkeys(by for by, _ in groups))
    in_order = sorted(groups, key=lambda one: (order.index(one[0]), one[1] != against.get(one[0])))
    return tuple(
        _row(by, group, rows, gaps, against.get(by), [gap for gap in elsewhere if _whose(gap) == (by, group)])
        for by, group in in_order
    )


def _whose(gap: Record) -> tuple[str, str]:
    return gap["group_by"], gap["group"]


def _of_model(found: Sequence[Record], population: str) -> list[Record]:
    return [one for one in found if one["contender"] == "model" and one["population"] == population]


def _row(
    by: str,
    group: str,
    rows: Mapping[Any, Record],
    gaps: Mapping[Any, Record],
    against: str | None,
    elsewhere: Sequence[Record],
) -> GlanceRow:
    """Return one group; `elsewhere` are its alarms on other lists."""
    recall, false_alarms = (rows.get((by, group, measure), {}) for measure in ("recall", "false_alarms"))
    mine = [gaps[by, group, measure] for measure in ("recall", "false_alarms") if (by, group, measure) in gaps]
    alarm = any(gap.get("alarm") for gap in mine) or bool(elsewhere)
    verdict = "the group that others are compared with" if group == against else _verdict(mine)
    others = [f"On {list_words(gap['population'])}: {_alarm(gap)}" for gap in elsewhere]
    name = capital(phrase_of(by, group))
    shown = _people(recall, other_way=True), _people(false_alarms)
    return GlanceRow(name, *shown, ". ".join([verdict, *others]), alarm)


def _people(row: Record, *, other_way: bool = False) -> str:
    """Return a share as people of 100, or the other way round: those who are not in it."""
    if (value := known(row.get("value"))) is None:
        return HIDDEN if row.get("status") == "suppressed" else NOTHING
    return str(in_100(1 - value if other_way else value))


def _verdict(gaps: Sequence[Record]) -> str:
    """Return whether to worry about a group: its alarms, or else what is known of the difference in those missed."""
    if alarms := [_alarm(gap) for gap in gaps if gap.get("alarm")]:
        return capital("; ".join(alarms))
    recall = next((gap for gap in gaps if gap["measure"] == "recall"), None)
    if recall is None or recall.get("status") == "suppressed":
        return "Not shown: someone could be recognised" if recall else "Cannot be told: too few people"
    low, high, smallest = (known(recall.get(key)) for key in ("low", "high", "smallest_shown"))
    if low is None or high is None:
        return f"Cannot be told: {recall.get('why') or 'too few people'}"
    if low > 0 or high < 0:
        return f"Perhaps missed {'less' if low > 0 else 'more'}: among so many comparisons it may be chance"
    could = "" if smallest is None else f"; one of less than {in_100(smallest)} in 100 would probably not have shown"
    return f"The difference may be chance{could}"


def _alarm(gap: Record) -> str:
    worse = bool(gap.get("worse"))
    if gap["measure"] == "recall":
        return "missed more often" if worse else "missed less often, so that the others are missed more"
    return "listed in vain more often" if worse else "listed in vain less often, so that the others are more"
