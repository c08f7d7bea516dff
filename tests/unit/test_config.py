"""What a config refuses, and how it says so."""

from pathlib import Path

import pytest

from earlywarn.config import load_config
from earlywarn.errors import ConfigError
from earlywarn.paths import shipped_configs

SOUND = "name: pupil-absence\nas_of: {weeks_of_year: [10]}\n"


def refusal(folder: Path, text: str) -> str:
    path = folder / "model.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    return str(refused.value)


def test_a_typo_is_told_with_its_line_and_the_key_that_was_meant(tmp_path: Path) -> None:
    said = refusal(tmp_path, SOUND + "model:\n  trails: 3\n")
    assert "model.trails (line 4): unknown key; did you mean `trials`?" in said


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    said = refusal(tmp_path, SOUND + "fairnes: {}\nsettle_days: -1\n")
    assert "2 mistake(s)" in said and "did you mean `fairness`?" in said and "settle_days (line 4)" in said


def test_both_sides_of_a_contradiction_are_quoted(tmp_path: Path) -> None:
    said = refusal(tmp_path, SOUND + "outcome: {window: weeks}\n")
    assert "window is 'weeks' but weeks is None" in said


@pytest.mark.parametrize(
    "text", ["", "- a list", "name: [unclosed", "name: pupil-absence\nas_of: {}\n", SOUND + "population: staff\n"]
)
def test_what_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    assert "model.yaml" in refusal(tmp_path, text)


def test_a_block_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "features.blocks" in refusal(tmp_path, SOUND + "features: {blocks: [surveys]}\n")


@pytest.mark.parametrize("path", sorted(shipped_configs().glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_configs_are_sound(path: Path) -> None:
    assert load_config(path).name


def test_a_key_that_stands_in_several_places_is_told_where_it_is_wrong(tmp_path: Path) -> None:
    said = refusal(
        tmp_path,
        "name: made-up\n"
        "population: pupils\n"
        "as_of: {weeks_of_year: [10]}\n"
        "fairness:\n"
        "  groups: [sen]\n"
        "  limits:\n"
        "    - {group_by: sen, group: K, at_most: 0.1}\n"
        "    - group_by: sen\n"
        "      group: E\n"
        "      at_most: 5\n"
        "    - {group: K, at_most: 0.1}\n",
    )
    assert "fairness.limits.1.at_most (line 10)" in said
    assert "fairness.limits.2.group_by (line 11)" in said  # missing: the line of what should hold it
