"""What a table is: columns with kinds, keys and the day from which a row is known.

Documentation, reading and checking all go by these; each subject's module
(`pupils.py`, `attendance.py`, ...) holds its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["id", "text", "date", "whole", "number", "flag", "category"]
People = Literal["pupils", "staff", "by population", "by wave"]

SQL_TYPES: dict[Kind, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "date": "DATE",
    "whole": "INTEGER",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "category": "VARCHAR",
}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    needed       : the file must have it; its cells may be empty only if `may_be_empty`.
    values       : what a category may be, in any case of letters; empty: anything.
    low, high    : bounds of a whole or a number, both allowed.
    stands_for   : what an empty cell, or a file without the column, means.
    """

    name: str
    kind: Kind
    means: str
    needed: bool = False
    may_be_empty: bool = False
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    stands_for: str | None = None

    @property
    def sql_type(self) -> str:
        """The DuckDB type that its values are kept in."""
        return SQL_TYPES[self.kind]

    @property
    def must_be_filled(self) -> bool:
        """Whether an empty cell is an error."""
        return self.needed and not self.may_be_empty


@dataclass(frozen=True)
class Table:
    """A table of a data folder.

    key      : columns that no two rows may share; empty: rows may repeat.
    people   : whose identifiers `person_id` holds, where there are any.
    known_by : SQL for the day from which a row is known, where `known_on` is not given.
    kept_as  : SQL over the columns for what is kept in a column's place, or as a column more.
    """

    name: str
    one_row_is: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    people: People | None = None
    known_by: str | None = None
    kept_as: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


# Columns that several tables share, said once.
PERSON = Column("person_id", "id", "the person, by the same identifier in every table", needed=True)
SCHOOL = Column("school_id", "id", "the school's URN", needed=True)
KNOWN_ON = Column("known_on", "date", "the day from which the school could have known the row")
POPULATION = Column(
    "population",
    "category",
    "whose identifier it is; pupils where nothing is said",
    values=("pupils", "staff"),
    stands_for="pupils",
)
