"""Who stands behind a bundle: signing it, and what nobody can then do unnoticed."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from earlywarn.bundle.protocol import MANIFEST, SIGNATURE
from earlywarn.bundle.read import read_bundle
from earlywarn.errors import BundleError, ConfigError
from earlywarn.run.bundle import sign_bundle, verify_bundle
from sealed import seal

KEPT = Path(__file__).parents[1] / "fixtures" / "bundles" / "2" / "trees"

PrivateKey = Ed25519PrivateKey | X25519PrivateKey


def write_keys(folder: Path, key: PrivateKey, locked: KeySerializationEncryption | None = None) -> tuple[Path, Path]:
    private, public = folder / "key.pem", folder / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked or NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT, tmp_path / "1"))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return write_keys(tmp_path, Ed25519PrivateKey.from_private_bytes(bytes(32)))


@pytest.fixture
def others_keys(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "other").mkdir()
    return write_keys(tmp_path / "other", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def test_a_signed_bundle_says_whose_it_is(bundle: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    before = {file.name: file.read_bytes() for file in bundle.iterdir()}
    signed = sign_bundle(bundle, private)
    assert {file.name: file.read_bytes() for file in bundle.iterdir() if file.name != SIGNATURE} == before
    assert read_bundle(bundle).signed_by == signed.signed_by == verify_bundle(bundle, public).signed_by
    assert "give --key" in verify_bundle(bundle).checks["signature"]
    assert [file.name for file in bundle.parent.iterdir() if file.name.startswith(".")] == []


def test_a_bundle_that_nobody_signed_is_whole_but_nobodys(bundle: Path, keys: tuple[Path, Path]) -> None:
    found = verify_bundle(bundle)
    assert (found.signed_by, found.checks["signature"]) == ("", "none")
    with pytest.raises(BundleError, match="nobody stands behind it"):
        verify_bundle(bundle, keys[1])


@pytest.mark.parametrize("name", ["card.md", "model.txt", "golden_rows.json"])
def test_an_edit_with_matching_hashes_is_found_out(bundle: Path, keys: tuple[Path, Path], name: str) -> None:
    sign_bundle(bundle, keys[0])
    (bundle / name).write_bytes((bundle / name).read_bytes().replace(b"0", b"1", 1))
    seal(bundle)
    with pytest.raises(BundleError, match=r"signature\.json: is not a signature of this manifest"):
        read_bundle(bundle)


def test_the_time_it_was_made_is_signed_too(bundle: Path, keys: tuple[Path, Path]) -> None:
    sign_bundle(bundle, keys[0])
    text = (bundle / MANIFEST).read_text()
    (bundle / MANIFEST).write_text(text.replace('"made_on": "2026', '"made_on": "2025'))
    with pytest.raises(BundleError, match=SIGNATURE):
        read_bundle(bundle)


def test_another_signature_is_not_the_right_one(
    bundle: Path, keys: tuple[Path, Path], others_keys: tuple[Path, Path]
) -> None:
    sign_bundle(bundle, others_keys[0])
    with pytest.raises(BundleError, match="signed by the owner of another key"):
        verify_bundle(bundle, keys[1])
    sign_bundle(bundle, keys[0])
    assert verify_bundle(bundle, keys[1]).signed_by


def test_a_bundle_whose_signature_was_spoiled_can_be_signed_again(bundle: Path, keys: tuple[Path, Path]) -> None:
    sign_bundle(bundle, keys[0])
    (bundle / SIGNATURE).write_bytes(b'{"algorithm": "none"}')
    with pytest.raises(BundleError, match=SIGNATURE):
        read_bundle(bundle)
    assert sign_bundle(bundle, keys[0]).signed_by


def test_a_damaged_bundle_is_not_signed(bundle: Path, keys: tuple[Path, Path]) -> None:
    (bundle / "card.md").write_bytes(b"Not to be used for: nothing.")
    with pytest.raises(BundleError, match=r"card\.md"):
        sign_bundle(bundle, keys[0])
    assert not (bundle / SIGNATURE).exists()


def test_a_key_that_cannot_be_used_is_refused_with_advice(bundle: Path, tmp_path: Path) -> None:
    private, public = write_keys(tmp_path, Ed25519PrivateKey.generate(), BestAvailableEncryption(b"secret"))
    with pytest.raises(ConfigError, match="locked with a passphrase") as refused:
        sign_bundle(bundle, private)
    assert "openssl pkey" in refused.value.fix
    with pytest.raises(ConfigError, match="not a private Ed25519 key"):
        sign_bundle(bundle, public)
    with pytest.raises(ConfigError, match="not a public Ed25519 key"):
        verify_bundle(bundle, private)
    with pytest.raises(ConfigError, match="cannot be read"):
        verify_bundle(bundle, tmp_path / "nowhere.pem")
    private, public = write_keys(tmp_path, X25519PrivateKey.generate())
    with pytest.raises(ConfigError, match="not a private Ed25519 key"):
        sign_bundle(bundle, private)
    with pytest.raises(ConfigError, match="not a public Ed25519 key"):
        verify_bundle(bundle, public)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine")
def test_openssl_makes_the_keys_and_finds_the_signature_good(bundle: Path, tmp_path: Path) -> None:
    key, public, signature = (tmp_path / name for name in ("key.pem", "public.pem", "signature.bin"))
    openssl("genpkey", "-algorithm", "ed25519", "-out", key)
    openssl("pkey", "-in", key, "-pubout", "-out", public)
    sign_bundle(bundle, key)
    said = (bundle / SIGNATURE).read_text().split('"signature": "')[1].split('"')[0]
    signature.write_bytes(bytes.fromhex(said))
    manifest = bundle / MANIFEST
    openssl("pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", manifest, "-sigfile", signature)


def openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
