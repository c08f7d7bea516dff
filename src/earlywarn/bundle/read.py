"""Read a bundle without trusting it.

In:  the folder of a bundle.
Out: a `Bundle` that can score, or a `BundleError` that names the file and what is wrong with it.

The order is the point: sizes, manifest, hashes, schemas, the structure of the
trees; only then is a model built. Every file is read once, so what was checked
is what is used. Hashes tell damage and mistakes, not a forger, who could write
new ones: take bundles only from where you would take the data.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from lightgbm.basic import LightGBMError

from earlywarn.bundle.manifest import FeatureFile, FeatureRecord, Manifest, bundle_digest, canonical
from earlywarn.bundle.protocol import FORMAT, MANIFEST, MOST_BYTES, files_of, model_file, tested_file
from earlywarn.bundle.trees import checked_text
from earlywarn.errors import BundleError
from earlywarn.model import Model
from earlywarn.model.calibrate import Calibration, calibration_from_dict
from earlywarn.model.fit import TreeModel, booster_from_text
from earlywarn.model.fitted import Fitted
from earlywarn.model.logistic import LogisticModel, logistic_from_dict
from earlywarn.surveys.instrument import Instrument

Content = Mapping[str, bytes]
Built = TypeVar("Built")


@dataclass(frozen=True)
class Bundle:
    """A bundle that was read and found whole."""

    path: Path
    manifest: Manifest
    features: tuple[FeatureRecord, ...]
    instruments: tuple[Instrument, ...]
    kept: Fitted
    tested: Fitted
    metrics: Mapping[str, Any]
    audit: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the matrix that the models expect, in order."""
        return tuple(feature.name for feature in self.features)


def read_bundle(path: Path) -> Bundle:
    """Read a bundle; whatever is wrong with it is found before a model is built."""
    content = _read_files(path)
    manifest = _read_manifest(content)
    _check_files(manifest, content)
    features = _build(FeatureFile.model_validate_json, content["features.json"], "features.json")
    calibrations = _calibrations(content)
    metrics, audit = (_read_json(content, name) for name in ("metrics.json", "audit.json"))
    kept, tested = (
        _fitted(_read_model(manifest, content, file, features.names), calibration, file)
        for file, calibration in zip(
            (model_file(manifest.model), tested_file(manifest.model)), calibrations, strict=True
        )
    )
    return Bundle(path, manifest, features.features, features.instruments, kept, tested, metrics, audit)


def _damaged(file: str, what: str) -> BundleError:
    return BundleError(f"{file}: {what}", fix="restore the bundle from a copy, or train it again")


def _read_files(path: Path) -> Content:
    """Read every file once; what is checked later is what was read, whatever happens to the folder."""
    if not (path / MANIFEST).is_file():
        raise BundleError(f"{path}: not a bundle: {MANIFEST} is missing", fix="give a folder such as models/NAME/1")
    known = files_of("trees") | files_of("logistic") | {MANIFEST}
    content = {}
    for file in sorted(path.iterdir()):
        if file.name not in known or file.is_symlink() or not file.is_file():
            raise BundleError(f"{path}: holds something that is no part of a bundle", fix="move out what was added")
        if file.stat().st_size > MOST_BYTES:
            raise _damaged(file.name, f"larger than {MOST_BYTES:,} bytes")
        content[file.name] = file.read_bytes()
    return content


def _read_manifest(content: Content) -> Manifest:
    """Check the format before the rest, then that the manifest is, byte for byte, what was written."""
    if (found := _read_json(content, MANIFEST).get("format")) != FORMAT:
        raise BundleError(
            f"{MANIFEST}: format {found if isinstance(found, int) else 'unknown'}; this earlywarn reads {FORMAT}",
            fix="install the earlywarn that wrote it, or train the model again with this one",
        )
    manifest = _build(Manifest.model_validate_json, content[MANIFEST], MANIFEST)
    if canonical(manifest.model_dump(mode="json")) != content[MANIFEST]:
        raise _damaged(MANIFEST, "not written as earlywarn writes it")
    if bundle_digest(manifest) != manifest.digest:
        raise _damaged(MANIFEST, "edited: its digest is that of another content")
    return manifest


def _check_files(manifest: Manifest, content: Content) -> None:
    """Check that the files are those of this kind of bundle, and the ones that were written."""
    expected = files_of(manifest.model)
    if set(manifest.files) != expected:
        raise _damaged(MANIFEST, "lists other files than a bundle has")
    if lost := sorted(expected - set(content)):
        raise _damaged(lost[0], "missing")
    if added := sorted(set(content) - expected - {MANIFEST}):
        raise _damaged(added[0], f"does not belong to a model of {manifest.model}")
    for name, record in sorted(manifest.files.items()):
        if len(content[name]) != record.bytes:
            raise _damaged(name, f"{len(content[name]):,} bytes long, but {record.bytes:,} were written")
        if hashlib.sha256(content[name]).hexdigest() != record.sha256:
            raise _damaged(name, "changed since it was written: its hash is not that of the manifest")


def _read_json(content: Content, file: str) -> dict[str, Any]:
    found = _build(json.loads, content[file], file)
    if not isinstance(found, dict):
        raise _damaged(file, "not a JSON object")
    return found


def _calibrations(content: Content) -> tuple[Calibration, Calibration]:
    """Return the calibrations of the kept and of the tested model."""
    file = "calibration.json"
    found = _read_json(content, file)
    kept, tested = (_build(calibration_from_dict, found.get(which), file) for which in ("kept", "tested"))
    _check_rewritten({"kept": kept.as_dict(), "tested": tested.as_dict()}, content, file)
    return kept, tested


def _read_model(manifest: Manifest, content: Content, file: str, names: tuple[str, ...]) -> Model:
    if manifest.model == "trees":
        return TreeModel(_build(booster_from_text, checked_text(content[file], names, file), file))
    model: LogisticModel = _build(logistic_from_dict, _read_json(content, file), file)
    _check_rewritten(model.as_dict(), content, file)
    if model.names != names:
        raise _damaged(file, "the model's features are not those of features.json")
    return model


def _fitted(model: Model, calibration: Calibration, file: str) -> Fitted:
    """Put model and calibration together; someone of whom nothing is known must get a probability."""
    fitted = Fitted(model, calibration)
    unknown = np.full((1, len(model.names)), np.nan, dtype=np.float32)
    if not 0 <= _build(fitted.risk, unknown, file)[0] <= 1:
        raise _damaged(file, "does not give a probability")
    return fitted


def _check_rewritten(built: Mapping[str, Any], content: Content, file: str) -> None:
    """Check that what was built is all there is, in numbers that are finite: written again it is the same bytes."""
    if _build(canonical, built, file) != content[file]:
        raise _damaged(file, "not written as earlywarn writes it")


def _build(build: Callable[[Any], Built], source: Any, file: str) -> Built:
    """Build something from a file's content; whatever the builder objects to is damage to that file."""
    try:
        return build(source)
    except (LightGBMError, BundleError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise _damaged(file, "its content is not of the form that earlywarn writes") from None
    except RecursionError:
        raise _damaged(file, "nested too deeply") from None
