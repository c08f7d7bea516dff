"""Training, scoring and auditing: what is promised of them, and what they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, earlywarn_here, quick_config
from demo_folder import Demo, Trained
from earlywarn import run
from earlywarn.simulate import Plan


def test_the_same_input_gives_the_same_bytes(demo: Demo, again: Trained) -> None:
    first, second = ({path.name: path.read_bytes() for path in each.bundle.iterdir()} for each in (demo, again))
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == ["manifest.json"]
    ours, theirs = (json.loads(each["manifest.json"]) for each in (first, second))
    assert {key for key in ours if ours[key] != theirs[key]} <= {"made_on"}


def test_where_engagement_does_not_matter_no_gain_from_the_surveys_is_shown(tmp_path: Path) -> None:
    data = run.simulate(Plan(schools=5, pupils=800, seed=5, engagement_effect=0), tmp_path / "data").folder
    made = run.train(quick_config(tmp_path, "pupil-absence"), data, *_folders(tmp_path))
    sentence = next(one for one in made.headline if "from the surveys" in one)
    assert sentence.startswith("Among everyone, no gain from the surveys could be shown")
    gain = _metrics(made.bundle)["gains"]["everyone"]["without_surveys"]["auc"]
    assert gain["low"] <= 0
    assert f"the smallest gain that these data would have shown four times in five is {gain['smallest_shown']:.3f}" in (
        sentence
    )
    assert sentence in (made.bundle / "report.html").read_text(encoding="utf-8")


def test_too_few_outcomes_train_nothing(tmp_path: Path) -> None:
    data = run.simulate(Plan(schools=1, pupils=100), tmp_path / "data").folder
    ran = _train(quick_config(tmp_path, "staff-resignation"), data, tmp_path)
    assert ran.code == 14
    assert "TooFewError: " in ran.err
    assert not (tmp_path / "models").exists()


def test_a_typo_in_the_config_is_named_with_its_file_and_line(demo: Demo, tmp_path: Path) -> None:
    config = quick_config(tmp_path, "pupil-absence", modle={"trials": 2})
    ran = _train(config, demo.data, tmp_path)
    (line,) = [n for n, text in enumerate(config.read_text().splitlines(), 1) if text.startswith("modle:")]
    assert ran.code == 10
    assert f"{config}: 1 mistake(s):" in ran.err
    assert f"modle (line {line})" in ran.err
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2027-03-01", "the data end on"),  # a spring the data know nothing of
        ("2026-09-14", "serves dates within 2 school weeks of school week(s) 10, 20"),
        ("2025-06-30", "serves dates within 2 school weeks of school week(s) 10, 20"),
    ],
)
def test_a_date_that_the_model_does_not_serve_is_refused(demo: Demo, tmp_path: Path, as_of: str, words: str) -> None:
    out = tmp_path / "scores"
    ran = earlywarn_here(
        "score", demo.bundle, demo.data, "--as-of", as_of, "--out", out, "--private", tmp_path / "private"
    )
    assert ran.code == 10
    assert words in " ".join(ran.err.split())
    assert list(tmp_path.rglob("*")) == [tmp_path / "private"]


@pytest.mark.parametrize("bundle", ["bundle", "staff_bundle"])
def test_a_model_is_not_judged_on_what_it_learnt_from(demo: Demo, tmp_path: Path, bundle: str) -> None:
    out = tmp_path / "audit"
    ran = earlywarn_here("audit", getattr(demo, bundle), demo.data, "--out", out, "--private", tmp_path / "private")
    assert ran.code == 12
    assert "cannot be judged on what it learnt from" in ran.err
    assert not out.exists()


def test_a_year_later_the_kept_model_is_audited_on_the_dates_since(demo: Demo, tmp_path: Path) -> None:
    config = quick_config(tmp_path, "staff-resignation", data_to="2025-10-24")  # the windows of 2024/25 have closed
    made = run.train(config, demo.data, *_folders(tmp_path))
    known = json.loads((made.bundle / "manifest.json").read_text(encoding="utf-8"))["trained"]
    found = run.audit(made.bundle, demo.data, tmp_path / "audit", tmp_path / "private")
    assert {path.name for path in found.folder.iterdir()} == {"audit.json", "audit.csv", "audit.html"}
    assert found.reading
    assert min(map(str, found.dates)) > max(known)


def test_a_dry_run_prints_the_plan_that_the_training_keeps(demo: Demo, tmp_path: Path) -> None:
    private = tmp_path / "private"
    words = ("train", quick_config(tmp_path, "pupil-absence"), "--data", demo.data, "--private", private, "--dry-run")
    printed, as_json = earlywarn_here(*words), earlywarn_here(*words, "--json")
    assert json.loads(as_json.out) == _metrics(demo.bundle)["plan"]
    training = [one for one in _metrics(demo.bundle)["dates"] if one["role"] == "training"]
    assert training
    for one in training:
        assert f"  {one['people']:,}" in next(
            line for line in printed.out.splitlines() if line.startswith(one["as_of"])
        )
    assert "Nothing was fitted and no bundle written." in printed.out
    assert {path.name for path in tmp_path.iterdir()} == {"private", "pupil-absence.yaml"}


def test_the_models_are_listed_and_the_index_is_made_anew_from_them(demo: Demo, tmp_path: Path) -> None:
    listed = earlywarn_here("models", demo.folder / "models", "--json")
    assert [(one["name"], one["version"], one["role"]) for one in json.loads(listed.out)["bundles"]] == [
        ("pupil-absence", 1, "challenger"),
        ("staff-resignation", 1, "challenger"),
    ]
    mlruns = tmp_path / "mlruns"
    rebuilt = earlywarn_here("models", demo.folder / "models", "--rebuild-index", "--mlruns", mlruns)
    assert rebuilt.out.splitlines()[-1] == f"Wrote {mlruns}, with 2 bundles."


def test_a_dry_run_says_where_there_are_too_few_and_exits_as_the_training_would(tmp_path: Path) -> None:
    data = run.simulate(Plan(schools=1, pupils=100), tmp_path / "data").folder
    config = quick_config(tmp_path, "staff-resignation")
    ran = earlywarn_here("train", config, "--data", data, "--private", tmp_path / "private", "--dry-run")
    assert ran.code == 14
    assert "To be fitted: nothing: " in ran.out


def test_the_model_in_use_takes_part_where_it_never_saw_the_test(demo: Demo, tmp_path: Path) -> None:
    earlier = run.train(_staff(tmp_path / "earlier", data_to="2025-10-24"), demo.data, *_folders(tmp_path))
    _promote(earlier.bundle, tmp_path)
    later = run.train(_staff(tmp_path / "later"), demo.data, *_folders(tmp_path))
    found = _metrics(later.bundle)
    assert found["contenders"]["champion"] == "the model in use (version 1)"
    assert found["populations"]["everyone"]["champion"]["brier"]["value"] is not None
    assert found["gains"]["everyone"]["champion"]["auc"]["value"] is not None

    _promote(later.bundle, tmp_path)
    again = _metrics(run.train(_staff(tmp_path / "later"), demo.data, *_folders(tmp_path)).bundle)
    assert "champion" not in again["contenders"]
    (note,) = [note for note in again["notes"] if note.startswith("The model in use (version 2) takes no part")]
    assert "it was fitted on dates up to 2026-02" in note


def test_a_rule_of_weeks_is_also_measured_between_its_dates(demo: Demo, tmp_path: Path) -> None:
    made = run.train(_staff(tmp_path, as_of={"every_weeks": 8}), demo.data, *_folders(tmp_path))
    found = _metrics(made.bundle)
    between, test = found["between_dates"], [one["as_of"] for one in found["dates"] if one["role"] == "test"]
    assert len(between["dates"]) == len(test) - 1
    assert all(one < day < other for one, day, other in zip(test[:-1], between["dates"], test[1:], strict=True))
    measured = between["populations"]["everyone"]
    assert measured["at_dates_auc"] == found["populations"]["everyone"]["model"]["auc"]
    assert 0 <= measured["auc"]["value"] <= 1
    assert measured["calibration"]["value"] > 0


def _staff(folder: Path, **changed: Any) -> Path:
    return quick_config(folder, "staff-resignation", **changed)


def _promote(bundle: Path, folder: Path) -> None:
    models, nowhere = folder / "models", folder / "none"
    run.promote(bundle.parent.name, int(bundle.name), "head", "a test", models=models, mlruns=nowhere)


def _train(config: Path, data: Path, folder: Path) -> Ran:
    out, private, mlruns = _folders(folder)
    return earlywarn_here("train", config, "--data", data, "--out", out, "--private", private, "--mlruns", mlruns)


def _folders(folder: Path) -> tuple[Path, Path, Path]:
    return folder / "models", folder / "private", folder / "mlruns"


def _metrics(bundle: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bundle / "metrics.json").read_text(encoding="utf-8"))
    return found
