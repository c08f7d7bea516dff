"""The plan of dates and folds, drawn: when the model stood, when outcomes settled, how settings were chosen.

In:  `dates` of a training run (as_of, role, window, closes_on, people, outcomes, why), and the folds of its `plan`.
Out: a chart with a row a date, another with a row a fold, and both as tables.
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
class FoldRow:
    """One fold: the dates and people it learns on, and those it is tried on."""

    name: str
    train_dates: str
    train: str
    test_dates: str
    test: str


@dataclass(frozen=True)
class FoldPlan:
    chart: Chart
    rows: tuple[DateRow, ...]
    folds_go: str
    folds_chart: Chart | None
    folds: tuple[FoldRow, ...]
    held_out: str


def fold_plan(dates: Sequence[Mapping[str, Any]], plan: Mapping[str, Any]) -> FoldPlan | None:
    """Return the plan, or None when there is no date to draw."""
    if not dates:
        return None
    axis = _calendar([_date(one[key]) for one in dates for key in ("as_of", "window_end", "closes_on") if one.get(key)])
    says = (
        "The upright mark is the day on which the model stands; it knows only what was known before. "
        "The bar is the outcome window, the pale end the days until its outcomes count as settled."
    )
    chart = Chart("Dates of training and test", says, tuple(_row(axis, one) for one in dates), svg.scale(axis))
    folds = plan.get("folds") or ()
    return FoldPlan(
        chart, tuple(_table_row(one) for one in dates), plan.get("folds_go") or "", _folds_chart(axis, folds),
        tuple(_fold_row(place, fold) for place, fold in enumerate(folds, start=1)), plan.get("held_out") or "",
    )  # fmt: skip


def _folds_chart(axis: svg.Axis, folds: Sequence[Mapping[str, Any]]) -> Chart | None:
    """Draw the dates of each fold; folds by school share theirs, and a drawing would say nothing."""
    if all(fold["train_dates"] == fold["test_dates"] for fold in folds):
        return None
    rows = [
        Row(f"Fold {place}", svg.marks(axis, _marked(fold)), f"{number(fold['test_people'], 'count')} people tried on")
        for place, fold in enumerate(folds, start=1)
    ]
    says = "A ring is a date whose people the fold learns on, a dot a date whose people it is tried on."
    return Chart("Folds for choosing the settings", says, tuple(rows), svg.scale(axis))


def _marked(fold: Mapping[str, Any]) -> list[tuple[float, str]]:
    train, test = set(fold["train_dates"]), set(fold["test_dates"])
    kinds = {day: "both" if day in train & test else "test" if day in test else "training" for day in train | test}
    return [(_ordinal(day), kinds[day]) for day in sorted(kinds)]


def _fold_row(place: int, fold: Mapping[str, Any]) -> FoldRow:
    def people(part: str) -> str:
        all_of_them, outcomes = (number(fold[f"{part}_{counted}"], "count") for counted in ("people", "outcomes"))
        return f"{all_of_them} ({outcomes} with the outcome)"

    def dates(part: str) -> str:
        return ", ".join(day(one) for one in fold[f"{part}_dates"])

    return FoldRow(f"Fold {place}", dates("train"), people("train"), dates("test"), people("test"))


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
