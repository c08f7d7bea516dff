"""Where a trust and its schools stand beside other trusts, as a page and as a table.

In:  `Placed`, and the benchmark files that were compared.
Out: `compare.html` and `compare.csv`. Both are for the trust alone once they name its schools.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields

from earlywarn.cells import safe_cell
from earlywarn.report import svg
from earlywarn.report.charts import Chart, Dot, capital, dot_chart
from earlywarn.report.compare_words import amount, difference, in_short, place, side_of, verdict_of
from earlywarn.report.page import render
from earlywarn.report.words import counted, day, signless_zero
from earlywarn.study.benchmark_file import BenchmarkFile
from earlywarn.study.placing import TRUST, Placed

_COLUMNS = tuple(field.name for field in fields(Placed))
_DIGITS = 6
_ALIKE = {
    "pupils": "Pupils are alike who share year group (or phase), pupil premium and any SEN, or as many of these as "
    "nearly all have others for.",
    "staff": "Staff are alike who share a role.",
}
_UNITS = {"share": "Shares of people: difference in percentage points", "out of 10": "Scores out of 10: difference"}


@dataclass(frozen=True)
class Row:
    """One measure of the trust, or of a school, in words; `side` is "higher", "lower" or "" where none is shown."""

    label: str
    n: str
    value: str
    expected: str
    difference: tuple[str, str]
    says: str
    side: str
    place: str


@dataclass(frozen=True)
class School:
    """One school: what stands out in a few words, and its measures."""

    name: str
    says: str
    rows: tuple[Row, ...]


def compare_csv(placed: Sequence[Placed]) -> str:
    """Return everything as CSV; what cannot be said is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in placed:
        writer.writerow([_cell(getattr(one, name)) for name in _COLUMNS])
    return out.getvalue()


def _cell(value: str | float | None) -> str | float:
    if isinstance(value, str):
        return safe_cell(value)
    return "" if value is None else round(value, _DIGITS)


def compare_page(placed: Sequence[Placed], mine: BenchmarkFile, others: Sequence[BenchmarkFile]) -> str:
    """Return the page."""
    of_trust = [one for one in placed if one.who == TRUST]
    schools = dict.fromkeys(one.who for one in placed if one.who != TRUST)
    headline, says = in_short(of_trust)
    return render(
        "compare.html",
        as_of=mine.as_of,
        population=mine.population,
        beside=_beside(others),
        alike=_ALIKE[mine.population],
        headline=headline,
        says=says,
        dates=_dates(mine, others),
        charts=[chart for unit in _UNITS if (chart := _chart(of_trust, unit))],
        trust=[_row(one) for one in of_trust],
        schools=[_school(name, [one for one in placed if one.who == name]) for name in schools],
    )


def _beside(others: Sequence[BenchmarkFile]) -> str:
    schools = sum(file.schools for file in others)
    return f"{counted(len(others), 'other trust', 'other trusts')} with {counted(schools, 'school', 'schools')}"


def _dates(mine: BenchmarkFile, others: Sequence[BenchmarkFile]) -> str:
    """Say when the numbers were told: late in the year they mean something else than early."""
    told = sorted({file.as_of for file in others})
    if told == [mine.as_of]:
        return f"All numbers are as of {day(mine.as_of)}."
    theirs = f"as of {day(told[0])}" if len(told) == 1 else f"from {day(told[0])} to {day(told[-1])}"
    return (
        f"The others’ numbers are {theirs}, these as of {day(mine.as_of)}. Absence so far, and answers, can be "
        f"compared only where the dates lie at about the same place in the school year."
    )


def _chart(placed: Sequence[Placed], unit: str) -> Chart | None:
    """Return the trust's differences in one unit; None where nothing can be said."""
    shown = [one for one in placed if one.unit == unit and one.difference is not None]
    if not shown:
        return None
    dots = [_dot(one, 100 if unit == "share" else 1) for one in shown]
    drawn = [value for dot in dots for value in (dot.value, dot.low, dot.high) if value is not None]
    axis = svg.axis_for([*drawn, 0.0], share=False)
    ticks = tuple((at, signless_zero(f"{at:g}")) for at, _ in axis.ticks)
    return dot_chart(_UNITS[unit], "", dots, svg.Axis(axis.low, axis.high, ticks), reference=0.0)


def _dot(one: Placed, scale: int) -> Dot:
    value, low, high = (None if each is None else scale * each for each in (one.difference, one.low, one.high))
    shown, interval = difference(one)
    words = f"{shown} ({interval})" if interval else shown
    return Dot(capital(one.label), value, low, high, words, class_="model" if side_of(one) else "")


def _school(name: str, placed: Sequence[Placed]) -> School:
    says, _ = in_short(placed)
    return School(name, says, tuple(_row(one) for one in placed))


def _row(one: Placed) -> Row:
    return Row(
        label=capital(one.label),
        n="–" if one.n is None else f"{one.n:,}",
        value=amount(one, one.value),
        expected=amount(one, one.expected),
        difference=difference(one),
        says=verdict_of(one),
        side=side_of(one),
        place=place(one),
    )
