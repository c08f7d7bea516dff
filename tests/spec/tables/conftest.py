"""A sound data folder, and what the checks find in it once it is broken."""

from pathlib import Path

import pytest

from earlywarn.tables.check import Finding
from earlywarn.tables.store import check_folder
from small_folder import INSTRUMENTS, Check, Write, write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """Return a writer of the sound folder, with some tables replaced or (None) left out."""

    def write(**tables: str | None) -> Path:
        return write_folder(tmp_path / "data", **tables)

    return write


@pytest.fixture
def found(folder: Write, tmp_path: Path) -> Check:
    """Return what the checks find in the sound folder with some tables replaced."""

    def check(**tables: str | None) -> tuple[Finding, ...]:
        return check_folder(folder(**tables), tmp_path / "private", INSTRUMENTS)[1]

    return check
