"""The decision curve: does acting on the risks do more good than acting on everyone, or on nobody?

In:  `decision_curves` of a training run: net benefit at each threshold, for everyone and each contender.
Out: a drawing a population, and the same as a table. Net benefit is shown for every 100 people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from earlywarn.report import svg
from earlywarn.report.charts import capital
from earlywarn.report.contest import POPULATIONS, contender_names
from earlywarn.report.words import known, per_hundred, per_hundred_interval, percent

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Line:
    """A line of the drawing: its name, its class in the style, where it runs."""

    label: str
    class_: str
    points: Points


@dataclass(frozen=True)
class DecisionCurve:
    """One population: the drawing, its legend, and rows of (threshold, acting on everyone, each contender)."""

    key: str
    title: str
    drawing: Markup
    lines: tuple[Line, ...]
    contenders: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


def decision_curves(facts: Mapping[str, Any]) -> tuple[DecisionCurve, ...]:
    """Return a curve for each population that has one."""
    curves: Mapping[str, Any] = facts.get("decision_curves") or {}
    return tuple(_curve(key, curves[key], contender_names(facts)) for key in POPULATIONS if curves.get(key))


def _curve(population: str, steps: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> DecisionCurve:
    contenders = [key for key in names if key in steps[0]["contenders"]]
    lines = [_line(capital(names[key]), key, [(_at(step), _worth(step, key)) for step in steps]) for key in contenders]
    x, y = _axes(lines, [_at(step) for step in steps])
    everyone = above([(_at(step), float(step["everyone"])) for step in steps], y.low)
    lines.append(Line("Acting on everyone", "everyone", everyone))
    lines.append(Line("Acting on nobody", "nobody", [(x.low, 0.0), (x.high, 0.0)]))
    title = POPULATIONS[population][0]
    return DecisionCurve(
        population, title, _drawing(population, title, lines, svg.Plot(x, y)), tuple(lines),
        tuple(capital(names[key]) for key in contenders), tuple(_row(step, contenders) for step in steps),
    )  # fmt: skip


def _at(step: Mapping[str, Any]) -> float:
    return float(step["threshold"])


def _worth(step: Mapping[str, Any], contender: str) -> float | None:
    return known(step["contenders"].get(contender, {}).get("value"))


def _line(label: str, class_: str, points: Sequence[tuple[float, float | None]]) -> Line:
    return Line(label, class_, [(x, y) for x, y in points if y is not None])


def _axes(lines: Sequence[Line], thresholds: Sequence[float]) -> tuple[svg.Axis, svg.Axis]:
    """Return scales that hold the contenders; what is far below nothing is cut off."""
    worth = [y for line in lines for _, y in line.points] or [0.0]
    top = max(*worth, 0.01)
    up = svg.axis_for([min(0.0, *worth), top], share=False)
    y = svg.Axis(up.low, up.high, tuple((at, per_hundred(at).removesuffix(".0")) for at, _ in up.ticks))
    low, high = min(thresholds), max(thresholds)
    step = 10 if high - low < 0.7 else 20
    return svg.Axis(low, high, tuple((t, percent(t)) for t in thresholds if round(100 * t) % step == 0)), y


def above(points: Points, floor: float) -> Points:
    """Return a falling line down to where it leaves the drawing.

    >>> above([(0.0, 1.0), (1.0, -1.0), (2.0, -3.0)], 0.0)
    [(0.0, 1.0), (0.5, 0.0)]
    """
    kept = [point for point in points if point[1] >= floor]
    if kept and len(kept) < len(points):
        (x0, y0), (x1, y1) = points[len(kept) - 1], points[len(kept)]
        kept.append((x0 + (x1 - x0) * (y0 - floor) / (y0 - y1), floor))
    return kept


def _drawing(population: str, title: str, lines: Sequence[Line], plot: svg.Plot) -> Markup:
    says = "; ".join(
        f"{line.label}: {', '.join(f'{per_hundred(y)} at {percent(x)}' for x, y in line.points)}"
        for line in lines
        if line.class_ not in ("everyone", "nobody")
    )
    drawn = [*plot.frame(("act from this risk on", "net benefit for every 100"))]
    for line in reversed(lines):  # the model lies on top
        drawn += plot.path(line.points, f"curve {line.class_}")
    described = f"Net benefit for every 100 people. {says}"
    return svg.drawing(f"decision-{population}", f"Net benefit: {title}", described, drawn)


def _row(step: Mapping[str, Any], contenders: Sequence[str]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    cells = [(step["contenders"].get(key) or {}) for key in contenders]
    shown = tuple((per_hundred(cell.get("value")), per_hundred_interval(cell)) for cell in cells)
    return percent(_at(step)), per_hundred(step["everyone"]), shown
