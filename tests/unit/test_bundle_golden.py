"""Made-up rows: drawn from the models, scored again by every load, and what they notice."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from earlywarn.bundle.golden import GoldenRows, make_golden_rows
from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.protocol import GOLDEN_ROWS
from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.write import write_bundle
from earlywarn.errors import BundleError
from earlywarn.model.fit import TreeModel, booster_from_text
from earlywarn.model.fitted import Fitted
from sealed import seal
from small_bundle import contents, people


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("models"), contents())


@pytest.fixture
def bundle(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "copy"))


def rows_of(bundle: Path) -> GoldenRows:
    return GoldenRows.model_validate_json((bundle / GOLDEN_ROWS).read_bytes())


def edit_first(bundle: Path, pattern: str, to: str, file: str = "model.txt") -> None:
    """Edit a file as someone would who knows its form: all lengths and hashes match afterwards."""
    text = (bundle / file).read_text()
    found = re.search(pattern, text, flags=re.MULTILINE)
    assert found is not None
    (bundle / file).write_text(text.replace(found[0], to.ljust(len(found[0]), "0"), 1))
    seal(bundle)


@pytest.mark.parametrize("logistic", [False, True])
def test_the_rows_are_of_all_kinds_and_nobodys(logistic: bool) -> None:
    given = contents(logistic)
    rows = make_golden_rows(given.kept, given.tested)
    values = rows.values
    assert np.isnan(values[0]).all() and 0.05 < np.isnan(values[1:]).mean() < 0.3
    assert len(set(rows.kept.raw)) > len(values) / 3, "rows that all score alike would notice little"
    for feature in range(values.shape[1]):
        shared = np.intersect1d(values[:, feature], people()[0][:, feature])
        assert len(shared[~np.isnan(shared)]) <= len(values) / 4, "at most a limit that a model learnt is a value seen"


def test_the_same_models_give_the_same_rows() -> None:
    given = contents()
    assert make_golden_rows(given.kept, given.tested) == make_golden_rows(given.kept, given.tested)


def test_rows_survive_being_written(bundle: Path) -> None:
    given = contents()
    np.testing.assert_array_equal(rows_of(bundle).values, make_golden_rows(given.kept, given.tested).values)


@pytest.mark.parametrize("file", ["model.txt", "tested_model.txt"])
def test_a_leaf_that_was_edited_with_all_hashes_is_noticed(bundle: Path, file: str) -> None:
    edit_first(bundle, r"(?<=^leaf_value=)\S+", "0.5", file)
    with pytest.raises(BundleError, match="gives other scores here"):
        read_bundle(bundle)


def test_a_threshold_that_was_edited_with_all_hashes_is_noticed(bundle: Path) -> None:
    edit_first(bundle, r"(?<=^threshold=)\S+", "9.5")
    with pytest.raises(BundleError, match="the kept model gives other scores"):
        read_bundle(bundle)


def test_a_calibration_that_was_edited_with_all_hashes_is_noticed(bundle: Path) -> None:
    edit_first(bundle, r"\b0\.3\b", "0.4", "calibration.json")
    with pytest.raises(BundleError, match="the calibration of the kept model gives other scores"):
        read_bundle(bundle)


def test_a_machine_that_computes_otherwise_is_told_what_to_do(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = TreeModel.raw_score
    monkeypatch.setattr(TreeModel, "raw_score", lambda model, values: right(model, values) + 1e-8)
    with pytest.raises(BundleError, match="other scores here") as refused:
        read_bundle(bundle)
    assert "libraries that the manifest names" in refused.value.fix


def test_rounding_is_not_another_score(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = TreeModel.raw_score
    monkeypatch.setattr(TreeModel, "raw_score", lambda model, values: right(model, values) * (1 + 1e-13))
    read_bundle(bundle)


def test_an_edit_that_is_consistent_in_everything_is_not_noticed_here(bundle: Path) -> None:
    """What a signature is for: someone with earlywarn at hand can make any bundle."""
    edit_first(bundle, r"(?<=^leaf_value=)\S+", "0.5")
    given = contents()
    kept = Fitted(TreeModel(booster_from_text((bundle / "model.txt").read_text())), given.kept.calibration)
    rows = make_golden_rows(kept, given.tested)
    (bundle / GOLDEN_ROWS).write_bytes(canonical(json.loads(rows.model_dump_json())))
    seal(bundle)
    assert read_bundle(bundle).golden == rows
