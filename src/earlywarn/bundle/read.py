"""Read a bundle without trusting it.

In:  the folder of a bundle.
Out: a `Bundle` that can score, or a `BundleError` that names the file and what is wrong with it.

The order is the point: sizes, manifest, signature, hashes, schemas, the structure of the
trees; only then is a model built, and only one that scores the bundle's made-up rows as
they were scored when it was written is handed out. Hashes tell damage and mistakes, not a
forger, who could write new ones: that takes a signature (`signature`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from earlywarn.bundle.files import Content, check_files, damaged, read_files
from earlywarn.bundle.forms import (
    built,
    calibrations_of,
    check_rewritten,
    features_of,
    json_object,
    manifest_of,
    measures_of,
)
from earlywarn.bundle.golden import GoldenRows, check_golden_rows
from earlywarn.bundle.manifest import FeatureRecord, Manifest
from earlywarn.bundle.protocol import GOLDEN_ROWS, model_file, tested_file
from earlywarn.bundle.reference import Reference, read_reference
from earlywarn.bundle.signature import signer
from earlywarn.bundle.trees import checked_text
from earlywarn.errors import BundleError
from earlywarn.model import Model
from earlywarn.model.calibrate import Calibration
from earlywarn.model.fit import TreeModel, booster_from_text
from earlywarn.model.fitted import Fitted
from earlywarn.model.logistic import LogisticModel, logistic_from_dict
from earlywarn.surveys.instrument import Instrument


@dataclass(frozen=True)
class Bundle:
    """A bundle that was read and found whole.

    golden    : the made-up rows that were scored again; None in format 1, which had none.
    reference : what the data looked like in training; None before format 3, which had none.
    signed_by : the public key, in hexadecimal digits, whose owner signed it; empty for a bundle without signature.
    """

    path: Path
    manifest: Manifest
    features: tuple[FeatureRecord, ...]
    instruments: tuple[Instrument, ...]
    kept: Fitted
    tested: Fitted
    metrics: Mapping[str, Any]
    audit: Mapping[str, Any]
    golden: GoldenRows | None
    reference: Reference | None
    signed_by: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the matrix that the models expect, in order."""
        return tuple(feature.name for feature in self.features)


def read_bundle(path: Path) -> Bundle:
    """Read a bundle; whatever is wrong with it is found before a model is built."""
    return bundle_of(read_files(path), path)


def read_version(root: Path, name: str, version: int) -> Bundle:
    """Read a version of a model from the shelf; it must be the one that its folder says."""
    bundle = read_bundle(root / name / str(version))
    if (bundle.manifest.name, bundle.manifest.version) != (name, version):
        raise BundleError(
            f"{bundle.path}: holds {bundle.manifest.name} {bundle.manifest.version}",
            fix="put the bundles back into the folders of their own versions",
        )
    return bundle


def bundle_of(content: Content, path: Path) -> Bundle:
    """Return the bundle that the files of a folder, already read, make up."""
    manifest = manifest_of(content)
    signed_by = signer(content)
    check_files(manifest, content)
    features = features_of(content)
    metrics, audit = measures_of(content)
    golden = _golden_rows(content)
    reference = read_reference(content, features.names)
    calibrations = calibrations_of(content)
    models = _models(manifest, content, features.names)
    kept, tested = map(_fitted, models, calibrations, _model_files(manifest))
    if golden:
        check_golden_rows(golden, kept, tested)
    columns, asked = features.features, features.instruments
    return Bundle(path, manifest, columns, asked, kept, tested, metrics, audit, golden, reference, signed_by)


def _golden_rows(content: Content) -> GoldenRows | None:
    """Return the made-up rows; a bundle of format 1 has none."""
    if GOLDEN_ROWS not in content:
        return None
    return built(GoldenRows.model_validate_json, content[GOLDEN_ROWS], GOLDEN_ROWS)


def _model_files(manifest: Manifest) -> tuple[str, str]:
    return model_file(manifest.model), tested_file(manifest.model)


def _models(manifest: Manifest, content: Content, names: tuple[str, ...]) -> list[Model]:
    """Return the kept and the tested model; both are checked before either is built."""
    files = _model_files(manifest)
    if manifest.model == "logistic":
        return [_logistic(content, file, names) for file in files]
    texts = [checked_text(content[file], names, file) for file in files]
    return [TreeModel(built(booster_from_text, text, file)) for text, file in zip(texts, files, strict=True)]


def _logistic(content: Content, file: str, names: tuple[str, ...]) -> LogisticModel:
    model: LogisticModel = built(logistic_from_dict, json_object(content, file), file)
    check_rewritten(model.as_dict(), content, file)
    if model.names != names:
        raise damaged(file, "the model's features are not those of features.json")
    _check_columns(model, file)
    return model


def _check_columns(model: LogisticModel, file: str) -> None:
    """Check that there is one number a feature, and that scales are scales: a single number would serve for all."""
    scaling = vars(model.scaling).values()
    if any(len(column) != len(model.names) for column in (*scaling, model.coefficients, model.missing_coefficients)):
        raise damaged(file, "not one number a feature")
    if any(low > high for low, high in zip(model.scaling.low, model.scaling.high, strict=True)):
        raise damaged(file, "a value is held between limits that cross")


def _fitted(model: Model, calibration: Calibration, file: str) -> Fitted:
    """Put model and calibration together; people of whom nothing, or the extreme, is known must get a probability."""
    fitted = Fitted(model, calibration)
    extremes = np.array([np.nan, 0, 1e30, -1e30], dtype=np.float32)
    with np.errstate(all="ignore"):
        risk = built(fitted.risk, np.repeat(extremes[:, None], len(model.names), axis=1), file)
    if not ((risk >= 0) & (risk <= 1)).all():
        raise damaged(file, "does not give a probability")
    return fitted
