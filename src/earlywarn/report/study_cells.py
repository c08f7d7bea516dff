"""A study's table as a page shows it: a number and its interval share a cell.

In:  a `Table`.
Out: `ShownTable`: heads and cells as text, not longer than a page bears.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from earlywarn.report.charts import capital
from earlywarn.report.words import signless_zero
from earlywarn.study.table import Table, Value

MOST_ROWS = 40
EMPTY = "–"
_LONG = 40  # letters of a cell that needs room, or it becomes a tower of words


@dataclass(frozen=True)
class ShownCell:
    """A cell as text: a value, the interval under it, and whether it needs room."""

    value: str
    interval: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.value) > _LONG


@dataclass(frozen=True)
class ShownTable:
    """A table as text.

    means : what each column is, as (head, meaning).
    more  : how many rows stand in the file alone.
    """

    name: str
    title: str
    says: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    means: tuple[tuple[str, str], ...]
    more: int


def shown_table(table: Table) -> ShownTable:
    """Return the table as a page shows it; columns that are empty throughout are left out."""
    columns = [name for name in table.columns if not _is_bound(name, table) and _is_used(name, table)]
    cells = [_column(table, name) for name in columns]
    rows = tuple(zip(*cells, strict=True))[:MOST_ROWS] if cells else ()
    heads = tuple(capital(name.replace("_", " ")) for name in columns)
    means = tuple((head, table.columns[name]) for head, name in zip(heads, columns, strict=True))
    return ShownTable(table.name, table.title, table.says, heads, rows, means, max(len(table.rows) - MOST_ROWS, 0))


def _is_bound(name: str, table: Table) -> bool:
    """Tell whether a column is the end of another's interval."""
    whole = name.removesuffix("_low").removesuffix("_high")
    return whole != name and whole in table.columns


def _is_used(name: str, table: Table) -> bool:
    return any(row.get(name) not in (None, "") for row in table.rows)


def _column(table: Table, name: str) -> tuple[ShownCell, ...]:
    """Return the cells of a column, numbers with as many decimals as its largest needs for three figures."""
    ends = [f"{name}_low", f"{name}_high"] if f"{name}_low" in table.columns else []
    decimals = _decimals([row.get(each) for row in table.rows for each in (name, *ends)])
    return tuple(_cell([row.get(each) for each in (name, *ends)], decimals) for row in table.rows)


def _decimals(values: Sequence[Value]) -> int:
    largest = max((abs(value) for value in values if isinstance(value, float)), default=0.0)
    return 4 if largest < 0.1 else 3 if largest < 2 else 2 if largest < 100 else 0


def _cell(values: Sequence[Value], decimals: int) -> ShownCell:
    value, *ends = (said(each, decimals) for each in values)
    return ShownCell(value, " to ".join(ends) if EMPTY not in ends else "")


def said(value: Value, decimals: int = 3) -> str:
    """Return a value as a cell shows it.

    >>> said(0.01234, 4), said(-0.5), said(-0.0001), said(12000), said(True), said(None)
    ('0.0123', '−0.500', '0.000', '12,000', 'yes', '–')
    """
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    return signless_zero(f"{value:,.{decimals}f}") if isinstance(value, float) else value
