"""A benchmark as it is shown: the number in words, where it stands beside others like it, and both drawn in a strip.

In:  a `Benchmark`.
Out: words and markup. The words say all that the strip draws, so that nobody needs the drawing or its colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from markupsafe import Markup

from earlywarn.benchmarks import Benchmark, Measure
from earlywarn.benchmarks.record import ALIKE, WHOLE_TRUST
from earlywarn.disclosure import HIDDEN
from earlywarn.report import svg
from earlywarn.report.words import signless_zero

_MIDDLE = svg.STRIP / 2
_SIGNS = {"above": "▲ ", "below": "▼ ", ALIKE: ""}
_MOVES = {"above": "up", "below": "down"}


@dataclass(frozen=True)
class Beside:
    """One benchmark in words: its value, where it stands, and how that is coloured ("good", "bad" or "").

    brief : where it stands, for a cell of a table: without a word where it is about the same.
    """

    value: str
    words: str
    brief: str
    tone: str


def beside(benchmark: Benchmark) -> Beside:
    """Return a benchmark in words."""
    if benchmark.value is None:
        return Beside(HIDDEN, "too few answered to show", "", "")
    value = amount(benchmark.measure, benchmark.value)
    if benchmark.stands is None or benchmark.expected is None:
        return Beside(value, "" if benchmark.school_id == WHOLE_TRUST else "too few like it elsewhere", "", "")
    others = f"({amount(benchmark.measure, benchmark.expected)})"
    words = f"{_SIGNS[benchmark.stands]}{benchmark.stands} {others}"
    return Beside(value, words, others if benchmark.stands == ALIKE else words, tone_of(benchmark))


def tone_of(benchmark: Benchmark) -> str:
    """Return "good" or "bad" where a group stands apart and it is known which way is the worse; else nothing."""
    side = {"above": 1, "below": -1}.get(benchmark.stands or "", 0) * benchmark.measure.risk
    return "bad" if side > 0 else "good" if side < 0 else ""


def amount(measure: Measure, value: float) -> str:
    """Return a value as it is read: a percentage of sessions, or points out of 10.

    >>> amount(Measure("absence", "register", "absence", 1), 0.0512), amount(Measure("a.b", "pupil", "b", -1), 6.25)
    ('5.1%', '6.2')
    """
    return f"{100 * value:.1f}%" if is_share(measure) else f"{value:.1f}"


def is_share(measure: Measure) -> bool:
    """Whether a measure is a share of sessions; all others are out of 10."""
    return measure.audience == "register"


def change_words(benchmark: Benchmark) -> str:
    """Return how those who answered twice have moved since the wave before, and how the others did; else nothing.

    >>> from datetime import date
    >>> told = Benchmark("1", "everyone", "everyone", Measure("a.b", "pupil", "b", -1), date(2026, 10, 2), "ok")
    >>> from dataclasses import replace
    >>> change_words(replace(told, change=-0.52, change_margin=0.3, change_respondents=80, trust_change=-0.1))
    'down 0.5 (elsewhere −0.1)'
    """
    if benchmark.change is None:
        return ""
    move = _MOVES.get(benchmark.moved or "")
    if not move:
        return "no clear change"
    moved = f"{move} {abs(benchmark.change):.1f}"
    if benchmark.trust_change is None:
        return moved
    elsewhere = signless_zero(f"{benchmark.trust_change:.1f}")
    return f"{moved} (elsewhere {'+' if benchmark.trust_change >= 0.05 else ''}{elsewhere})"


def axis_of(benchmarks: Sequence[Benchmark]) -> svg.Axis:
    """Return one scale, of whole points or of steps of five percent, for benchmarks that are read together."""
    drawn = [number for one in benchmarks for number in _numbers(one)]
    share = all(is_share(one.measure) for one in benchmarks)
    step, most = (0.05, 0.1) if share else (1.0, 10.0)
    low = floor(min(drawn, default=0.0) / step + 1e-9)
    high = max(ceil(max(drawn, default=most) / step - 1e-9), low + 1)
    labels = [(step * at, f"{100 * step * at:.0f}%" if share else f"{at}") for at in range(low, high + 1)]
    return svg.Axis(labels[0][0], labels[-1][0], tuple(labels))


def _numbers(benchmark: Benchmark) -> list[float]:
    if benchmark.value is None:
        return []
    found = [benchmark.value, benchmark.expected, benchmark.trust_value]
    if benchmark.expected is not None and benchmark.margin is not None:
        least, most = (0.0, 1.0) if is_share(benchmark.measure) else (0.0, 10.0)
        found += [max(benchmark.expected - benchmark.margin, least), min(benchmark.expected + benchmark.margin, most)]
    return [number for number in found if number is not None]


def strip(axis: svg.Axis, benchmark: Benchmark) -> Markup:
    """Return the strip: a dot, an upright for others like it with the room that chance takes, one for all others."""
    if benchmark.value is None:
        return svg.strip(axis)
    drawn: list[Markup] = []
    if benchmark.expected is not None and benchmark.margin is not None:
        drawn.append(_chance(axis, benchmark.expected, benchmark.margin))
    if benchmark.trust_value is not None:
        drawn.append(_upright(axis, benchmark.trust_value, "reference"))
    if benchmark.expected is not None:
        drawn.append(_upright(axis, benchmark.expected, "like"))
    dot = {"bad": "dot alarm", "good": "dot model"}.get(tone_of(benchmark), "dot")
    drawn.append(svg.tag("circle", class_=dot, cx=f"{axis.across(benchmark.value):g}%", cy=_MIDDLE, r=5.5))
    return svg.strip(axis, *drawn)


def _chance(axis: svg.Axis, expected: float, margin: float) -> Markup:
    low, high = axis.across(expected - margin), axis.across(expected + margin)
    return svg.tag("rect", class_="chance", x=f"{low:g}%", width=f"{high - low:.2f}%", y=6, height=svg.STRIP - 12, rx=3)


def _upright(axis: svg.Axis, value: float, class_: str) -> Markup:
    across = f"{axis.across(value):g}%"
    return svg.tag("line", class_=class_, x1=across, x2=across, y1=4, y2=svg.STRIP - 4)


def wave_line(axis: svg.Axis, waves: Sequence[Benchmark]) -> Markup | str:
    """Return the small line through a school's waves, oldest first; nothing with fewer than two that are shown."""
    values = [one.value for one in waves if one.value is not None]
    if len(values) < 2:
        return ""
    points = [
        (8 + 84 * at / (len(values) - 1), round(4 + (svg.STRIP - 8) * (1 - axis.across(value) / 100), 1))
        for at, value in enumerate(values)
    ]
    lines = [
        svg.tag("line", class_="curve", x1=f"{x1:g}%", y1=y1, x2=f"{x2:g}%", y2=y2)
        for (x1, y1), (x2, y2) in pairwise(points)
    ]
    last = svg.tag("circle", class_="dot model", cx=f"{points[-1][0]:g}%", cy=points[-1][1], r=3)
    return svg.tag(
        "svg", *lines, last, class_="waves", height=svg.STRIP, width="100%", aria_hidden="true", focusable="false"
    )
