"""What stands behind the gaps, on the audit's page: other lengths of list, dates, risks, why, and what could be done.

In:  the parts of `audit.json`: details, why, remedies.
Out: frozen tables and drawings; a number that is hidden or rests on too few people shows as a dash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from earlywarn.audit.remedies import WAYS
from earlywarn.audit.words import phrase_of
from earlywarn.report import svg
from earlywarn.report.charts import Chart, Dot, capital, dot_chart
from earlywarn.report.lines import STROKES, Plane, lines, numbered, swatch
from earlywarn.report.words import difference, difference_interval, known, number, percent

NOTHING = "–"
_SHOWN_LENGTHS = (0.01, 0.03, 0.05, 0.10, 0.20, 0.30)
_PARTS = {
    "base_rates": "Base rates",
    "rating": "How the model rates them",
    "telling_apart": "How it tells them apart",
    "silence": "Silence in the survey (counted apart)",
}
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Lengths:
    """Recall of each group as the list grows: a drawing, the strokes of its lines, and the same as a table."""

    drawing: Markup
    legend: tuple[tuple[Markup, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Table:
    """A small table: heads, and rows of a head and cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Frontier:
    """What could be done for one group: a drawing of gap against people found, and the same as a table."""

    title: str
    drawing: Markup
    rows: tuple[tuple[str, ...], ...]


def of_kind(details: Sequence[Record], kind: str, population: str, by: str) -> list[Record]:
    """Return the details of one kind about the model's list and one grouping."""
    return [
        one for one in details
        if (one["kind"], one["population"], one["group_by"], one["contender"]) == (kind, population, by, "model")
    ]  # fmt: skip


def lengths(details: Sequence[Record], name: str) -> Lengths | None:
    """Return recall over lengths of list; None where no group has two lengths to draw."""
    recall = [one for one in details if one["measure"] == "recall"]
    series = {group: _points(mine) for group, mine in _by_group(recall).items()}
    drawn = {group: points for group, points in series.items() if len(points) > 1}
    if not drawn:
        return None
    groups = sorted(drawn, key=lambda group: -len(drawn[group]))[: len(STROKES)]
    by = recall[0]["group_by"]
    plane = Plane(_LENGTH_AXIS, svg.WHOLE, ("places, as a share of the roll", "found"))
    title = "How many are found as the list grows"
    says = "; ".join(f"{phrase_of(by, group)}: {percent(drawn[group][-1][1])} at 30%" for group in groups)
    legend = tuple((swatch(place), capital(phrase_of(by, group))) for place, group in enumerate(groups))
    drawing = lines(name, title, says, plane, [drawn[group] for group in groups])
    shown = [one for one in recall if one["at"] in _SHOWN_LENGTHS]
    table = _table(shown, by, [percent(at) for at in _SHOWN_LENGTHS])
    return Lengths(drawing, legend, table.heads, table.rows)


_LENGTH_AXIS = svg.Axis(0.0, 0.3, ((0.0, "0%"), (0.05, "5%"), (0.1, "10%"), (0.2, "20%"), (0.3, "30%")))


def _points(mine: Sequence[Record]) -> list[tuple[float, float]]:
    return [(one["at"], one["value"]) for one in mine if known(one["value"]) is not None]


def _by_group(found: Sequence[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for one in found:
        groups.setdefault(one["group"], []).append(one)
    return groups


def dates(details: Sequence[Record], by: str) -> Table | None:
    """Return recall on each as-of date; None with one date."""
    recall = [one for one in details if one["measure"] == "recall"]
    heads = list(dict.fromkeys(str(one["at"]) for one in recall))
    return _table(recall, by, heads) if len(heads) > 1 else None


def _table(found: Sequence[Record], by: str, heads: Sequence[str]) -> Table:
    rows = tuple(
        (capital(phrase_of(by, group)), tuple(_share(one["value"]) for one in mine))
        for group, mine in _by_group(found).items()
    )
    return Table(tuple(heads), rows)


def _share(value: object) -> str:
    return NOTHING if known(value) is None else percent(float(known(value) or 0.0))


def risks(details: Sequence[Record], by: str) -> Chart | None:
    """Return where the risks of each group lie: the middle, on the line from the first to the last tenth."""
    dots = []
    for group, mine in _by_group(details).items():
        at = {round(float(one["at"]), 1): known(one["value"]) for one in mine}
        low, middle, high = at.get(0.1), at.get(0.5), at.get(0.9)
        if low is None or middle is None or high is None:
            words = NOTHING
        else:
            words = f"{percent(middle)} (from {percent(low)} to {percent(high)})"
        dots.append(Dot(capital(phrase_of(by, group)), middle, low, high, words))
    if not any(dot.value is not None for dot in dots):
        return None
    says = "Half of the group have a higher risk than the dot; one in ten lies beyond each end of the line."
    return dot_chart("How the model spreads their risks", says, dots, axis=svg.WHOLE)


def why_table(parts: Sequence[Record], population: str, by: str) -> Table | None:
    """Return the parts of each gap in recall, with intervals; None where nothing could be divided."""
    mine = [
        part for part in parts
        if (part["population"], part["group_by"], part["measure"]) == (population, by, "recall")
        and known(part["value"]) is not None
    ]  # fmt: skip
    names = [name for name in _PARTS if any(part["part"] == name for part in mine)]
    rows = tuple(
        (capital(phrase_of(by, group)), tuple(_part({p["part"]: p for p in found}.get(name)) for name in names))
        for group, found in _by_group(mine).items()
    )
    return Table(tuple(_PARTS[name] for name in names), rows) if rows else None


def _part(part: Record | None) -> str:
    """Return one part in points of recall, with its interval."""
    if part is None:
        return NOTHING
    interval = difference_interval(part, "share")
    return f"{difference(part['value'], 'share')}{f' ({interval})' if interval else ''}"


def frontiers(remedies: Sequence[Record]) -> tuple[Frontier, ...]:
    """Return what could be done, group by group."""
    groups = list(dict.fromkeys((one["group_by"], one["group"]) for one in remedies))
    return tuple(
        _frontier([one for one in remedies if (one["group_by"], one["group"]) == group], f"remedy-{place}")
        for place, group in enumerate(groups)
    )


def _frontier(ways: Sequence[Record], name: str) -> Frontier:
    first = ways[0]
    by, group, against = first["group_by"], first["group"], first["against"]
    title = capital(f"{phrase_of(by, group)}, against {phrase_of(by, against)}")
    points = [
        ((way["found"], -100 * way["gap"]), str(place), "model" if way["contender"] == "model" else "")
        for place, way in enumerate(ways, 1)
        if known(way["gap"]) is not None and known(way["found"]) is not None
    ]
    found, gaps = ([point[0][axis] for point in points] for axis in (0, 1))
    plane = Plane(_whole(found), _whole([0.0, *gaps]), ("people found on the whole list", "more missed of 100"))
    says = "; ".join(f"{place}: {WAYS.get(way['contender'], way['contender'])}" for place, way in enumerate(ways, 1))
    rows = tuple(_way(place, way) for place, way in enumerate(ways, 1))
    return Frontier(title, numbered(name, title, says, plane, points), rows)


def _whole(values: Sequence[float]) -> svg.Axis:
    """Return a scale in whole numbers."""
    axis = svg.axis_for([min(values), max(max(values), min(values) + 5)], share=False)
    ticks = tuple((at, f"{at:g}".replace("-", "−")) for at, _ in axis.ticks)
    return svg.Axis(axis.low, axis.high, ticks)


def _way(place: int, way: Record) -> tuple[str, ...]:
    """Return a way's row: number, words, the gap it leaves, people found, and how many more than now."""
    gap = {"value": way["gap"], "low": way["gap_low"], "high": way["gap_high"]}
    left = f"{difference(gap['value'], 'share')} ({difference_interval(gap, 'share') or 'no interval'})"
    more, low, high = (known(way[key]) for key in ("more", "more_low", "more_high"))
    change = NOTHING if way["contender"] == "model" or more is None else f"{more:+.0f}".replace("-", "−")
    if change != NOTHING and low is not None and high is not None:
        change += f" ({low:+.0f} to {high:+.0f})".replace("-", "−")
    return (
        str(place),
        capital(WAYS.get(way["contender"], way["contender"])),
        left,
        number(way["found"], "count"),
        change,
    )
