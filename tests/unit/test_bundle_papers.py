"""The card, the transparency record and the decisions: what people read about a bundle."""

import json
from pathlib import Path

import pytest

from earlywarn.bundle.decisions import DECISIONS, champion, decisions, record_decision
from earlywarn.bundle.record import TO_FILL
from earlywarn.bundle.write import write_bundle
from earlywarn.config import AsOf, Config, Outcome
from earlywarn.errors import BundleError
from small_bundle import contents


def test_the_card_says_who_was_predicted_how_well_and_against_what(tmp_path: Path) -> None:
    card = (write_bundle(tmp_path, contents()) / "card.md").read_text()
    assert card.startswith("# Model card: pupil-absence, version 1\n")
    assert "missing 10% or more of their sessions from the date to the end of the school year" in card
    assert "| model | 0.812 (0.700 to 0.900) | not estimable |" in card
    assert "No gain over rate to date could be shown: AUC +0.020 (-0.010 to +0.050)" in card
    assert "What is known of belonging (`belonging`)" in card


def test_the_card_doubts_a_result_that_is_too_good_to_be_true(tmp_path: Path) -> None:
    metrics = {"warnings": ["Too good to be true: leak alone tells."], "headline": ["The model is ahead."]}
    card = (write_bundle(tmp_path, contents(metrics=metrics, audit={})) / "card.md").read_text()
    assert "## In short\n- Too good to be true: leak alone tells.\n- The model is ahead.\n" in card


def test_a_card_stands_without_measures(tmp_path: Path) -> None:
    config = Config(
        name="staff-resignation",
        population="staff",
        as_of=AsOf(weeks_of_year=(7,)),
        outcome=Outcome(kind="leaves", window="weeks", weeks=30),
    )
    card = (write_bundle(tmp_path, contents(config=config, metrics={}, audit={})) / "card.md").read_text()
    assert "resigning in the next 30 school weeks" in card
    assert "Nothing could be measured." in card
    assert "Marks" not in card


def test_the_record_lists_what_only_a_person_can_fill(tmp_path: Path) -> None:
    record = json.loads((write_bundle(tmp_path, contents()) / "transparency_record.json").read_text())
    assert "tier_1.contact_email" in record["to_fill"]
    assert json.dumps(record).count(TO_FILL) == len(record["to_fill"])
    assert record["tier_2"]["model_specification"]["model_performance"]["auc"]["value"] == 0.8123


def test_training_promotes_nothing_and_the_last_promotion_counts(tmp_path: Path) -> None:
    write_bundle(tmp_path, contents())
    assert champion(tmp_path, "pupil-absence") is None
    record_decision(tmp_path, "pupil-absence", 1, "trained")
    assert champion(tmp_path, "pupil-absence") is None
    record_decision(tmp_path, "pupil-absence", 1, "promoted", by="A. Head", because="first of its kind")
    record_decision(tmp_path, "pupil-absence", 2, "promoted", by="A. Head", because="better by 0.03")
    record_decision(tmp_path, "pupil-absence", 3, "trained")
    assert champion(tmp_path, "pupil-absence") == 2
    assert [each["version"] for each in decisions(tmp_path, "pupil-absence")] == [1, 1, 2, 3]


def test_a_damaged_log_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / DECISIONS).write_text('{"version": 1, "deci')
    with pytest.raises(BundleError, match="not JSON"):
        champion(tmp_path, "m")
