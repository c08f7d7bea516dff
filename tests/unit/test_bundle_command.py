"""`earlywarn bundle verify` and `sign`: what is said, to people and to programs, and the exit code."""

import json
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from command_line import earlywarn_here

KEPT = Path(__file__).parents[1] / "fixtures" / "bundles"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KEPT / "2" / "trees", tmp_path / "1"))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key.pem"
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def test_a_whole_bundle_is_said_to_be_whole_and_why(bundle: Path) -> None:
    ran = earlywarn_here("bundle", "verify", bundle)
    assert (ran.code, ran.err) == (0, "")
    first, *checks = ran.out.splitlines()
    assert first == f"{bundle} is whole: pupil-absence, version 1, format 2, by earlywarn 0.1.0."
    assert [line.split(":")[0].strip() for line in checks] == [
        *("files", "hashes", "forms", "models", "made-up rows", "signature")
    ]
    assert "both models score all 32 as they did" in ran.out


def test_an_older_bundle_says_what_it_lacks() -> None:
    assert "a bundle of format 1 has none" in earlywarn_here("bundle", "verify", KEPT / "1" / "logistic").out


def test_a_damaged_bundle_is_refused_with_its_reason(bundle: Path) -> None:
    (bundle / "card.md").write_bytes(b"x")
    ran = earlywarn_here("bundle", "verify", bundle)
    assert (ran.code, ran.out) == (13, "")
    assert ran.err.startswith("BundleError: card.md: 1 bytes long")


def test_signing_says_what_it_wrote(bundle: Path, key: Path) -> None:
    ran = earlywarn_here("bundle", "sign", bundle, "--key", key)
    assert ran.code == 0 and (bundle / "signature.json").is_file()
    assert ran.out.splitlines()[-1] == f"Wrote {bundle / 'signature.json'}."
    assert "PRIVATE" not in ran.out + (bundle / "signature.json").read_text()


def test_programs_get_json(bundle: Path, key: Path) -> None:
    signed = json.loads(earlywarn_here("bundle", "sign", bundle, "--key", key, "--json").out)
    found = json.loads(earlywarn_here("bundle", "verify", bundle, "--json").out)
    assert found["signed_by"] == signed["signed_by"] != ""
    assert (found["name"], found["version"], found["format"]) == ("pupil-absence", 1, 2)


def test_a_key_that_is_none_is_another_error(bundle: Path) -> None:
    ran = earlywarn_here("bundle", "sign", bundle, "--key", bundle / "card.md")
    assert ran.code == 10 and "not a private Ed25519 key" in ran.err
