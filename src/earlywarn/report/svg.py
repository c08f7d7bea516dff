"""Drawings as inline SVG, without a library.

In:  numbers and an `Axis`.
Out: markup. Places across are percentages and places down are pixels, so that a drawing fits a phone and a
     wide screen while its text keeps its size. Colours come from the page's style by class, never from a
     style attribute, which the page's policy forbids.

A strip stands in a row beside words that say the same, and is hidden from screen readers; a drawing that
stands alone (`curve`) has a title and a description.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from markupsafe import Markup, escape

STRIP = 28  # height of a strip, in pixels
_MIDDLE = STRIP / 2


@dataclass(frozen=True)
class Axis:
    """A scale from `low` to `high`, with the ticks that are drawn and labelled."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def across(self, value: float) -> float:
        """Return where a value stands, 0 to 100; beyond the scale is its end.

        >>> Axis(0, 2, ()).across(0.5), Axis(0, 2, ()).across(9)
        (25.0, 100.0)
        """
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)


WHOLE = Axis(0.0, 1.0, ((0.0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1.0, "100%")))


def axis_for(values: Sequence[float], *, share: bool) -> Axis:
    """Return a scale with four to seven round ticks that holds all values.

    >>> axis_for([0.71, 0.83], share=False).ticks
    ((0.7, '0.70'), (0.75, '0.75'), (0.8, '0.80'), (0.85, '0.85'))
    """
    held = [*values] or [0.0, 1.0]
    step = _round_step((max(held) - min(held)) or 0.1)
    first, last = floor(min(held) / step + 1e-9), ceil(max(held) / step - 1e-9)
    last = max(last, first + 1)
    decimals = max(2, -floor(log10(step) + 1e-9))
    labels = [(round(step * i, 10), _tick(step * i, share, decimals)) for i in range(first, last + 1)]
    return Axis(labels[0][0], labels[-1][0], tuple(labels))


def _round_step(length: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that cuts a length into at most five."""
    power = 10.0 ** floor(log10(length / 5))
    return next((power * times for times in (1, 2, 5) if power * times * 5 >= length - 1e-12), power * 10)


def _tick(value: float, share: bool, decimals: int) -> str:
    shown = f"{100 * value:.0f}%" if share else f"{value:.{decimals}f}"
    return shown.replace("-", "−") if float(shown.rstrip("%")) else shown.lstrip("-")


def tag(name: str, *inside: str, **attributes: object) -> Markup:
    """Return an element; `class_` is class, an underscore a hyphen, and everything is escaped.

    >>> tag("text", "<b>", x="5%", text_anchor="end")
    Markup('<text x="5%" text-anchor="end">&lt;b&gt;</text>')
    """
    # Plain text, not `Markup.format`: packs draw some hundred thousand elements.
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(it))}"' for key, it in attributes.items())
    return Markup(f"<{name}{said}>{''.join(escape(part) for part in inside)}</{name}>")


def _plain(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value


def strip(axis: Axis, *inside: str) -> Markup:
    """Return the strip of a row, with the scale's ticks behind what is drawn."""
    grid = [_upright(axis.across(at), "grid", STRIP) for at, _ in axis.ticks]
    return tag("svg", *grid, *inside, class_="strip", height=STRIP, width="100%", aria_hidden="true", focusable="false")


def _upright(across: float, class_: str, height: float) -> Markup:
    return tag("line", class_=class_, x1=f"{across:g}%", x2=f"{across:g}%", y1=0, y2=height)


def dot(
    axis: Axis,
    value: float | None,
    low: float | None,
    high: float | None,
    class_: str = "",
    reference: float | None = None,
) -> Markup:
    """Return a dot on its 95% interval; nothing where there is no value. `reference` is what it is held against."""
    behind = [] if reference is None else [_upright(axis.across(reference), "reference", STRIP)]
    if value is None:
        return strip(axis, *behind)
    drawn = [tag("circle", class_=f"dot {class_}".strip(), cx=f"{axis.across(value):g}%", cy=_MIDDLE, r=5.5)]
    if low is not None and high is not None:
        ends = {"x1": f"{axis.across(low):g}%", "x2": f"{axis.across(high):g}%"}
        drawn.insert(0, tag("line", class_=f"whisker {class_}".strip(), **ends, y1=_MIDDLE, y2=_MIDDLE))
    return strip(axis, *behind, *drawn)


def bar(axis: Axis, value: float, class_: str = "") -> Markup:
    """Return a bar from the start of the scale."""
    width = f"{axis.across(value):g}%"
    return strip(axis, tag("rect", class_=f"bar {class_}".strip(), x=0, y=7, width=width, height=STRIP - 14, rx=2))


def spans(axis: Axis, parts: Sequence[tuple[float, float, str]], at: float, class_: str) -> Markup:
    """Return stretches of time in one row, and the day on which the model stands as an upright mark."""
    drawn = [
        tag(
            "rect",
            class_=f"span {part} {class_}".strip(),
            x=f"{axis.across(start):g}%",
            width=f"{axis.across(end) - axis.across(start):.2f}%",
            y=9,
            height=STRIP - 18,
        )
        for start, end, part in parts
    ]
    return strip(axis, *drawn, _upright(axis.across(at), "as-of", STRIP))


def scale(axis: Axis) -> Markup:
    """Return the labels of the ticks, to stand under the strips."""
    labels = [
        tag("text", label, class_="tick", x=f"{axis.across(at):g}%", y=16, text_anchor=_anchor(axis.across(at)))
        for at, label in axis.ticks
    ]
    return tag("svg", *labels, class_="scale", height=22, width="100%", aria_hidden="true", focusable="false")


def _anchor(across: float) -> str:
    return "start" if across < 3 else "end" if across > 97 else "middle"


def marks(axis: Axis, at: Sequence[tuple[float, str]]) -> Markup:
    """Return small marks along one row, each of a class of its own."""
    return strip(
        axis,
        *(tag("circle", class_=f"mark-at {class_}", cx=f"{axis.across(x):g}%", cy=_MIDDLE, r=5) for x, class_ in at),
    )


@dataclass(frozen=True)
class Plot:
    """A drawing with two scales: across in percent of the page's width, up in pixels."""

    x: Axis
    y: Axis
    left: float = 15.0
    width: float = 81.0
    top: float = 30.0
    height: float = 210.0

    def across(self, x: float) -> str:
        return f"{self.left + self.width * self.x.across(x) / 100:g}%"

    def down(self, y: float) -> float:
        return round(self.top + self.height * (1 - self.y.across(y) / 100), 1)

    def line(self, start: tuple[float, float], end: tuple[float, float], class_: str) -> Markup:
        x1, x2, y1, y2 = self.across(start[0]), self.across(end[0]), self.down(start[1]), self.down(end[1])
        return tag("line", class_=class_, x1=x1, y1=y1, x2=x2, y2=y2)

    def path(self, points: Sequence[tuple[float, float]], class_: str) -> list[Markup]:
        return [self.line(start, end, class_) for start, end in pairwise(points)]

    def frame(self, names: tuple[str, str]) -> Iterator[Markup]:
        """Yield the grid with its labels, and the names of the axes."""
        foot = self.top + self.height
        for at, label in self.x.ticks:
            yield self.line((at, self.y.low), (at, self.y.high), "grid")
            yield tag("text", label, class_="tick", x=self.across(at), y=foot + 20, text_anchor="middle")
        for at, label in self.y.ticks:
            yield self.line((self.x.low, at), (self.x.high, at), "grid")
            yield tag("text", label, class_="tick", x=f"{self.left - 2:g}%", y=self.down(at) + 4, text_anchor="end")
        yield tag("text", names[0], class_="axis", x=f"{self.left + self.width:g}%", y=foot + 40, text_anchor="end")
        yield tag("text", names[1], class_="axis", x=0, y=16)


def drawing(name: str, title: str, says: str, inside: Sequence[Markup]) -> Markup:
    """Return a drawing that stands alone: its title, and the same in words for who cannot see it.

    name : unique on the page.
    """
    described = [tag("title", title, id=f"{name}-title"), tag("desc", says, id=f"{name}-desc")]
    labelled = f"{name}-title {name}-desc"
    return tag(
        "svg", *described, *inside, class_="curve-chart", width="100%", height=285, role="img", aria_labelledby=labelled
    )


def curve(name: str, title: str, says: str, points: Sequence[tuple[float, float]], axes: tuple[str, str]) -> Markup:
    """Return observed against predicted, both 0 to 1, with the diagonal on which they would agree.

    says : the same in words; axes : what is across, what goes up.
    """
    axis = axis_for([0.0, max((value for point in points for value in point), default=1.0)], share=True)
    plot = Plot(axis, axis)
    drawn = [
        *plot.frame(axes),
        plot.line((axis.low, axis.low), (axis.high, axis.high), "reference"),
        *plot.path(points, "curve"),
        *(tag("circle", class_="dot model", cx=plot.across(x), cy=plot.down(y), r=4.5) for x, y in points),
    ]
    return drawing(name, title, says, drawn)
