"""Write a bundle: the next version of a model.

In:  `BundleContents`, what a training run knows.
Out: the folder `<root>/<name>/<version>`, whole or not at all.

The folder is written beside its place, read back, and moved there in one step:
two runs never share a version, and a run that is killed leaves nothing that is
ever listed. The same contents give the same bytes, but for `made_on`.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from earlywarn import __version__
from earlywarn.bundle.golden import make_golden_rows
from earlywarn.bundle.manifest import (
    About,
    Data,
    FeatureFile,
    FeatureRecord,
    FileRecord,
    canonical,
    digest_of,
    installed_libraries,
)
from earlywarn.bundle.protocol import FORMAT, GOLDEN_ROWS, MANIFEST, REFERENCE, model_file, tested_file
from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.reference import Reference
from earlywarn.config import Config
from earlywarn.folders import half_made
from earlywarn.model import Model
from earlywarn.model.fit import TreeModel, booster_text
from earlywarn.model.fitted import Fitted
from earlywarn.model.logistic import LogisticModel
from earlywarn.surveys.instrument import Instrument


@dataclass(frozen=True)
class BundleContents:
    """What a training run hands over.

    kept      : fitted on all closed dates (`trained`): the model that is used.
    tested    : never saw the dates `tested_on`: the model that `metrics` and `audit` speak of.
    serves    : places in the school year, in school weeks, at which the kept model may score.
    metrics   : `metrics.json`; plain numbers, None where not estimable.
    reference : what the data looked like, in suppressed aggregates.
    pages     : from what is known of the bundle, version included, to what people read of it: `report.html`,
                `audit.html` and the papers.
    """

    config: Config
    kept: Fitted
    tested: Fitted
    features: tuple[FeatureRecord, ...]
    instruments: tuple[Instrument, ...]
    trained: tuple[date, ...]
    tested_on: tuple[date, ...]
    serves: tuple[int, ...]
    data: Data
    metrics: Mapping[str, Any]
    audit: Mapping[str, Any]
    audit_csv: str
    reference: Reference
    pages: Callable[[About], Mapping[str, str]]


def versions(root: Path, name: str) -> tuple[int, ...]:
    """Return the versions of a model that are there, oldest first."""
    folder = root / name
    found = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(int(path.name) for path in found if path.name.isdecimal() and path.is_dir()))


def write_bundle(root: Path, contents: BundleContents) -> Path:
    """Write the next version of a model and return its folder."""
    folder = root / contents.config.name
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        about = _about(contents, version=max(versions(root, contents.config.name), default=0) + 1)
        target = folder / str(about.version)
        if _publish(_files(about, contents), about, target):
            return target


def _publish(files: Mapping[str, bytes], about: About, target: Path) -> bool:
    """Write files and manifest beside their place and move them there; False if the version was just taken."""
    draft = half_made(target.parent, ".draft")
    draft.mkdir()
    try:
        for name, content in {**files, MANIFEST: _manifest_bytes(about, files)}.items():
            (draft / name).write_bytes(content)
        read_bundle(draft)  # what cannot be read again is not kept
        draft.rename(target)
    except OSError:
        if target.is_dir():
            return False
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def _about(contents: BundleContents, version: int) -> About:
    config = contents.config
    return About(
        name=config.name,
        version=version,
        population=config.population,
        model=_kind(contents.kept.model),
        outcome=config.outcome,
        config=config.model_dump(mode="json", exclude={"data", "exclude"}),
        trained=contents.trained,
        tested=contents.tested_on,
        serves=contents.serves,
        data=contents.data,
        earlywarn=__version__,
        libraries=installed_libraries(),
    )


def _kind(model: Model) -> Literal["trees", "logistic"]:
    return "trees" if isinstance(model, TreeModel) else "logistic"


def _files(about: About, contents: BundleContents) -> dict[str, bytes]:
    """Return every file of the bundle but its manifest."""
    features = FeatureFile(features=contents.features, instruments=contents.instruments)
    calibrations = {"kept": contents.kept.calibration.as_dict(), "tested": contents.tested.calibration.as_dict()}
    written = {name: page.encode() for name, page in contents.pages(about).items()}
    return written | {
        model_file(about.model): _model_bytes(contents.kept.model),
        tested_file(about.model): _model_bytes(contents.tested.model),
        "calibration.json": canonical(calibrations),
        "features.json": canonical(features.model_dump(mode="json")),
        GOLDEN_ROWS: canonical(make_golden_rows(contents.kept, contents.tested).model_dump(mode="json")),
        "metrics.json": canonical(contents.metrics),
        "audit.json": canonical(contents.audit),
        "audit.csv": contents.audit_csv.encode(),
        REFERENCE: canonical(contents.reference.model_dump(mode="json")),
    }


def _model_bytes(model: Model) -> bytes:
    match model:
        case TreeModel():
            return booster_text(model.booster).encode()
        case LogisticModel():
            return canonical(model.as_dict())
    raise TypeError(f"a bundle holds trees or a logistic model, not {type(model).__name__}")


def _manifest_bytes(about: About, files: Mapping[str, bytes]) -> bytes:
    records = {
        name: FileRecord(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content)).model_dump()
        for name, content in files.items()
    }
    said = about.model_dump(mode="json") | {"format": FORMAT, "files": records}
    return canonical(said | {"digest": digest_of(said), "made_on": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"})
