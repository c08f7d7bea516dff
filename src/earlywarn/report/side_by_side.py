"""Schools (of staff also roles) by measure: one table, a strip and the same in words in each cell.

In:  benchmarks of whole schools, or of one division of the trust.
Out: `Table`s for `benchmarks.html`; how many comparisons stand apart, and how many chance alone would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from earlywarn.benchmarks import Benchmark, Measure
from earlywarn.benchmarks.record import ALIKE
from earlywarn.report import svg
from earlywarn.report.benchmarks import AUDIENCES, latest_of
from earlywarn.report.beside import Beside, amount, axis_of, beside, strip
from earlywarn.report.charts import capital
from earlywarn.report.words import counted, day

_BY_CHANCE = 100  # of so many comparisons one stands apart by chance: `likes` takes intervals of 99%
Cell = tuple[Markup, Beside] | None


@dataclass(frozen=True)
class TableRow:
    """A school or role; a cell is None where nobody answered."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """What one audience says, a row for each school or role; `foot`: scale and mean of all that are shown."""

    key: str
    caption: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    foot: tuple[tuple[Markup, str], ...]


def tables_of(
    benchmarks: Sequence[Benchmark], head: str, key: str, row_of: Callable[[Benchmark], tuple[str, str]]
) -> tuple[Table, ...]:
    """Return a table for each audience; absence stands with what pupils say.

    row_of : a benchmark's row: its name, and what tells it from another of the same name.
    """
    latest = latest_of(benchmarks)
    together = {"register": "pupil"}
    kinds = dict.fromkeys(together.get(audience, audience) for audience in AUDIENCES)
    found = {
        kind: [one for one in latest if together.get(one.measure.audience, one.measure.audience) == kind]
        for kind in kinds
    }
    return tuple(
        _table(f"{key}-{kind}", AUDIENCES[kind], head, of_kind, row_of) for kind, of_kind in found.items() if of_kind
    )


def _table(
    key: str, title: str, head: str, found: Sequence[Benchmark], row_of: Callable[[Benchmark], tuple[str, str]]
) -> Table:
    measures = sorted(dict.fromkeys(one.measure for one in found), key=lambda measure: measure.audience != "register")
    columns = {measure: [one for one in found if one.measure == measure] for measure in measures}
    axes = {measure: axis_of(own) for measure, own in columns.items()}
    cells = {(row_of(one), one.measure): (strip(axes[one.measure], one), beside(one)) for one in found}
    rows = sorted({row_of(one) for one in found})
    return Table(
        key=key,
        caption=f"{title}{_closed(found)}",
        head=head,
        columns=tuple(capital(measure.label) for measure in measures),
        rows=tuple(TableRow(row[0], tuple(cells.get((row, measure)) for measure in measures)) for row in rows),
        foot=tuple((svg.scale(axes[measure]), _all(measure, columns[measure])) for measure in measures),
    )


def _closed(found: Sequence[Benchmark]) -> str:
    last = max((one.wave for one in found if one.wave), default=None)
    return f", in the wave that closed on {day(last)}" if last else ""


def _all(measure: Measure, shown: Sequence[Benchmark]) -> str:
    """Return the mean of everyone who is shown; nothing where nobody is."""
    known = [(one.value, one.respondents) for one in shown if one.value is not None and one.respondents]
    if not known:
        return ""
    return amount(measure, sum(value * count for value, count in known) / sum(count for _, count in known))


def apart_words(benchmarks: Sequence[Benchmark]) -> str:
    """Say how many comparisons stand apart, and how many would by chance; nothing without any."""
    compared = [one for one in latest_of(benchmarks) if one.stands is not None]
    if not compared:
        return ""
    apart = sum(one.stands != ALIKE for one in compared)
    chance = len(compared) / _BY_CHANCE
    by_chance = "fewer than one" if chance < 1 else f"about {chance:.0f}"
    stand = "stands" if apart == 1 else "stand"
    return (
        f"Of {counted(len(compared), 'comparison', 'comparisons')} of a school with others like it, "
        f"{apart or 'none'} {stand} apart; {by_chance} would by chance alone."
    )
