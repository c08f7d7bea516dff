"""Lines of a table in the making: what each is about, and its numbers with their intervals.

In:  `Line`s.
Out: a `Table`, what every interval was made from beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from earlywarn.study.figure import Figure
from earlywarn.study.table import Table, Value, of_figure, replicates_of


@dataclass(frozen=True)
class Line:
    """One row of a table.

    about   : columns that have no interval.
    numbers : columns that have one.
    """

    about: Mapping[str, Value]
    numbers: Mapping[str, Figure]


def table_of(name: str, title: str, says: Iterable[str], columns: Mapping[str, str], lines: Sequence[Line]) -> Table:
    """Return the table of some lines; `columns` give the order, `why` is filled from the first number that has one.

    >>> line = Line({"scale": "belonging"}, {"alpha": Figure(0.8, None, None, 40, "no interval: in too few schools")})
    >>> table_of("reliability", "Good?", [], {"scale": "", "alpha": "", "why": ""}, [line]).rows[0]["why"]
    'no interval: in too few schools'
    """
    replicates = tuple(
        part
        for place, line in enumerate(lines)
        for column, number in line.numbers.items()
        for part in replicates_of(place, column, number)
    )
    return Table(name, title, tuple(says), columns, tuple(_row(line) for line in lines), replicates)


def _row(line: Line) -> dict[str, Value]:
    row: dict[str, Value] = {"why": next((number.why for number in line.numbers.values() if number.why), "")}
    for column, number in line.numbers.items():
        row |= of_figure(column, number)
    return row | dict(line.about)
