"""Names of pupils: from the school's own file to the packs, and nowhere else.

In:  a CSV file with the columns `person_id` and `name`.
Out: a name for each person of the scores whom the file knows. No error repeats a name or an id.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from earlywarn.errors import TableError
from earlywarn.report.spreadsheet import read_csv

_COLUMNS = ("person_id", "name")


@dataclass(frozen=True)
class Names:
    """A name for a person_id; `ignored` counts people of the file who are not among the scored."""

    of: Mapping[str, str]
    ignored: int


def read_names(path: Path, scored: Collection[str]) -> Names:
    """Read the names of those who are scored; somebody twice, or without an id, is an error."""
    found: dict[str, str] = {}
    first_row: dict[str, int] = {}
    for row in read_csv(path, _COLUMNS):
        person, name = row.text("person_id"), " ".join(row.text("name").split())
        if not person:
            raise TableError(f"{path}, row {row.number}, column person_id: empty", fix="fill it in, or drop the row")
        if person in first_row:
            raise TableError(
                f"{path}, row {row.number}, column person_id: the same person as in row {first_row[person]}",
                fix="keep one row a person",
            )
        first_row[person] = row.number
        found[person] = name
    known = {person: name for person, name in found.items() if person in scored and name}
    return Names(known, len(found.keys() - set(scored)))
