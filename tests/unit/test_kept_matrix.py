"""The kept feature matrix: used again while nothing has changed, and made anew as soon as anything that matters has."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from earlywarn.cohort import cohort
from earlywarn.config import ModelSettings
from earlywarn.features import kept
from earlywarn.features.build import Matrix
from earlywarn.features.catalogue import catalogue
from earlywarn.features.kinds import Kinds
from small_folder import VIEWS
from text_school import marks, pupils, school

AS_OF = date(2024, 10, 7)
ROLL = pupils("""
    ann  100001  5  2023-09-04
    ben  100001  5  2023-09-04
""")
REGISTER = marks("""
    ann  100001  2024-09-30  // I/ // // //
    ben  100001  2024-09-30  // // // // //
""")
WAVES = "wave_id,instrument,audience,opens_on,closes_on\nw1,views,pupil,2024-09-16,2024-09-22\n"
ANSWERS = "wave_id,person_id,item,answer\nw1,ann,likes,4\nw1,ben,likes,2\n"


@contextmanager
def computed(folder: Path, **changed: Any) -> Iterator[Matrix]:
    """Compute, or take again, the matrix of the small school in `folder`, with some of it changed."""
    kinds = changed.pop("kinds", Kinds())
    tables = {"pupils": ROLL, "attendance": REGISTER, "waves": WAVES, "responses": ANSWERS} | changed
    with school(folder, **tables) as sources:
        people = cohort(sources.store, sources.config, AS_OF)
        features = catalogue(sources.config, sources.instruments, {}, (), kinds, marks=True)
        yield kept.kept_matrix(folder / "private", sources, people, features)


@pytest.fixture
def computations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often a matrix is computed."""
    counted: list[int] = []
    build = kept.build_matrix

    def counting(*args: Any) -> Matrix:
        counted.append(1)
        return build(*args)

    monkeypatch.setattr(kept, "build_matrix", counting)
    return counted


def test_the_matrix_is_computed_once_and_comes_back_as_it_was(tmp_path: Path, computations: list[int]) -> None:
    with computed(tmp_path) as first, computed(tmp_path) as again:
        assert len(computations) == 1
        assert again.values.dtype == np.float32
        assert np.array_equal(first.values, again.values, equal_nan=True)
        assert again.names == first.names
        assert again.people.equals(first.people)


def test_the_file_is_parquet_and_its_manifest_says_what_it_was_made_from(tmp_path: Path) -> None:
    with computed(tmp_path, kinds=Kinds(events=("call",))) as matrix:
        folder = tmp_path / "private" / "features" / "test"
        assert pq.read_schema(folder / "matrix.parquet").names == ["person_id", "school_id", "as_of", *matrix.names]
        made_from = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["made_from"]
        assert {"data", "config", "instruments", "features", "versions"} <= set(made_from)
        assert [one["source"] for one in made_from["features"] if one["name"] == "call_events_6w"] == ["call"]
        assert '"ann"' not in (folder / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "changed",
    [
        {"attendance": REGISTER.replace("PM,I", "PM,/").replace("AM,I", "AM,/")},
        {"responses": ANSWERS.replace("ann,likes,4", "ann,likes,5")},
        {"pupils": ROLL.replace("ben,100001,5", "ben,100001,6")},
        {"config": {"settle_days": 5}},
        {"config": {"data_to": date(2024, 11, 1)}},
        {"config": {"fixed": ("sex",)}},
        {"instruments": {"views": VIEWS.model_copy(update={"title": "Other views"})}},
        {"kinds": Kinds(events=("call",))},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_matters_makes_it_anew(tmp_path: Path, computations: list[int], changed: dict[str, Any]) -> None:
    with computed(tmp_path), computed(tmp_path, **changed):
        assert len(computations) == 2


def test_what_does_not_matter_does_not(tmp_path: Path, computations: list[int]) -> None:
    with computed(tmp_path), computed(tmp_path, config={"model": ModelSettings(trials=3)}):
        assert len(computations) == 1


def test_other_people_to_leave_out_make_it_anew(tmp_path: Path, computations: list[int]) -> None:
    """The one left out may be nobody of the cohort, and still be counted in a feature of others."""
    left_out = tmp_path / "left-out.txt"
    for names in ("zoe\n", "zoe\nyan\n", "zoe\nyan\n"):
        left_out.write_text(names, encoding="utf-8")
        with computed(tmp_path, config={"exclude": left_out}):
            pass
    assert len(computations) == 2


def test_another_version_of_the_code_makes_it_anew(
    tmp_path: Path, computations: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with computed(tmp_path):
        monkeypatch.setattr(kept, "code_digest", lambda: "other")
        with computed(tmp_path):
            assert len(computations) == 2


@pytest.mark.parametrize("file", ["matrix.parquet", "manifest.json"])
def test_a_damaged_file_is_not_believed(tmp_path: Path, computations: list[int], file: str) -> None:
    with computed(tmp_path) as first:
        path = tmp_path / "private" / "features" / "test" / file
        path.write_bytes(path.read_bytes()[:-7] + b"garbage")
        with computed(tmp_path) as again:
            assert len(computations) == 2
            assert np.array_equal(first.values, again.values, equal_nan=True)
