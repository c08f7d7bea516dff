"""A term's retraining from the command line: what it compares, recommends, keeps, and does not do twice."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from command_line import Ran, earlywarn_here, quick_config
from demo_folder import Demo
from page_reader import read_page
from searched import files_naming, people_in

NAME = "pupil-absence"


@dataclass(frozen=True)
class Term:
    """A folder of models in which terms are retrained, on data that lie elsewhere."""

    folder: Path
    data: Path

    def retrain(self, config: Path, *more: object) -> Ran:
        kept = [word for name in ("models", "private", "mlruns") for word in (f"--{name}", self.folder / name)]
        ran = earlywarn_here("retrain", config, "--data", self.data, "--out", self.folder / "out", *kept, *more)
        assert ran.code == 0, ran.err
        assert people_in(ran.out + ran.err) == set()
        return ran

    def promote(self, version: int) -> None:
        words = ("promote", NAME, version, "--by", "A. Governor", "--because", "a test")
        assert earlywarn_here(*words, "--models", self.folder / "models", "--mlruns", self.folder / "no").code == 0

    @property
    def decision(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "out" / "decision.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture
def term(demo: Demo, tmp_path: Path) -> Term:
    """The demo's models and kept features, to decide about."""
    for name in ("models", "private"):
        shutil.copytree(demo.folder / name, tmp_path / name)
    return Term(tmp_path, demo.data)


@pytest.fixture(scope="module")
def terms(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Term:
    """Two terms: the first version is promoted, and the second is held against it on dates that neither saw."""
    folder = tmp_path_factory.mktemp("terms")
    data = folder / "data"
    data.mkdir()
    for path in demo.data.iterdir():
        (data / path.name).symlink_to(path)
    pupils = pd.read_csv(data / "pupils.csv", dtype=str)["person_id"].drop_duplicates()
    begun = pd.DataFrame({"person_id": pupils[::3], "population": "pupils", "kind": "mentoring", "ends_on": ""})
    begun.assign(starts_on="2026-02-16").to_csv(data / "interventions.csv", index=False)
    (folder / "left_out.txt").write_text("\n".join(pupils[:3]) + "\n")
    found = Term(folder, data)
    found.retrain(_config(folder / "first", data_to="2026-02-01"))
    found.promote(1)
    found.retrain(_config(folder / "second", exclude=str(folder / "left_out.txt")))
    return found


def _config(folder: Path, **changed: Any) -> Path:
    """Return a config of three dates a year and six weeks ahead, tuned in one trial."""
    outcome = {"kind": "absence_rate", "window": "weeks", "weeks": 6}
    said = {"as_of": {"weeks_of_year": [10, 20, 30]}, "outcome": outcome, "model": {"trials": 1, "seed": 1}}
    return quick_config(folder, NAME, **said, **changed)


def test_a_version_that_was_made_of_the_same_is_not_trained_again(term: Term, quick_configs: Path) -> None:
    config = quick_configs / f"{NAME}.yaml"
    ran = term.retrain(config)
    assert "Version 1 was made of the same" in ran.err
    assert [path.name for path in (term.folder / "models" / NAME).iterdir() if path.is_dir()] == ["1"]
    assert term.decision["recommendation"]["says"] in ("promote", "hold")  # as it beats the best simple rule, or not
    assert f"earlywarn promote {NAME} 1 --by 'YOUR NAME'" in ran.out
    again = term.retrain(config)
    assert "nothing has changed since" in again.out
    assert "Reading" not in again.err


def test_without_a_new_date_the_version_in_use_stays(term: Term, quick_configs: Path) -> None:
    term.promote(1)
    ran = term.retrain(quick_configs / f"{NAME}.yaml")
    assert ran.out.startswith("Recommendation: hold (version 1 is in use; nothing was trained).")
    assert term.decision["challenger"] is None
    assert "earlywarn promote" not in ran.out


def test_a_dry_run_fits_and_writes_nothing(term: Term, quick_configs: Path) -> None:
    ran = term.retrain(quick_configs / f"{NAME}.yaml", "--dry-run")
    assert "kept       tune, fit, measure, audit and keep a challenger: version 1 is made of the same" in ran.out
    assert not (term.folder / "out").exists()


def test_two_versions_meet_on_dates_that_neither_saw(terms: Term) -> None:
    found = terms.decision
    assert (found["champion"]["version"], found["challenger"]["version"]) == (1, 2)
    assert found["dates"] == ["2026-02-02", "2026-05-04"]
    assert max(found["champion"]["trained"]) < min(found["dates"])
    gains = found["comparison"]["gains"]
    assert set(gains) == {"everyone", "onset", "already"}
    assert gains["everyone"]["auc"]["low"] < gains["everyone"]["auc"]["high"]
    assert 0 < found["comparison"]["overlap"]["everyone"]["value"] <= 1


def test_the_report_of_the_new_version_says_why_the_one_in_use_takes_no_part(terms: Term) -> None:
    """It had seen one of the test dates: it stands beside the new version on the decision page alone."""
    metrics = json.loads((terms.folder / "models" / NAME / "2" / "metrics.json").read_text(encoding="utf-8"))
    assert "champion" not in metrics["populations"]["everyone"]
    assert "The model in use (version 1) takes no part in the contest" in " ".join(metrics["notes"])


def test_the_page_says_what_to_do_and_names_nobody(terms: Term) -> None:
    page = (terms.folder / "out" / "decision.html").read_text(encoding="utf-8")
    said = terms.decision
    assert f"Recommendation: {said['recommendation']['says']}" in page
    assert not read_page(page).wrong
    assert files_naming(terms.folder / "out") == []


def test_two_terms_leave_nobody_in_bundles_decisions_and_mlflow(terms: Term) -> None:
    for name in ("models", "mlruns"):
        assert files_naming(terms.folder / name) == []
    moved = terms.folder / "private" / f"moves-{NAME}-2.csv"
    assert files_naming(moved) == [str(moved)]  # the search finds those who are there


def test_who_comes_and_goes_stays_private(terms: Term) -> None:
    moved = pd.read_csv(terms.folder / "private" / f"moves-{NAME}-2.csv", dtype=str)
    all_of_them = terms.decision["moves"]["all"]
    assert list(moved.columns) == ["person_id", "school_id", "as_of", "list", "change"]
    assert all_of_them["new"] in ("c", (moved["change"] == "new").sum())
    who = moved["person_id"].iloc[0]
    ran = earlywarn_here("forget", who, "--in", terms.folder / "private", "--dry-run")
    assert ran.code == 0, ran.err
    assert "moves" in ran.out


def test_help_that_was_given_is_seen(terms: Term) -> None:
    metrics = json.loads((terms.folder / "models" / NAME / "2" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["helped"]["test"]["helped"] > 100
    assert metrics["helped"]["reached"]["onset"]["listed"] > 0
    report = (terms.folder / "models" / NAME / "2" / "report.html").read_text(encoding="utf-8")
    assert "Nothing can be concluded from this about what help does" in report


def test_the_bundle_says_that_people_were_left_out_and_not_who(terms: Term) -> None:
    bundle = terms.folder / "models" / NAME / "2"
    metrics = json.loads((bundle / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["made_from"]["exclude_file"], metrics["made_from"]["left_out"]) == (True, "c")
    for paper in ("card.md", "dpia_annex.md", "report.html"):
        assert "fewer than 5 people, named in a file" in (bundle / paper).read_text(encoding="utf-8")
    gone = (terms.folder / "left_out.txt").read_text().split()
    assert not [one for path in bundle.iterdir() for one in gone if one in path.read_text(encoding="utf-8")]


def test_the_log_holds_trainings_and_what_people_decided(terms: Term) -> None:
    lines = (terms.folder / "models" / NAME / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["trained", "promoted", "trained"]


def test_scores_may_be_made_from_a_signed_bundle_alone(demo: Demo, tmp_path: Path) -> None:
    bundle = shutil.copytree(demo.bundle, tmp_path / "1")
    key, public = _keys(tmp_path, bytes(32))
    _, others = _keys(tmp_path / "other", bytes(range(32)))
    refused = _scored(bundle, demo, tmp_path / "unsigned", public)
    assert (refused.code, (tmp_path / "unsigned").exists()) == (13, False)
    assert "nobody stands behind it" in refused.err
    assert earlywarn_here("bundle", "sign", bundle, "--key", key).code == 0
    refused = _scored(bundle, demo, tmp_path / "not-theirs", others)
    assert (refused.code, (tmp_path / "not-theirs").exists()) == (13, False)
    assert "signed by the owner of another key" in refused.err


def test_a_bundle_with_the_right_signature_scores_as_without(demo: Demo, tmp_path: Path) -> None:
    bundle = shutil.copytree(demo.bundle, tmp_path / "1")
    key, public = _keys(tmp_path, bytes(32))
    assert earlywarn_here("bundle", "sign", bundle, "--key", key).code == 0
    for of, out, *more in ((demo.bundle, "plain"), (bundle, "signed", public)):
        ran = _scored(of, demo, tmp_path / out, *more)
        assert ran.code == 0, ran.err
    plain, signed = (pd.read_parquet(tmp_path / out / "scores.parquet") for out in ("plain", "signed"))
    pd.testing.assert_frame_equal(plain, signed)


def _keys(folder: Path, seed: bytes) -> tuple[Path, Path]:
    """Write a private and a public key, as `openssl` would."""
    folder.mkdir(exist_ok=True)
    key = Ed25519PrivateKey.from_private_bytes(seed)
    private, public = folder / "key.pem", folder / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


def _scored(bundle: Path, demo: Demo, out: Path, *key: Path) -> Ran:
    words = ("score", bundle, demo.data, "--as-of", "2026-11-09", "--out", out)
    return earlywarn_here(*words, *(word for one in key for word in ("--key", one)))


def test_an_audit_leaves_out_whom_a_file_names(demo: Demo, tmp_path: Path) -> None:
    """The file is read before anything else: one that is not there stops the audit."""
    ran = earlywarn_here(
        "audit", demo.bundle, demo.data, "--out", tmp_path / "audit", "--exclude", tmp_path / "none.txt",
        "--private", tmp_path / "private",
    )  # fmt: skip
    assert ran.code == 10
    assert "none.txt cannot be read" in ran.err
