"""Names of pupils are joined on the school's side; no error repeats one."""

from pathlib import Path

import pytest

from earlywarn.errors import TableError
from earlywarn.report.names import read_names

_SCORED = {"P0000", "P0001"}


def _file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "names.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_those_who_are_scored_are_named_and_others_are_counted(tmp_path: Path) -> None:
    found = read_names(_file(tmp_path, "person_id,name\nP0000,  Ada  Lovelace\nP9999,Nobody\nP0001,\n"), _SCORED)
    assert found.of == {"P0000": "Ada Lovelace"}
    assert found.ignored == 1


def test_a_file_that_a_spreadsheet_saved_is_read(tmp_path: Path) -> None:
    found = read_names(
        _file(tmp_path, 'name,form,person_id\r\n"O\'Brien, Zoë",9B,P0000\r\n,,\r\n', "utf-8-sig"), _SCORED
    )
    assert found.of == {"P0000": "O'Brien, Zoë"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\nP0000,Ada\n", "row 1: has no column person_id"),
        ("person_id,name,name\nP0000,Ada,Lovelace\n", "row 1: has more than one column name"),
        ("", "row 1: has no column person_id"),
        ("person_id,name\nP0000,Ada\nP0001,Bo\nP0000,Ada\n", "row 4, column person_id: the same person as in row 2"),
        ("person_id,name\nP0000,Ada\n ,Bo\n", "row 3, column person_id: empty"),
    ],
)
def test_a_wrong_file_is_refused_by_row_and_column(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(TableError) as refused:
        read_names(_file(tmp_path, text), _SCORED)
    assert says in str(refused.value)
    assert not any(secret in str(refused.value) for secret in ("Ada", "Bo", "P000"))


def test_a_file_in_another_encoding_is_refused_without_showing_it(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="UTF-8") as refused:
        read_names(_file(tmp_path, "person_id,name\nP0000,Zoë\n", "cp1252"), _SCORED)
    assert "Zo" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        read_names(tmp_path / "nowhere.csv", _SCORED)
