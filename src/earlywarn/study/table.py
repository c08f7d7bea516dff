"""A table of a study: what a paper prints, a page shows and a researcher computes with.

In:  what was found, as plain values.
Out: `Table`: rows whose columns are explained, and what every interval was made from.

A number `x` with an interval stands in three columns, `x`, `x_low` and `x_high`, with `n` beside it and `why`, the
reason for what is missing. `Replicates` hold the number with all schools and then without each in turn; schools are
numbered, not named.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from earlywarn.study.figure import Figure

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Replicates:
    """What an interval was made from.

    row, column : where the number stands: the row counted from 0, and the column's name.
    scale       : where the interval was made, see `figure.Scale`.
    values      : the number with all schools, then without each.
    """

    row: int
    column: str
    scale: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Table:
    """One table.

    name    : snake_case, the name of its file.
    title   : the question that it answers.
    says    : what it says in words, the most important first.
    columns : name -> what it means, with its unit.
    rows    : values by column; None is empty.
    """

    name: str
    title: str
    says: tuple[str, ...]
    columns: Mapping[str, str]
    rows: tuple[Mapping[str, Value], ...]
    replicates: tuple[Replicates, ...] = ()


def with_interval(name: str, means: str) -> dict[str, str]:
    """Return what the three columns of a number with an interval mean.

    >>> list(with_interval("alpha", "Cronbach's alpha"))
    ['alpha', 'alpha_low', 'alpha_high']
    """
    return {name: means, f"{name}_low": "lower end of its 95% interval", f"{name}_high": "upper end"}


def of_figure(name: str, figure: Figure) -> dict[str, Value]:
    """Return a number with its interval as a row holds them.

    >>> of_figure("alpha", Figure(0.8, 0.7, 0.9, 90))
    {'alpha': 0.8, 'alpha_low': 0.7, 'alpha_high': 0.9}
    """
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}


def replicates_of(row: int, column: str, figure: Figure) -> tuple[Replicates, ...]:
    """Return what a number's interval was made from; nothing where it has none."""
    return (Replicates(row, column, figure.scale, figure.without_each),) if figure.without_each else ()


def as_csv(table: Table) -> str:
    """Return the table as CSV: empty is empty, numbers as they are, a line a row."""
    return _csv(list(table.columns), [[row.get(name) for name in table.columns] for row in table.rows])


def replicates_as_csv(tables: Sequence[Table]) -> str:
    """Return what all intervals were made from, a line a value; `left_out` 0 is nobody, then each school in turn."""
    lines: list[list[Value]] = [
        [table.name, each.row, each.column, each.scale, left_out, value]
        for table in tables
        for each in table.replicates
        for left_out, value in enumerate(each.values)
    ]
    return _csv(["table", "row", "column", "scale", "left_out", "value"], lines)


def _csv(header: Sequence[str], lines: Sequence[Sequence[Value]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if value is None else value for value in line] for line in lines)
    return out.getvalue()
