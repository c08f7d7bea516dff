"""A model that could see its own outcome: refused where the config says so, told where the result does."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from command_line import Ran, earlywarn_here, quick_config
from demo_folder import Demo

Rewrite = Callable[[str, str], Path]


@pytest.fixture
def rewrite(demo: Demo, tmp_path: Path) -> Rewrite:
    """Return what writes the demo's data folder anew, with one table as a query makes it."""

    def write(table: str, query: str) -> Path:
        data = shutil.copytree(demo.data, tmp_path / "data")
        (path,) = data.glob(f"{table}.*")
        with duckdb.connect() as db:
            for other in demo.data.glob("*.*"):
                db.execute(f"CREATE VIEW {other.name.split('.')[0]} AS FROM '{other}'")
            path.unlink()
            db.execute(f"COPY ({query}) TO '{data / table}.parquet' (FORMAT parquet)")
        return data

    return write


def test_a_window_that_begins_before_its_date_is_refused(rewrite: Rewrite, tmp_path: Path) -> None:
    """Half-terms called 1 and 2 in every term: the "1" that comes next seems to begin in September."""
    data = rewrite("calendar", "SELECT * REPLACE (right(half_term, 1) AS half_term) FROM calendar")
    ran = train(quick_config(tmp_path, "pupil-absence", outcome={"window": "next_half_term"}), data, tmp_path)
    assert ran.code == 12, ran.err
    assert "LeakageError: outcome.window is 'next_half_term'" in ran.err
    assert "a name of its own" in ran.err
    assert not (tmp_path / "models").exists()


def test_a_column_that_knows_the_outcome_is_named(rewrite: Rewrite, tmp_path: Path) -> None:
    """An exit interview, entered in the staff record of all who were to leave."""
    to_leave = "person_id IN (SELECT person_id FROM leavers WHERE resigned_on < DATE '2026-08-01')"
    data = rewrite("staff", f"SELECT *, ({to_leave})::INTEGER AS exit_interview FROM staff")
    config = quick_config(tmp_path, "staff-resignation", extra={"exit_interview": "number"}, fixed=["exit_interview"])
    ran = train(config, data, tmp_path)
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    (warning,) = said["warnings"]
    assert warning.startswith("Too good to be true: exit_interview alone")
    assert warning in (Path(said["bundle"]) / "report.html").read_text(encoding="utf-8")


def test_an_honest_model_is_not_suspected(demo: Demo) -> None:
    assert json.loads((demo.bundle / "metrics.json").read_text(encoding="utf-8"))["warnings"] == []


def train(config: Path, data: Path, folder: Path) -> Ran:
    out, private, mlruns = (folder / name for name in ("models", "private", "mlruns"))
    words = ("train", config, "--data", data, "--out", out, "--private", private, "--mlruns", mlruns, "--json")
    return earlywarn_here(*words)
