"""Bundles of every format there was, written by other Pythons and earlier versions, load and score as they did."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.protocol import FORMAT, GOLDEN_ROWS, MANIFEST, READ
from earlywarn.bundle.read import read_bundle
from earlywarn.errors import BundleError
from sealed import seal

KEPT = Path(__file__).parents[1] / "fixtures" / "bundles"
BUNDLES = sorted(KEPT.glob("*/*/"))


def edited(bundle: Path, name: str, **changed: Any) -> None:
    said = json.loads((bundle / name).read_text(encoding="utf-8"))
    (bundle / name).write_bytes(canonical(said | changed))
    seal(bundle)


def test_bundles_of_every_format_are_kept_of_both_kinds() -> None:
    kept = {(path.parent.name, path.name) for path in BUNDLES}
    assert kept == {(str(number), kind) for number in READ for kind in ("logistic", "trees")}


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_kept_bundle_scores_as_it_did_when_it_was_written(bundle: Path) -> None:
    found = read_bundle(bundle)
    expected = json.loads(bundle.with_suffix(".json").read_text(encoding="utf-8"))
    rows = np.array(expected["rows"], dtype=np.float32)
    assert found.manifest.format == int(bundle.parent.name)
    for fitted, said in ((found.kept, expected["kept"]), (found.tested, expected["tested"])):
        np.testing.assert_allclose(fitted.model.raw_score(rows), said["raw"], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(fitted.risk(rows), said["risk"], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(fitted.model.contributions(rows).sum(axis=1), said["raw"], rtol=1e-6, atol=1e-6)


def test_one_was_written_by_another_python_than_the_other() -> None:
    pythons = {json.loads((path / MANIFEST).read_text())["libraries"]["python"].rpartition(".")[0] for path in BUNDLES}
    assert len(pythons) > 1


def test_a_bundle_from_before_a_setting_existed_still_loads(tmp_path: Path) -> None:
    """A field that later versions add with a default is not held against the bundles before it."""
    bundle = Path(shutil.copytree(KEPT / "1" / "trees", tmp_path / "older"))
    outcome = json.loads((bundle / MANIFEST).read_text())["outcome"]
    without = {key: value for key, value in outcome.items() if key not in ("lead_weeks", "recorded")}
    edited(bundle, MANIFEST, outcome=without, earlywarn="0.0.9")
    assert read_bundle(bundle).manifest.outcome.lead_weeks == 0


def test_a_file_of_a_later_format_does_not_belong_to_an_older_bundle(tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(KEPT / "1" / "trees", tmp_path / "mixed"))
    shutil.copy(KEPT / "2" / "trees" / GOLDEN_ROWS, bundle)
    with pytest.raises(BundleError, match=r"golden_rows\.json: does not belong"):
        read_bundle(bundle)


@pytest.mark.parametrize("number", [0, FORMAT + 1, True, "2", None])
def test_a_format_that_is_none_is_refused(tmp_path: Path, number: object) -> None:
    bundle = Path(shutil.copytree(KEPT / "2" / "trees", tmp_path / "strange"))
    edited(bundle, MANIFEST, format=number)
    with pytest.raises(BundleError, match=MANIFEST):
        read_bundle(bundle)
