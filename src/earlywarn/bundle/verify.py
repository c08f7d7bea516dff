"""What was checked of a bundle and what was found, in words.

In:  a bundle that was read, so that all but one thing is known to hold, and the key that should have signed it.
Out: `Verified`, or a `BundleError` where another key signed it, or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from earlywarn.bundle.files import Content
from earlywarn.bundle.protocol import SIGNATURE
from earlywarn.bundle.read import Bundle
from earlywarn.errors import BundleError
from earlywarn.model.fit import TreeModel


@dataclass(frozen=True)
class Verified:
    """A bundle that is whole.

    checks    : what was checked, and what was found, in words.
    signed_by : the public key, in hexadecimal digits, whose owner signed it; empty for a bundle without signature.
    """

    bundle: Path
    name: str
    version: int
    format: int
    earlywarn: str
    signed_by: str
    checks: Mapping[str, str]


def verified(bundle: Bundle, content: Content, key: str) -> Verified:
    """Say what holds of a bundle; with a public key, in hexadecimal digits, also that its owner signed it."""
    manifest = bundle.manifest
    checks = {
        "files": f"{len(content)}, {sum(map(len, content.values())):,} bytes in all; none lost, added or too large",
        "hashes": "every file is the one that was written",
        "forms": f"manifest, {len(bundle.names)} features, calibrations and measures read as they should",
        "models": _models_words(bundle),
        "made-up rows": _rows_words(bundle),
        "signature": _signature_words(bundle.signed_by, key),
    }
    said = (manifest.name, manifest.version, manifest.format, manifest.earlywarn)
    return Verified(bundle.path, *said, bundle.signed_by, checks)


def _models_words(bundle: Bundle) -> str:
    match bundle.kept.model, bundle.tested.model:
        case TreeModel() as kept, TreeModel() as tested:
            return f"{kept.booster.num_trees()} trees in use and {tested.booster.num_trees()} tested, all well formed"
        case _:
            return "two logistic regressions, each with one number a feature"


def _rows_words(bundle: Bundle) -> str:
    if bundle.golden is None:
        return f"none: a bundle of format {bundle.manifest.format} has none"
    return f"both models score all {len(bundle.golden.rows)} as they did when it was written"


def check_signer(signed_by: str, key: str) -> None:
    """Refuse a bundle that the owner of a public key, in hexadecimal digits, has not signed."""
    if not signed_by:
        raise BundleError(f"{SIGNATURE}: missing, so nobody stands behind it", fix="ask for a signed copy")
    if signed_by != key:
        raise BundleError(
            f"{SIGNATURE}: signed by the owner of another key, {signed_by}", fix="ask where it comes from"
        )


def _signature_words(signed_by: str, key: str) -> str:
    if key:
        check_signer(signed_by, key)
        return f"by the owner of the key {signed_by}"
    return f"by the key {signed_by}; give --key to know that it is the right one" if signed_by else "none"
