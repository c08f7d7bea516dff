"""Spoil the kept bundles in ten thousand ways and read each: a program of its own, so that a crash is seen.

    PYTHONPATH=src:tests python tests/fuzz_bundle.py FIRST LAST

Prints the number of each way before it is tried, and at the end what became of them. Every other one has hashes that
match again, as of someone who edits on purpose. The rules:

- a spoiled bundle is refused with a `BundleError`, or it loads and scores; nothing else is ever raised;
- what does not match its hashes is refused, and so is every change to a bundle that was signed;
- LightGBM never sees a text that it objects to: our own check of the trees comes first.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from earlywarn.bundle import read
from earlywarn.bundle.files import Content, read_files
from earlywarn.bundle.manifest import canonical, digest_of
from earlywarn.bundle.protocol import MANIFEST, SIGNATURE
from earlywarn.errors import BundleError
from earlywarn.model.fit import booster_from_text
from sealed import sealed
from spoiling import ANY, IN_JSON, IN_TREES

KEPT = Path(__file__).parent / "fixtures" / "bundles"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
Files = dict[str, bytes]


# Whole bundles ------------------------------------------------------------------------------------------------------


def whole_bundles() -> dict[str, Content]:
    """Return every kept bundle, and the newest once more, signed."""
    kept = {f"format {path.parent.name}, {path.name}": read_files(path) for path in sorted(KEPT.glob("*/*/"))}
    newest = max(name for name in kept if "trees" in name)
    return kept | {"signed": signed(kept[newest])}


def signed(content: Content) -> Content:
    said = {
        "algorithm": "ed25519",
        "public_key": KEY.public_key().public_bytes_raw().hex(),
        "signature": KEY.sign(content[MANIFEST]).hex(),
    }
    return {**content, SIGNATURE: canonical(said)}


def spoiled(draw: random.Random, whole: Content, matching: bool) -> Files:
    """Spoil one file, or what files there are; with `matching`, hashes and digest are made to fit."""
    files = dict(whole)
    # Where harm could be done there are many ways to do it: two in three are tried on the models and the manifest.
    important = [name for name in files if "model" in name or name in (MANIFEST, "calibration.json")]
    name = draw.choice(important if draw.random() < 2 / 3 else sorted(files))
    if draw.random() < 0.05:
        other = draw.choice(sorted(files))
        files[name], files[other] = files[other], files[name]
    elif draw.random() < 0.02 and name not in (MANIFEST, SIGNATURE):
        # Without a manifest a folder is no bundle; that a signature was taken away, only `verify --key` can tell.
        del files[name]
    else:
        more = IN_TREES if name.endswith("model.txt") else IN_JSON if name.endswith(".json") else ()
        files[name] = draw.choice((*more, *more, *ANY) if matching else (*more, *ANY))(draw, files[name])
    return resealed(files) if matching else files


def resealed(files: Files) -> Files:
    """Make hashes and digest match, where the manifest can still be read."""
    try:
        return sealed(files)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return files


def only_the_time_differs(files: Content, whole: Content) -> bool:
    """Tell whether all that changed is when it was made, which no hash holds."""
    if any(files.get(name) != content for name, content in whole.items() if name != MANIFEST):
        return False
    return bool(digest_of(json.loads(files[MANIFEST])) == digest_of(json.loads(whole[MANIFEST])))


# The trial ----------------------------------------------------------------------------------------------------------


class RuleBrokenError(AssertionError):
    """A spoiled bundle did what none may do."""


def built_without_objection(text: str) -> Any:
    try:
        return booster_from_text(text)
    except Exception as error:
        raise RuleBrokenError("LightGBM was given a text that it objects to") from error


def try_one(number: int, wholes: Mapping[str, Content]) -> str:
    """Spoil a bundle, read it, and return what became of it."""
    draw = random.Random(number)
    name = [*wholes][number % len(wholes)]
    matching = number // len(wholes) % 2 == 1
    kind = f"{name}, hashes {'match' if matching else 'do not match'}"
    files = wholes[name]
    while files == wholes[name]:
        files = spoiled(draw, wholes[name], matching)
    try:
        found = read.bundle_of(files, Path())
    except BundleError:
        return f"{kind}: refused"
    if name == "signed" or not (matching or only_the_time_differs(files, wholes[name])):
        raise RuleBrokenError("a bundle was changed, and nobody noticed")
    use(found)
    return f"{kind}: loaded, and it scores"


def use(found: read.Bundle) -> None:
    """Do with a bundle what scoring does."""
    rows = np.random.default_rng(1).normal(size=(20, len(found.names))).astype(np.float32)
    rows[::3, ::2] = np.nan
    for fitted in (found.kept, found.tested):
        risk = fitted.risk(rows)
        if not ((risk >= 0) & (risk <= 1)).all() or not np.isfinite(fitted.model.contributions(rows)).all():
            raise RuleBrokenError("a bundle was loaded that gives no probability")


def main(first: int, last: int) -> None:
    read.booster_from_text = built_without_objection
    wholes = whole_bundles()
    became: Counter[str] = Counter()
    for number in range(first, last):
        say(str(number))
        became[try_one(number, wholes)] += 1
    say(json.dumps(dict(sorted(became.items()))))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
