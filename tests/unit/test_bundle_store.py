"""A bundle comes back as it was written, and anything else is refused."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from earlywarn.bundle.listing import list_bundles
from earlywarn.bundle.manifest import About, canonical, digest_of
from earlywarn.bundle.protocol import MANIFEST
from earlywarn.bundle.read import read_bundle, read_version
from earlywarn.bundle.write import versions, write_bundle
from earlywarn.errors import BundleError
from sealed import seal
from small_bundle import NAMES, QUESTIONNAIRE, contents, people


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("models"), contents())


@pytest.fixture
def bundle(written: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may spoil."""
    return Path(shutil.copytree(written, tmp_path / "copy"))


def edit_manifest(bundle: Path, **changed: object) -> None:
    said = json.loads((bundle / MANIFEST).read_text()) | changed
    (bundle / MANIFEST).write_bytes(canonical(said | {"digest": digest_of(said)}))


@pytest.mark.parametrize("logistic", [False, True])
def test_what_was_written_is_read(tmp_path: Path, logistic: bool) -> None:
    given = contents(logistic)
    found = read_bundle(write_bundle(tmp_path, given))
    values, _ = people()
    np.testing.assert_array_equal(found.kept.risk(values), given.kept.risk(values))
    np.testing.assert_array_equal(found.tested.risk(values), given.tested.risk(values))
    assert found.names == NAMES
    assert found.features == given.features
    assert found.instruments == (QUESTIONNAIRE,)
    assert found.metrics == given.metrics
    assert (found.manifest.trained, found.manifest.tested) == (given.trained, given.tested_on)
    assert found.manifest.outcome == given.config.outcome


def test_a_bundle_says_nothing_of_the_machine_it_was_made_on(tmp_path: Path) -> None:
    given = contents()
    config = given.config.model_copy(update={"data": Path("/home/ann/pupils"), "exclude": Path("/home/ann/no.txt")})
    path = write_bundle(tmp_path, replace(given, config=config))
    assert not any(b"/home" in file.read_bytes() for file in path.iterdir())


def test_the_same_contents_are_the_same_bytes_but_for_when_they_were_written(tmp_path: Path) -> None:
    one, two = (write_bundle(tmp_path / root, contents()) for root in ("one", "two"))
    for file in one.iterdir():
        if file.name != MANIFEST:
            assert file.read_bytes() == (two / file.name).read_bytes(), file.name
    first, second = (json.loads((path / MANIFEST).read_text()) for path in (one, two))
    assert first | {"made_on": ""} == second | {"made_on": ""}
    assert digest_of(first) == digest_of(second) == first["digest"]


def test_two_runs_at_once_take_two_versions(tmp_path: Path) -> None:
    inner: list[Path] = []

    def pages(about: About) -> dict[str, str]:
        """Let another run finish between this run's choice of a number and its end."""
        if not inner:
            inner.append(write_bundle(tmp_path, contents()))
        return {**contents().pages(about), "report.html": f"<p>version {about.version}</p>"}

    outer = write_bundle(tmp_path, contents(pages=pages))
    assert (inner[0].name, outer.name) == ("1", "2")
    assert (outer / "report.html").read_text() == "<p>version 2</p>"
    assert read_bundle(outer).manifest.version == 2


def test_a_run_that_is_killed_leaves_no_version(tmp_path: Path) -> None:
    def pages(_: About) -> dict[str, str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_bundle(tmp_path, contents(pages=pages))
    (tmp_path / "pupil-absence" / ".draft-0123").mkdir()
    assert versions(tmp_path, "pupil-absence") == ()
    assert write_bundle(tmp_path, contents()).name == "1"


def test_what_cannot_be_read_again_is_not_kept(tmp_path: Path) -> None:
    features = contents().features[::-1]
    with pytest.raises(BundleError, match=r"not those of features\.json"):
        write_bundle(tmp_path, contents(features=features))
    assert list((tmp_path / "pupil-absence").iterdir()) == []


def test_one_wrong_byte_anywhere_is_refused(bundle: Path) -> None:
    for file in sorted(bundle.iterdir()):
        content = file.read_bytes()
        time = content.find(b'"made_on"') if file.name == MANIFEST else -1
        for at in {*range(0, len(content), max(1, len(content) // 25)), len(content) - 1}:
            if time <= at < time + 40 and time >= 0:
                continue  # when it was made is no part of what is sealed
            file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            with pytest.raises(BundleError):
                read_bundle(bundle)
        file.write_bytes(content)
    read_bundle(bundle)


def test_a_file_cut_short_or_lost_is_named(bundle: Path) -> None:
    whole = (bundle / "model.txt").read_bytes()
    (bundle / "model.txt").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BundleError, match=r"model\.txt: .* bytes long"):
        read_bundle(bundle)
    (bundle / "model.txt").unlink()
    with pytest.raises(BundleError, match=r"model\.txt: missing"):
        read_bundle(bundle)


@pytest.mark.parametrize("name", ["extra.pkl", "model.json"])
def test_a_file_that_was_added_is_refused(bundle: Path, name: str) -> None:
    (bundle / name).write_bytes(b"{}")
    with pytest.raises(BundleError):
        read_bundle(bundle)


def test_a_link_out_of_the_bundle_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "card.md").rename(tmp_path / "card.md")
    (bundle / "card.md").symlink_to(tmp_path / "card.md")
    with pytest.raises(BundleError, match="no part of a bundle"):
        read_bundle(bundle)


@pytest.mark.parametrize(("name", "size"), [("model.txt", 65), ("audit.json", 17), ("signature.json", 17)])
def test_a_file_too_large_to_be_ours_is_not_read(bundle: Path, name: str, size: int) -> None:
    with (bundle / name).open("ab") as file:
        file.truncate(size * 1024 * 1024)
    with pytest.raises(BundleError, match=rf"{name}: larger than"):
        read_bundle(bundle)


def test_a_folder_in_place_of_a_file_is_refused(bundle: Path) -> None:
    (bundle / "card.md").unlink()
    (bundle / "card.md").mkdir()
    with pytest.raises(BundleError, match="no part of a bundle"):
        read_bundle(bundle)


def test_a_folder_that_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="not a bundle"):
        read_bundle(tmp_path / "nowhere")


def test_a_later_format_is_refused_with_advice(bundle: Path) -> None:
    edit_manifest(bundle, format=99, a_field_of_the_future=True)
    with pytest.raises(BundleError, match="format 99") as refused:
        read_bundle(bundle)
    assert "install the earlywarn" in refused.value.fix


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "logistic"},
        {"version": 0},
        {"files": {}},
        {"files": {"../../escape": {"sha256": "0" * 64, "bytes": 1}}},
    ],
)
def test_a_manifest_that_contradicts_the_folder_is_refused(bundle: Path, changed: dict[str, object]) -> None:
    edit_manifest(bundle, **changed)
    with pytest.raises(BundleError, match=MANIFEST):
        read_bundle(bundle)


Spoil = Callable[[str], str]


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        ("model.txt", lambda text: text.replace("left_child=1", "left_child=900", 1)),
        ("tested_model.txt", lambda text: text[: text.index("end of trees")]),
        ("features.json", lambda text: text.replace('"block"', '"blocks"', 1)),
        ("calibration.json", lambda text: text.replace("0.05", "NaN", 1)),
        ("calibration.json", lambda text: text.replace("isotonic", "pickle", 1)),
        ("calibration.json", lambda text: text.replace("0.05", "0.95", 1)),
        ("calibration.json", lambda text: text.replace("1.1", "-1.1", 1)),
        ("features.json", lambda text: text.replace('"spells"', '"belonging"', 1)),
        ("features.json", lambda text: text.replace('"risk": 0', '"risk": "0"', 1)),
        ("metrics.json", lambda text: text.replace("0.8123", '"0.8123"', 1)),
        ("golden_rows.json", lambda text: text.replace("null", "1e39", 1)),
        ("golden_rows.json", lambda text: text.replace("null,", "", 1)),
        ("metrics.json", lambda text: "[" * 100_000),
        ("audit.json", lambda text: "[]"),
    ],
)
def test_an_edit_with_matching_hashes_is_refused_and_named(bundle: Path, file: str, spoil: Spoil) -> None:
    text = (bundle / file).read_text()
    assert spoil(text) != text
    (bundle / file).write_text(spoil(text))
    seal(bundle)
    with pytest.raises(BundleError, match=file):
        read_bundle(bundle)


@pytest.mark.parametrize(
    "changed",
    [
        lambda said: said | {"coefficients": said["coefficients"][:-1]},
        lambda said: said | {"coefficients": said["coefficients"][:1]},
        lambda said: said | {"scaling": said["scaling"] | {"low": said["scaling"]["high"], "high": [0.0] * len(NAMES)}},
        lambda said: said | {"scaling": said["scaling"] | {"scales": [1e-320] * len(NAMES)}},
        lambda said: said | {"names": [*NAMES[1:], NAMES[0]]},
    ],
    ids=["one number less", "one number for all", "limits that cross", "no score", "other features"],
)
def test_a_logistic_model_whose_columns_do_not_agree_is_refused(
    tmp_path: Path, changed: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    bundle = write_bundle(tmp_path, contents(logistic=True))
    said = json.loads((bundle / "model.json").read_text())
    (bundle / "model.json").write_bytes(canonical(changed(said)))
    seal(bundle)
    with pytest.raises(BundleError, match=r"model\.json"):
        read_bundle(bundle)


def test_a_version_in_the_folder_of_another_is_refused(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "pupil-absence").mkdir()
    shutil.copytree(bundle, tmp_path / "pupil-absence" / "1")
    shutil.copytree(bundle, tmp_path / "pupil-absence" / "2")
    assert read_version(tmp_path, "pupil-absence", 1).manifest.version == 1
    with pytest.raises(BundleError, match="holds pupil-absence 1"):
        read_version(tmp_path, "pupil-absence", 2)
    assert [one.damage == "" for one in list_bundles(tmp_path)] == [True, False]
