"""A chart as rows: a label, a strip that is drawn, and the same in words.

Rows of text reflow on a phone and are read aloud as they stand; only the strips are pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from earlywarn.report import svg
from earlywarn.report.words import percent


@dataclass(frozen=True)
class Row:
    """One row: who or what, the strip, and the value in words; `note` is small print under the label."""

    label: str
    strip: Markup
    words: str
    note: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Chart:
    """Rows over one scale, under a title; `says` is one sentence on how to read it."""

    title: str
    says: str
    rows: tuple[Row, ...]
    scale: Markup | str = ""


@dataclass(frozen=True)
class Dot:
    """What a dot-and-interval row shows; None is not estimable, or hidden."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    note: str = ""
    class_: str = ""


def dot_chart(
    title: str, says: str, dots: Sequence[Dot], axis: svg.Axis | None = None, reference: float | None = None
) -> Chart:
    """Return a chart of dots on their intervals, over the given scale or one that fits them.

    reference : what all are held against, drawn as a dashed line; it must lie on the scale.
    """
    drawn = [value for dot in dots for value in (dot.value, dot.low, dot.high) if value is not None]
    axis = axis or svg.axis_for(drawn, share=False)
    rows = [
        Row(dot.label, strip, dot.words, dot.note, bool(dot.class_))
        for dot in dots
        for strip in [svg.dot(axis, dot.value, dot.low, dot.high, dot.class_, reference)]
    ]
    return Chart(title, says, tuple(rows), svg.scale(axis) if drawn else "")


def capital(words: str) -> str:
    """Return words with a capital, as a label begins.

    >>> capital("the school's AUC")
    "The school's AUC"
    """
    return words[:1].upper() + words[1:]


def share_bars(title: str, says: str, shares: Sequence[tuple[str, str, float]], *, whole: bool = False) -> Chart:
    """Return bars of shares (label, note, share); the longest possible bar is the largest share, or a whole."""
    axis = svg.WHOLE if whole else svg.Axis(0.0, max((share for _, _, share in shares), default=0.0) or 1.0, ())
    rows = [Row(label, svg.bar(axis, share), percent(share), note) for label, note, share in shares]
    return Chart(title, says, tuple(rows), svg.scale(axis) if whole else "")
