"""The model by school, year group, date, phase and role: where it works better or worse than elsewhere.

In:  `by` of a training run, small numbers already hidden.
Out: for each kind of group a table that draws one measure, a column for each population on one scale, and
     tables with all measures in numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from earlywarn.disclosure import HIDDEN
from earlywarn.report import svg
from earlywarn.report.charts import capital
from earlywarn.report.contest import POPULATIONS
from earlywarn.report.words import day, known, measure_words, number, value_and_interval, with_interval

KINDS: Mapping[str, tuple[str, str]] = {
    "school": ("By school", "School"),
    "year_group": ("By year group", "Year group"),
    "as_of": ("By date", "The model stands on"),
    "phase": ("By phase", "Phase"),
    "role": ("By role", "Role"),
}
MEASURES = ("auc", "average_precision", "precision", "recall", "observed_over_expected", "calibration_slope")
MOST_DRAWN = 30  # groups; the tables have all
_DRAWN_WITHIN = {"auc": (0.4, 1.0), "observed_over_expected": (0.5, 2.0)}  # a tiny school must not set the scale
_REFERENCE = {"observed_over_expected": 1.0}

Row = Mapping[str, Any]
Groups = Mapping[str, Mapping[str, Row]]  # group -> measure -> row


@dataclass(frozen=True)
class DrawnGroup:
    """One group: for each population the strip that is drawn, and the same in words."""

    name: str
    cells: tuple[tuple[Markup, str], ...]


@dataclass(frozen=True)
class GroupRow:
    """One group in numbers; `cells` are value and interval of each measure."""

    name: str
    people: str
    positives: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GroupTable:
    """One population in numbers."""

    population: str
    title: str
    measures: tuple[str, ...]
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True)
class Breakdown:
    """One kind of group."""

    key: str
    title: str
    head: str
    says: str
    populations: tuple[str, ...]
    drawn: tuple[DrawnGroup, ...]
    scale: Markup
    tables: tuple[GroupTable, ...]


def breakdowns(facts: Mapping[str, Any], drawn: str, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Breakdown, ...]:
    """Return the chosen kinds that the run has, with one measure drawn."""
    by: Mapping[str, Sequence[Row]] = facts.get("by") or {}
    return tuple(_breakdown(kind, by[kind], drawn) for kind in kinds if by.get(kind))


def _breakdown(kind: str, rows: Sequence[Row], drawn: str) -> Breakdown:
    populations: dict[str, Groups] = {name: _groups(rows, name) for name in POPULATIONS}
    populations = {name: groups for name, groups in populations.items() if groups}
    names, axis = _names(populations, drawn), _axis(populations, drawn)
    everyone = {name for groups in populations.values() for name in groups}
    return Breakdown(
        kind,
        *KINDS[kind],
        says="" if len(names) == len(everyone) else "Drawn are the highest and the lowest; the tables have all.",
        populations=tuple(POPULATIONS[name][0] for name in populations),
        drawn=tuple(DrawnGroup(_named(kind, name), _cells(populations, name, drawn, axis)) for name in names),
        scale=svg.scale(axis),
        tables=tuple(_table(kind, name, groups) for name, groups in populations.items()),
    )


def _groups(rows: Sequence[Row], population: str) -> Groups:
    groups: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row["population"] == population:
            groups.setdefault(row["group"], {})[row["measure"]] = row
    return groups


def _named(kind: str, group: str) -> str:
    if kind == "as_of":
        return day(group)
    return f"Year {group}" if kind == "year_group" and group.isdecimal() else capital(group)


def _names(populations: Mapping[str, Groups], drawn: str) -> list[str]:
    """Return the groups to draw: all, or of many the highest and the lowest in the first population."""
    names = list(dict.fromkeys(name for groups in populations.values() for name in groups))
    if len(names) <= MOST_DRAWN:
        return names
    first = next(iter(populations.values()))
    values = {name: known(first[name].get(drawn, {}).get("value")) for name in names if name in first}
    ranked = sorted((value, name) for name, value in values.items() if value is not None)
    half = MOST_DRAWN // 2
    chosen = ranked if len(ranked) <= MOST_DRAWN else ranked[:half] + ranked[-half:]
    return [name for _, name in reversed(chosen)]


def _axis(populations: Mapping[str, Groups], drawn: str) -> svg.Axis:
    """Return one scale for all populations, so that their columns can be compared."""
    least, most = _DRAWN_WITHIN[drawn]
    rows = [group[drawn] for groups in populations.values() for group in groups.values() if drawn in group]
    values = [known(row.get(part)) for row in rows for part in ("value", "low", "high")]
    held = [min(max(value, least), most) for value in values if value is not None]
    reference = _REFERENCE.get(drawn, most)
    return _thinned(svg.axis_for([*held, reference] if held else [least, most], share=False), reference)


def _thinned(axis: svg.Axis, kept: float) -> svg.Axis:
    """Return the axis with a label at every second tick, `kept` among them: a column is narrow."""
    nearest = min(range(len(axis.ticks)), key=lambda place: abs(axis.ticks[place][0] - kept))
    ticks = [(at, label if (place - nearest) % 2 == 0 else "") for place, (at, label) in enumerate(axis.ticks)]
    return svg.Axis(axis.low, axis.high, tuple(ticks))


def _cells(populations: Mapping[str, Groups], name: str, drawn: str, axis: svg.Axis) -> tuple[tuple[Markup, str], ...]:
    cells = []
    for groups in populations.values():
        row = groups.get(name, {}).get(drawn) or {}
        value, low, high = (known(row.get(part)) for part in ("value", "low", "high"))
        strip = svg.dot(axis, value, low, high, "model", reference=_REFERENCE.get(drawn))
        cells.append((strip, with_interval(row)))
    return tuple(cells)


def _table(kind: str, population: str, groups: Groups) -> GroupTable:
    measures = [key for key in MEASURES if any(key in group for group in groups.values())]
    rows = tuple(_row(_named(kind, name), group, measures) for name, group in groups.items())
    labels = tuple(measure_words(key).label for key in measures)
    return GroupTable(population, POPULATIONS[population][0], labels, rows)


def _row(name: str, group: Mapping[str, Row], measures: Sequence[str]) -> GroupRow:
    first = next(iter(group.values()))
    n, positives = (HIDDEN if first.get(part) is None else number(first[part], "count") for part in ("n", "positives"))
    cells = tuple(value_and_interval(group.get(key), measure_words(key).kind) for key in measures)
    return GroupRow(name, n, positives, cells)
