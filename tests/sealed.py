"""Hashes that match again after an edit: what someone can do who edits a bundle on purpose, without its key."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from earlywarn.bundle.manifest import canonical, digest_of
from earlywarn.bundle.protocol import MANIFEST


def sealed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with a manifest whose hashes and digest are theirs."""
    said = json.loads(files[MANIFEST])
    for name, record in said["files"].items():
        if name in files:
            record |= {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
    return {**files, MANIFEST: canonical(said | {"digest": digest_of(said)})}


def seal(bundle: Path) -> None:
    """Make hashes and digest of a folder match."""
    files = sealed({file.name: file.read_bytes() for file in bundle.iterdir()})
    (bundle / MANIFEST).write_bytes(files[MANIFEST])
