"""A study's figures as files, SVG and PNG of the same drawing, as wide as one and a half columns of a paper.

In:  what a figure shows (`study_figures`).
Out: bytes: the same figure gives the same bytes on one machine.

Blue is sure and grey is not, filled and hollow say the same; every row is labelled where it stands.
"""

import io
from collections.abc import Mapping
from datetime import date
from textwrap import fill
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from earlywarn.report.study_figures import Bar, Drawn, Forest, Paths, YearLine

WIDTH = 5.5  # inches: 140 mm
_LONGEST = 34  # characters of a line beside a row
_ROW, _AROUND = 0.26, 1.0  # inches: of a row, and of title and axis
_DOTS_PER_INCH = 300
_THINNEST = 2  # days: what takes one day is drawn wide enough to be seen
# Blue and vermilion of Okabe and Ito, which most who see colours differently can tell apart.
SURE, UNSURE, INK, LINE = "#0072B2", "#6b6b6b", "#222222", "#9a9a9a"
_RATIOS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_KINDS = {
    "half-term": "#d9d9d9",
    "survey": "#0072B2",
    "data collection": "#009E73",
    "list": "#D55E00",
    "notice": "#CC79A7",
}
_STYLE: Any = {
    "svg.hashsalt": "earlywarn",  # otherwise names inside an SVG are drawn by lot
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
}


def draw(shown: Drawn) -> Mapping[str, bytes]:
    """Return a figure's files: suffix -> bytes."""
    with matplotlib.rc_context(_STYLE):
        made = _figure(shown)
        return {"svg": _saved(made, "svg", {"Date": None}), "png": _saved(made, "png", {"Software": None})}


def _saved(made: Figure, suffix: str, metadata: Mapping[str, None]) -> bytes:
    out = io.BytesIO()
    made.savefig(out, format=suffix, dpi=_DOTS_PER_INCH, metadata=dict(metadata))
    return out.getvalue()


def _figure(shown: Drawn) -> Figure:
    if isinstance(shown, Forest):
        return _forest(shown)
    return _paths(shown) if isinstance(shown, Paths) else _year_line(shown)


def _blank(rows: float, title: str) -> tuple[Figure, Axes]:
    made = Figure(figsize=(WIDTH, _AROUND + _ROW * rows), layout="constrained")
    made.suptitle(title, x=0.01, ha="left", fontsize=9, fontweight="bold", color=INK, wrap=True)
    axes = made.add_subplot()
    axes.tick_params(axis="y", length=0)
    return made, axes


def _forest(shown: Forest) -> Figure:
    made, axes = _blank(len(shown.bars), shown.title)
    if shown.ratios:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator(_RATIOS))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.axvline(shown.line, color=LINE, linewidth=0.8, linestyle=(0, (4, 3)))
    for place, bar in enumerate(shown.bars):
        _draw_bar(axes, place, bar)
    axes.set_yticks(range(len(shown.bars)), [fill(bar.label, _LONGEST) for bar in shown.bars])
    axes.set_ylim(len(shown.bars) - 0.5, -0.5)
    axes.set_xlabel(f"{shown.across}, with its 95% interval", loc="left")
    beside = axes.secondary_yaxis("right")
    beside.set_yticks(range(len(shown.bars)), [bar.words for bar in shown.bars])
    beside.tick_params(length=0)
    beside.spines["right"].set_visible(False)
    return made


def _draw_bar(axes: Axes, place: int, bar: Bar) -> None:
    colour = SURE if bar.sure else UNSURE
    if bar.low is not None and bar.high is not None:
        axes.plot([bar.low, bar.high], [place, place], color=colour, linewidth=1.4, solid_capstyle="round")
    face = colour if bar.sure else "white"
    axes.plot([bar.value], [place], marker="o", markersize=4.5, color=colour, markerfacecolor=face, linestyle="")


def _year_line(shown: YearLine) -> Figure:
    made, axes = _blank(len(shown.kinds), shown.title)
    for place, kind in enumerate(shown.kinds):
        spans = [span for span in shown.spans if span.kind == kind]
        axes.broken_barh(
            [(span.starts.toordinal(), max((span.ends - span.starts).days + 1, _THINNEST)) for span in spans],
            (place - 0.3, 0.6),
            facecolors=_KINDS[kind.partition(":")[0]],
        )
    axes.set_yticks(range(len(shown.kinds)), list(shown.kinds))
    axes.set_ylim(len(shown.kinds) - 0.5, -0.5)
    months = _firsts_of_months(shown)
    axes.set_xticks([month.toordinal() for month in months], [f"{month:%b}" for month in months])
    return made


def _firsts_of_months(shown: YearLine) -> list[date]:
    """Return the first days of the months from the first entry to the last."""
    first, last = min(span.starts for span in shown.spans), max(span.ends for span in shown.spans)
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    numbers = [first.month - 1 + month for month in range(count)]
    return [date(first.year + number // 12, number % 12 + 1, 1) for number in numbers]


def _paths(shown: Paths) -> Figure:
    """Return two boxes before, two after, and an arrow for each path with its number at it."""
    made, axes = _blank(6, shown.title)
    things = list(dict.fromkeys(path.before for path in shown.paths))
    height = {thing: 1.0 - place for place, thing in enumerate(things)}
    axes.set_axis_off()
    axes.set_xlim(-0.3, 1.3)
    axes.set_ylim(-0.25, 1.25)
    for thing, y in height.items():
        for x, when in ((0, "before"), (1, "after")):
            _box(axes, x, y, f"{thing}\n{when}")
    for path in shown.paths:
        _arrow(axes, height[path.before], height[path.after], path.words, path.sure)
    return made


def _box(axes: Axes, x: float, y: float, words: str) -> None:
    frame = {"boxstyle": "round,pad=0.6", "facecolor": "white", "edgecolor": INK}
    axes.text(x, y, words, ha="center", va="center", color=INK, bbox=frame, zorder=3)


def _arrow(axes: Axes, start: float, end: float, words: str, sure: bool) -> None:
    colour = SURE if sure else UNSURE
    drawn = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.4, "linestyle": "-" if sure else (0, (4, 3))}
    axes.annotate("", xy=(0.83, end), xytext=(0.17, start), arrowprops=drawn)
    across = 0.5 if start == end else 0.34  # crossing arrows carry their words before they meet
    at = start + (end - start) * (across - 0.17) / 0.66
    axes.text(across, at, words, ha="center", va="center", color=colour, fontsize=7, backgroundcolor="white")
