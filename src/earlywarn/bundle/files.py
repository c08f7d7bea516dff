"""The files of a bundle as bytes, read once: what is checked later is what is used, whatever happens to the folder.

In:  the folder of a bundle, and later its manifest.
Out: `Content`, bytes by name, of the right names, sizes and hashes; or a `BundleError` that names the file.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from earlywarn.bundle.manifest import Manifest
from earlywarn.bundle.protocol import ENDINGS, MANIFEST, SIGNATURE, files_of, most_bytes
from earlywarn.errors import BundleError

Content = Mapping[str, bytes]

_OUTSIDE_THE_HASHES = {MANIFEST, SIGNATURE}


def damaged(file: str, what: str) -> BundleError:
    """Return the error that says what is wrong with a file."""
    return BundleError(f"{file}: {what}", fix="restore the bundle from a copy, or train it again")


def read_files(path: Path) -> Content:
    """Read a bundle's files; a link, a folder or a strange name is not followed, a file too large is not read."""
    if not (path / MANIFEST).is_file():
        raise BundleError(f"{path}: not a bundle: {MANIFEST} is missing", fix="give a folder such as models/NAME/1")
    known = _OUTSIDE_THE_HASHES.union(*(files_of(kind) for kind in ENDINGS))
    content = {}
    for file in path.iterdir():
        if file.name not in known or file.is_symlink() or not file.is_file():
            raise BundleError(f"{path}: holds something that is no part of a bundle", fix="move out what was added")
        content[file.name] = _read(file, most_bytes(file.name))
    return content


def _read(file: Path, most: int) -> bytes:
    """Read a file up to one byte more than it may have, so that one that grows meanwhile is noticed too."""
    with file.open("rb") as opened:
        found = opened.read(most + 1)
    if len(found) > most:
        raise damaged(file.name, f"larger than {most:,} bytes")
    return found


def check_files(manifest: Manifest, content: Content) -> None:
    """Check that the files are those of this kind of bundle, and the ones that were written."""
    expected = files_of(manifest.model, manifest.format)
    if set(manifest.files) != expected:
        raise damaged(MANIFEST, "lists other files than a bundle has")
    if lost := sorted(expected - set(content)):
        raise damaged(lost[0], "missing")
    if added := sorted(set(content) - expected - _OUTSIDE_THE_HASHES):
        raise damaged(added[0], f"does not belong to a model of {manifest.model} in format {manifest.format}")
    for name, record in sorted(manifest.files.items()):
        if len(content[name]) != record.bytes:
            raise damaged(name, f"{len(content[name]):,} bytes long, but {record.bytes:,} were written")
        if hashlib.sha256(content[name]).hexdigest() != record.sha256:
            raise damaged(name, "changed since it was written: its hash is not that of the manifest")
