"""The JSON of a bundle, held to its form before anything is built from it.

In:  bytes that were read.
Out: what they say, typed; or a `BundleError` that names the file. Numbers are finite, types are not guessed
     ("1" is no number), unknown keys are refused; the manifest and the calibrations are, byte for byte, what
     earlywarn writes, which leaves no room for a key that is there twice.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, TypeVar

from lightgbm.basic import LightGBMError
from pydantic import BaseModel, ConfigDict, FiniteFloat
from pydantic_core import from_json

from earlywarn.bundle.files import Content, damaged
from earlywarn.bundle.manifest import FeatureFile, Manifest, canonical, digest_of
from earlywarn.bundle.protocol import MANIFEST, READ
from earlywarn.errors import BundleError
from earlywarn.model.calibrate import Calibration, Isotonic, calibration_from_dict

Built = TypeVar("Built")

_OBJECTIONS = (
    *(LightGBMError, BundleError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError),
)


class _Open(BaseModel):
    """A form that holds what is read by programs, and lets the rest be."""

    model_config = ConfigDict(extra="allow", strict=True)


class _Estimate(_Open):
    value: FiniteFloat | None = None
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None


class _Metrics(_Open):
    """The parts of `metrics.json` that scoring, listing and MLflow read."""

    populations: dict[str, dict[str, dict[str, _Estimate | None]]] = {}
    lists: dict[str, dict[str, Any]] = {}
    features: dict[str, Any] = {}
    trials: list[dict[str, Any]] | None = None


class _Audit(_Open):
    reading: list[str] | None = None


def built(build: Callable[[Any], Built], source: Any, file: str) -> Built:
    """Build something from a file's content; whatever the builder objects to is damage to that file."""
    try:
        return build(source)
    except _OBJECTIONS:
        raise damaged(file, "its content is not of the form that earlywarn writes") from None


def json_object(content: Content, file: str) -> dict[str, Any]:
    """Return the object that a JSON file holds."""
    found = built(lambda text: from_json(text, allow_inf_nan=False), content[file], file)
    if not isinstance(found, dict):
        raise damaged(file, "not a JSON object")
    return found


def manifest_of(content: Content) -> Manifest:
    """Check the format before the rest, then that the manifest is, byte for byte, what was written."""
    said = json_object(content, MANIFEST)
    if (found := said.get("format")) not in READ:
        number = found if isinstance(found, int) else "unknown"
        raise BundleError(
            f"{MANIFEST}: format {number}; this earlywarn reads {READ[0]} to {READ[-1]}",
            fix="install the earlywarn that wrote it, or train the model again with this one",
        )
    manifest = built(lambda text: Manifest.model_validate_json(text, strict=True), content[MANIFEST], MANIFEST)
    check_rewritten(said, content, MANIFEST)  # not the manifest's own dump: later versions of earlywarn add fields
    if digest_of(said) != manifest.digest:
        raise damaged(MANIFEST, "edited: its digest is that of another content")
    return manifest


def features_of(content: Content) -> FeatureFile:
    """Return the columns of the matrix and the questionnaires behind them; no column is there twice."""
    file = "features.json"
    found = built(lambda text: FeatureFile.model_validate_json(text, strict=True), content[file], file)
    if len(set(found.names)) < len(found.names):
        raise damaged(file, "a feature is there twice")
    return found


def measures_of(content: Content) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return `metrics.json` and `audit.json`; of both, the parts that programs read are of their form."""
    metrics, audit = (json_object(content, file) for file in ("metrics.json", "audit.json"))
    built(_Metrics.model_validate, metrics, "metrics.json")
    built(_Audit.model_validate, audit, "audit.json")
    return metrics, audit


def calibrations_of(content: Content) -> tuple[Calibration, Calibration]:
    """Return the calibrations of the kept and of the tested model; neither turns a ranking round."""
    file = "calibration.json"
    found = json_object(content, file)
    kept, tested = (built(calibration_from_dict, found.get(which), file) for which in ("kept", "tested"))
    check_rewritten({"kept": kept.as_dict(), "tested": tested.as_dict()}, content, file)
    if not (_rises(kept) and _rises(tested)):
        raise damaged(file, "a probability falls where the score rises, or lies outside 0 and 1")
    return kept, tested


def _rises(calibration: Calibration) -> bool:
    if not isinstance(calibration, Isotonic):
        return calibration.slope >= 0
    forward = all(one < other for one, other in pairwise(calibration.x))
    upward = all(one <= other for one, other in pairwise(calibration.y))
    return forward and upward and calibration.y[0] >= 0 and calibration.y[-1] <= 1


def check_rewritten(said: Mapping[str, Any], content: Content, file: str) -> None:
    """Check that what was read is all there is, in numbers that are finite: written again it is the same bytes."""
    if built(canonical, said, file) != content[file]:
        raise damaged(file, "not written as earlywarn writes it")
