"""Who stands behind a bundle: an Ed25519 signature over its manifest, which holds the hashes of everything else.

In:  a bundle's files and a key.
Out: `signature.json`, beside the files it vouches for; or a `BundleError` where one is there that does not hold.

The bytes of `manifest.json` are signed as they are: `openssl` can check a signature without us. A signature proves who
signed, not that they should have: that is for whoever knows the key (`earlywarn bundle verify --key`).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from earlywarn.bundle.files import Content, damaged
from earlywarn.bundle.forms import built, check_rewritten
from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.protocol import MANIFEST, SIGNATURE
from earlywarn.errors import ConfigError
from earlywarn.folders import half_made

if TYPE_CHECKING:  # imported only where a bundle is signed: it takes longer than reading one
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signature(BaseModel):
    """`signature.json`: whose key it was, and what it made of the manifest's bytes; both in hexadecimal digits."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    algorithm: Literal["ed25519"]
    public_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


def signer(content: Content) -> str:
    """Return the public key whose owner signed these files, in hexadecimal digits; "" where nobody did."""
    if SIGNATURE not in content:
        return ""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found = built(Signature.model_validate_json, content[SIGNATURE], SIGNATURE)
    check_rewritten(found.model_dump(), content, SIGNATURE)
    key = built(Ed25519PublicKey.from_public_bytes, bytes.fromhex(found.public_key), SIGNATURE)
    try:
        key.verify(bytes.fromhex(found.signature), content[MANIFEST])
    except InvalidSignature:
        raise damaged(SIGNATURE, f"is not a signature of this {MANIFEST}: one of the two was changed") from None
    return found.public_key


def write_signature(bundle: Path, content: Content, key: "Ed25519PrivateKey") -> str:
    """Sign the manifest that was read, and return the public key; an earlier signature gives way in one step."""
    signed = Signature(
        algorithm="ed25519",
        public_key=key.public_key().public_bytes_raw().hex(),
        signature=key.sign(content[MANIFEST]).hex(),
    )
    draft = half_made(bundle.parent, ".signature")
    draft.write_bytes(canonical(signed.model_dump()))
    draft.replace(bundle / SIGNATURE)
    return signed.public_key


def private_key(file: Path) -> "Ed25519PrivateKey":
    """Read the key to sign with, as `openssl genpkey -algorithm ed25519` writes it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_bytes(file), password=None)
    except TypeError:
        raise ConfigError(
            f"{file}: the key is locked with a passphrase",
            fix=f"unlock it on the way: openssl pkey -in {file} | earlywarn bundle sign BUNDLE --key /dev/stdin",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(
            f"{file}: not a private Ed25519 key in PEM", fix="make one: openssl genpkey -algorithm ed25519 -out key.pem"
        )
    return key


def public_key(file: Path) -> str:
    """Read the key to check a signature with, as `openssl pkey -pubout` writes it; in hexadecimal digits."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_bytes(file))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigError(
            f"{file}: not a public Ed25519 key in PEM",
            fix="take it from the private one: openssl pkey -in key.pem -pubout -out public.pem",
        )
    return key.public_bytes_raw().hex()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: the key cannot be read: {error.strerror}", fix="name the key's file") from None
