"""Where a trust and its schools stand beside other trusts, as a page and as a table.

In:  `Placed`, and the benchmark files that were compared.
Out: `compare.html` and `compare.csv`. Both are for the trust alone once they name its schools.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields

from earlywarn.cells import safe_cell
from earlywarn.report.charts import Chart, Dot, capital, dot_chart
from earlywarn.report.page import render
from earlywarn.report.words import counted, day
from earlywarn.study.benchmark_file import BenchmarkFile
from earlywarn.study.placing import TRUST, Placed

_COLUMNS = tuple(field.name for field in fields(Placed))
_DIGITS = 6
_ALIKE = {
    "pupils": "Pupils are alike who share year group (or phase), pupil premium and any SEN, or as many of these as "
    "nearly all have others for.",
    "staff": "Staff are alike who share a role.",
}
_READ = (
    "Each dot is the mean less what the other trusts would have with people mixed as these are, with its 95% interval. "
    "An interval that holds 0: no difference could be shown."
)


@dataclass(frozen=True)
class Row:
    """One measure of the trust, or of a school, in words."""

    who: str
    label: str
    n: str
    value: str
    expected: str
    stands: str


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
    of_schools = [one for one in placed if one.who != TRUST]
    return render(
        "compare.html",
        as_of=mine.as_of,
        population=mine.population,
        beside=_beside(others),
        alike=_ALIKE[mine.population],
        dates=_dates(mine, others),
        charts=[chart for unit in ("share", "out of 10") if (chart := _chart(of_trust, unit))],
        trust=[_row(one) for one in of_trust],
        schools=[_row(one) for one in of_schools],
    )


def _beside(others: Sequence[BenchmarkFile]) -> str:
    schools = sum(file.schools for file in others)
    return f"{counted(len(others), 'other trust', 'other trusts')} with {counted(schools, 'school', 'schools')}"


def _dates(mine: BenchmarkFile, others: Sequence[BenchmarkFile]) -> str:
    """Say when the numbers were told: late in the year they mean something else than early."""
    told = sorted({file.as_of for file in others})
    theirs = day(told[0]) if len(told) == 1 else f"between {day(told[0])} and {day(told[-1])}"
    return (
        f"The others' numbers are as of {theirs}, these as of {day(mine.as_of)}. Absence so far, and answers, can be "
        f"compared only where the dates lie at about the same place in the school year."
    )


def _chart(placed: Sequence[Placed], unit: str) -> Chart | None:
    """Return the trust's differences in one unit; None where nothing can be said."""
    shown = [one for one in placed if one.unit == unit and one.difference is not None]
    if not shown:
        return None
    scale = 100 if unit == "share" else 1
    dots = [Dot(capital(one.label), *_scaled(one, scale), _difference(one)) for one in shown]
    title = "Difference in points of 100" if unit == "share" else "Difference in points of 10"
    return dot_chart(title, _READ, dots)


def _scaled(one: Placed, scale: int) -> tuple[float | None, float | None, float | None]:
    value, low, high = (None if each is None else scale * each for each in (one.difference, one.low, one.high))
    return value, low, high


def _row(one: Placed) -> Row:
    return Row(
        one.who,
        capital(one.label),
        "" if one.n is None else f"{one.n:,}",
        _amount(one, one.value),
        _amount(one, one.expected),
        _stands(one),
    )


def _amount(one: Placed, value: float | None) -> str:
    if value is None:
        return ""
    return f"{100 * value:.1f}%" if one.unit == "share" else f"{value:.1f}"


def _difference(one: Placed) -> str:
    """Say the difference with its interval, in points."""
    scale, digits = (100, 1) if one.unit == "share" else (1, 2)
    value, low, high = (f"{scale * each:+.{digits}f}" if each is not None else "" for each in _scaled(one, 1))
    return f"{value} ({low} to {high})" if low else value


def _stands(one: Placed) -> str:
    """Say where one stands, and how sure that is."""
    if one.difference is None:
        return "Too few have others like them." if one.others else "No other trust tells of this."
    parts = [_difference(one)]
    if one.low is not None and one.high is not None:
        parts.append("higher" if one.low > 0 else "lower" if one.high < 0 else "no difference could be shown")
    if one.percentile is not None:
        parts.append(f"of 100 schools elsewhere with pupils like these, about {one.percentile:.0f} would be lower")
    elif one.of:
        parts.append(
            f"{one.below} of {counted(one.of, 'other trust', 'other trusts')} {'is' if one.below == 1 else 'are'} lower"
        )
    return f"{'; '.join(parts)}."
