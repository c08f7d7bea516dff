"""A scores folder: packs are made of it alone; anything else is refused with a remedy."""

from dataclasses import replace
from pathlib import Path

import pytest

from earlywarn.errors import ConfigError, TableError
from earlywarn.report.contents import read_contents, write_contents
from earlywarn.report.scores import write_for_schools
from small_scores import contents, written

_FILES = ("about.json", "benchmarks.json", "left.parquet", "list_log.csv", "scores.parquet")


def test_what_is_read_and_written_again_is_the_same_bytes(tmp_path: Path) -> None:
    write_contents(read_contents(written(tmp_path / "first")), tmp_path / "second")
    for name in _FILES:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


def test_packs_made_from_the_folder_are_those_made_from_the_run(tmp_path: Path) -> None:
    write_for_schools(contents(), tmp_path / "run")
    write_for_schools(read_contents(written(tmp_path / "folder")), tmp_path / "again")
    ours = sorted(path.relative_to(tmp_path / "run") for path in (tmp_path / "run").rglob("*.*"))
    theirs = sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*"))
    assert ours == theirs
    assert all((tmp_path / "run" / one).read_bytes() == (tmp_path / "again" / one).read_bytes() for one in ours)


def test_names_are_not_written_into_the_folder(tmp_path: Path) -> None:
    write_contents(replace(contents(), names={"P0000": "Ada Lovelace"}), tmp_path)
    assert not any(b"Lovelace" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_log_without_somebody_who_is_listed_has_them_again_empty(tmp_path: Path) -> None:
    whole = contents().log
    (written(tmp_path) / "list_log.csv").unlink()
    assert read_contents(tmp_path).log == whole


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"not a scores folder.*about\.json"):
        read_contents(tmp_path)


def test_scores_of_staff_are_refused_kindly(tmp_path: Path) -> None:
    (written(tmp_path) / "staff.html").write_text("staff", encoding="utf-8")
    with pytest.raises(ConfigError, match="staff, who have no packs"):
        read_contents(tmp_path)


@pytest.mark.parametrize("name", [name for name in _FILES if name != "list_log.csv"])
@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"PAR1"])
def test_a_damaged_file_is_named_with_a_remedy(tmp_path: Path, name: str, damage: bytes) -> None:
    (written(tmp_path) / name).write_bytes(damage)
    with pytest.raises(TableError, match="not of this version") as refused:
        read_contents(tmp_path)
    assert name in str(refused.value)
    assert "score again" in str(refused.value)
