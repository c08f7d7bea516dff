"""Lines and points over two scales, as inline SVG in the manner of `svg`.

In:  series of points, or points with numbers on them, and a scale for each direction.
Out: a drawing with a title and a description; beside it stands a table with the same numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from earlywarn.report.svg import Axis, tag

_LEFT, _WIDTH, _TOP, _HEIGHT = 14.0, 82.0, 30.0, 170.0
# Lines are told apart by stroke and colour; all four are in the pages' style.
STROKES = ("curve", "whisker", "reference", "whisker alarm")
Point = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """A scale across and one upwards, each with the name of what it measures."""

    across: Axis
    up: Axis
    names: tuple[str, str]

    def x(self, value: float) -> str:
        return f"{_LEFT + _WIDTH * self.across.across(value) / 100:g}%"

    def y(self, value: float) -> float:
        return round(_TOP + _HEIGHT * (1 - self.up.across(value) / 100), 1)


def lines(name: str, title: str, says: str, plane: Plane, series: Sequence[Sequence[Point]]) -> Markup:
    """Return one line a series, each in its own stroke."""
    strokes = zip(STROKES, series, strict=False)
    drawn = [_line(plane, start, end, stroke) for stroke, points in strokes for start, end in pairwise(points)]
    return _drawing(name, title, says, plane, drawn)


def numbered(name: str, title: str, says: str, plane: Plane, points: Sequence[tuple[Point, str, str]]) -> Markup:
    """Return points with a label beside each; the third of a point is its class."""
    drawn: list[Markup] = []
    for (x, y), label, class_ in points:
        drawn.append(tag("circle", class_=f"dot {class_}".strip(), cx=plane.x(x), cy=plane.y(y), r=5.5))
        drawn.append(tag("text", label, class_="tick", x=plane.x(x), y=plane.y(y) - 9, text_anchor="middle"))
    return _drawing(name, title, says, plane, drawn)


def swatch(place: int) -> Markup:
    """Return the stroke of a series, to stand before its name."""
    line = tag("line", class_=STROKES[place], x1=0, x2=28, y1=6, y2=6)
    return tag("svg", line, width=28, height=12, aria_hidden="true", focusable="false")


def _drawing(name: str, title: str, says: str, plane: Plane, drawn: Sequence[Markup]) -> Markup:
    parts = [
        tag("title", title, id=f"{name}-title"),
        tag("desc", says, id=f"{name}-desc"),
        *_frame(plane),
        *drawn,
    ]
    labelled = f"{name}-title {name}-desc"
    height = int(_TOP + _HEIGHT + 45)
    return tag("svg", *parts, class_="curve-chart", width="100%", height=height, role="img", aria_labelledby=labelled)


def _frame(plane: Plane) -> Iterator[Markup]:
    foot = _TOP + _HEIGHT
    for at, label in plane.across.ticks:
        yield _line(plane, (at, plane.up.low), (at, plane.up.high), "grid")
        yield tag("text", label, class_="tick", x=plane.x(at), y=foot + 18, text_anchor="middle")
    for at, label in plane.up.ticks:
        yield _line(plane, (plane.across.low, at), (plane.across.high, at), "grid")
        yield tag("text", label, class_="tick", x=f"{_LEFT - 2:g}%", y=plane.y(at) + 4, text_anchor="end")
    yield tag("text", plane.names[0], class_="axis", x=f"{_LEFT + _WIDTH:g}%", y=foot + 38, text_anchor="end")
    yield tag("text", plane.names[1], class_="axis", x=0, y=16)


def _line(plane: Plane, start: Point, end: Point, class_: str) -> Markup:
    x1, x2, y1, y2 = plane.x(start[0]), plane.x(end[0]), plane.y(start[1]), plane.y(end[1])
    return tag("line", class_=class_, x1=x1, y1=y1, x2=x2, y2=y2)
