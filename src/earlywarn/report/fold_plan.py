"""The plan of dates, drawn: when the model stood, over which days it was judged, when those settled.

In:  `dates` of a training run (as_of, role, window, closes_on, people, outcomes, why).
Out: a chart with a row a date, and the same as a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from earlywarn.report import svg
from earlywarn.report.charts import Chart, Row
from earlywarn.report.words import day, number

_ROLE_CLASS = {"training": "training", "test": "test"}


@dataclass(frozen=True)
class DateRow:
    as_of: str
    role: str
    window: str
    closes_on: str
    people: str
    outcomes: str
    why: str


@dataclass(frozen=True)
class FoldPlan:
    chart: Chart
    rows: tuple[DateRow, ...]


def fold_plan(dates: Sequence[Mapping[str, Any]]) -> FoldPlan | None:
    """Return the plan, or None when there is no date to draw."""
    if not dates:
        return None
    axis = _calendar([_date(one[key]) for one in dates for key in ("as_of", "window_end", "closes_on") if one.get(key)])
    says = (
        "The upright mark is the day on which the model stands; it knows only what was known before. "
        "The bar is the outcome window, the pale end the days until its outcomes count as settled."
    )
    chart = Chart("Dates of training and test", says, tuple(_row(axis, one) for one in dates), svg.scale(axis))
    return FoldPlan(chart, tuple(_table_row(one) for one in dates))


def _row(axis: svg.Axis, one: Mapping[str, Any]) -> Row:
    parts: list[tuple[float, float, str]] = []
    if one.get("window_start") and one.get("window_end"):
        end = _ordinal(one["window_end"])
        parts.append((_ordinal(one["window_start"]), end, "window"))
        if one.get("closes_on"):
            parts.append((end, max(end, _ordinal(one["closes_on"])), "settling"))
    drawn = svg.spans(axis, parts, _ordinal(one["as_of"]), _ROLE_CLASS.get(one["role"], "unused"))
    people = f"{number(one.get('people') or 0, 'count')} people" if one.get("people") is not None else ""
    return Row(day(one["as_of"]), drawn, people, one["role"], one["role"] == "test")


def _table_row(one: Mapping[str, Any]) -> DateRow:
    window = ""
    if one.get("window_start") and one.get("window_end"):
        window = f"{day(one['window_start'])} to before {day(one['window_end'])}"
    closes = day(one["closes_on"]) if one.get("closes_on") else ""
    people, outcomes = ("" if one.get(key) is None else number(one[key], "count") for key in ("people", "outcomes"))
    return DateRow(day(one["as_of"]), one["role"], window, closes, people, outcomes, one.get("why") or "")


def _calendar(days: Sequence[date]) -> svg.Axis:
    """Return a scale over whole months around the days, with a tick where a school year begins."""
    first, last = min(days), max(days)
    start = date(first.year, first.month, 1)
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    septembers = [date(year, 9, 1) for year in range(start.year, end.year + 1)]
    ticks = [(float(one.toordinal()), f"Sept {one.year}") for one in septembers if start <= one <= end]
    return svg.Axis(float(start.toordinal()), float(end.toordinal()), tuple(ticks))


def _ordinal(when: str | date) -> float:
    return float(_date(when).toordinal())


def _date(when: str | date) -> date:
    return date.fromisoformat(when) if isinstance(when, str) else when
