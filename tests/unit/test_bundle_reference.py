"""The reference in a bundle is read as it was written, is of its form, and tells of nobody."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.protocol import REFERENCE
from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.write import write_bundle
from earlywarn.errors import BundleError
from sealed import seal
from small_bundle import contents, reference

KEPT = Path(__file__).parents[1] / "fixtures" / "bundles"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("models"), contents())


def spoilt(written: Path, folder: Path, **changed: Any) -> Path:
    """Return a copy whose reference says something else, with a hash that matches."""
    copy = Path(shutil.copytree(written, folder / "copy"))
    said = json.loads((copy / REFERENCE).read_text(encoding="utf-8"))
    (copy / REFERENCE).write_bytes(canonical(said | changed))
    seal(copy)
    return copy


def test_what_was_written_is_read(written: Path) -> None:
    assert read_bundle(written).reference == reference()


@pytest.mark.parametrize("kept", ["1", "2"])
def test_older_bundles_have_none(kept: str) -> None:
    assert read_bundle(KEPT / kept / "logistic").reference is None


def dates(**changed: Any) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = json.loads(reference().model_dump_json())["dates"]
    return [said[0] | changed, *said[1:]]


@pytest.mark.parametrize(
    "changed",
    [
        {"edges": {"absence_rate": [0.1]}},
        {"score_edges": [0.4, 0.4]},
        {"dates": []},
        {"dates": dates(features={})},
        {"dates": dates(scores=[0.5, 0.5])},
        {"dates": dates(people=-1)},
        {"dates": dates(mean_risk="0.4")},
        {"tested": [{"population": "everyone"}]},
        {"unknown": 1},
    ],
)
def test_a_reference_of_another_form_is_refused(written: Path, tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(BundleError, match=r"reference\.json"):
        read_bundle(spoilt(written, tmp_path, **changed))
