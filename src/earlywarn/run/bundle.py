"""Look after what is kept: is a bundle whole, and who stands behind it?"""

from pathlib import Path

from earlywarn.bundle.files import read_files
from earlywarn.bundle.protocol import SIGNATURE
from earlywarn.bundle.read import bundle_of
from earlywarn.bundle.signature import private_key, public_key, write_signature
from earlywarn.bundle.verify import Verified, verified


def verify_bundle(bundle: Path, key_file: Path | None = None) -> Verified:
    """Check everything about a bundle; with a public key, also that its owner signed it."""
    return _verify(bundle, public_key(key_file) if key_file else "")


def sign_bundle(bundle: Path, key_file: Path) -> Verified:
    """Sign a bundle that is whole with a private key, and read it again; an earlier signature gives way."""
    key = private_key(key_file)
    unsigned = {name: content for name, content in read_files(bundle).items() if name != SIGNATURE}
    bundle_of(unsigned, bundle)
    return _verify(bundle, write_signature(bundle, unsigned, key))


def _verify(bundle: Path, key: str) -> Verified:
    content = read_files(bundle)
    return verified(bundle_of(content, bundle), content, key)
