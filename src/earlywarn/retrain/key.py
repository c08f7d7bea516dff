"""What a version is made from, as one hash: where it is the same, training again would make the same version.

In:  the content of the data folder, the config, the questionnaires; the code itself is part of it.
Out: the key, which a training keeps in `metrics.json`, and the newest version that has it.

Paths are beside the point: what lies there counts. Of a file of people to leave out only the hash of all enters.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from earlywarn import __version__
from earlywarn.bundle.manifest import canonical, installed_libraries
from earlywarn.bundle.read import Bundle, read_version
from earlywarn.bundle.write import versions
from earlywarn.config import Config
from earlywarn.errors import BundleError
from earlywarn.features.kept import code_digest
from earlywarn.surveys.instrument import Instrument
from earlywarn.tables.people_file import read_people
from earlywarn.tables.readers.folder import digest, find_files

KEY = "run_key"


def run_key(data: str, config: Config, instruments: Mapping[str, Instrument]) -> str:
    """Return the hash of everything that shapes a version; `data` is the digest of the folder's files."""
    left_out = sorted(set(read_people(config.exclude, "exclude"))) if config.exclude else []
    made_from = {
        "data": data,
        "left_out": hashlib.sha256(canonical(left_out)).hexdigest(),
        "config": config.model_dump(mode="json", exclude={"data", "exclude"}),
        "instruments": {name: one.model_dump(mode="json") for name, one in instruments.items()},
        "versions": {"earlywarn": __version__, "code": code_digest(), **installed_libraries()},
    }
    return hashlib.sha256(canonical(made_from)).hexdigest()


def digest_of_folder(data: Path) -> str:
    """Return the digest of a data folder's files, as `open_store` finds it, without reading a table."""
    paths, _ = find_files(data)
    return digest(list(paths.values()))


def version_with(models: Path, name: str, key: str) -> Bundle | None:
    """Return the newest whole version that was made from the same, or None."""
    for version in reversed(versions(models, name)):
        try:
            bundle = read_version(models, name, version)
        except BundleError:
            continue
        if bundle.metrics.get(KEY) == key:
            return bundle
    return None
