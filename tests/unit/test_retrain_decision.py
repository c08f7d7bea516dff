"""The decision: what is said of a challenger, the page of it, and when an earlier decision still stands."""

import json
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from earlywarn.bundle.champion import Champion
from earlywarn.bundle.decisions import Said, promote
from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.read import Bundle, read_bundle
from earlywarn.bundle.write import write_bundle
from earlywarn.config import Fairness, Limit
from earlywarn.report.decision_page import render_decision
from earlywarn.retrain.decision import DECISION, decide, kept_decision, nothing_new
from page_reader import read_page
from small_bundle import contents, metrics

NAME, KEY = "pupil-absence", "k" * 64
SAID = Said("A. Governor", "a test", date(2026, 11, 23))


def bundle(models: Path, claimed: bool = True, **changed: Any) -> Bundle:
    """Write a version that is, or is not, shown to be ahead of its one simple rule."""
    said = metrics()
    gain = {**said["gains"]["everyone"]["rate_to_date"]["auc"], "claimed": claimed}
    told = {
        "rules": ["rate_to_date"],
        "contenders": {"model": "the model", "rate_to_date": "This year's absence"},
        "gains": {"everyone": {"rate_to_date": {"auc": gain}}},
    }
    return read_bundle(write_bundle(models, replace(contents(), metrics=said | told, **changed)))


def test_the_first_version_is_promoted_by_the_line_on_its_page(tmp_path: Path) -> None:
    facts = decide(KEY, bundle(tmp_path), Champion(), None, {})
    assert facts["recommendation"]["says"] == "promote"
    page = read_page(render_decision(facts))
    assert not page.wrong
    assert facts["promote"] in page.text
    assert shlex.split(facts["promote"])[:4] == ["earlywarn", "promote", NAME, "1"]


def test_the_first_version_that_no_rule_is_beaten_by_is_held(tmp_path: Path) -> None:
    facts = decide(KEY, bundle(tmp_path, claimed=False), Champion(), None, {})
    assert facts["recommendation"]["says"] == "hold"
    assert "a school needs no model for that" in facts["recommendation"]["reasons"][0]


def test_a_limit_that_is_not_known_to_be_met_asks_for_words(tmp_path: Path) -> None:
    config = contents().config
    limits = Fairness(limits=(Limit(group_by="any_sen", group="yes", at_most=0.05),))
    facts = decide(KEY, bundle(tmp_path, config=config.model_copy(update={"fairness": limits})), Champion(), None, {})
    assert facts["recommendation"]["says"] == "look at this first"
    assert "--override" in facts["promote"]
    assert facts["limits_not_met"][0] in read_page(render_decision(facts)).text


@pytest.mark.parametrize(("dates", "says"), [(2, "look at this first"), (1, "promote")])
def test_risks_that_did_not_come_true_are_looked_at_where_more_than_one_winter_says_so(
    tmp_path: Path, dates: int, says: str
) -> None:
    off = bundle(tmp_path)
    off.metrics["populations"]["everyone"]["model"]["observed_over_expected"] = {"value": 1.6, "low": 1.4, "high": 1.8}
    days = tuple(date(2025 - year, 11, 3) for year in range(dates))
    found = replace(off, manifest=off.manifest.model_copy(update={"tested": days}))
    assert decide(KEY, found, Champion(), None, {})["recommendation"]["says"] == says


def test_a_damaged_model_in_use_is_looked_at(tmp_path: Path) -> None:
    absent = Champion(4, why_not="The model in use (version 4) takes no part in the contest: its bundle is damaged.")
    facts = decide(KEY, bundle(tmp_path), absent, None, {})
    assert facts["recommendation"]["reasons"] == [
        "The model in use (version 4) cannot be compared: its bundle is damaged."
    ]
    assert "cannot be read" in read_page(render_decision(facts)).text


def test_without_a_new_date_the_page_says_so_and_has_nothing_to_run(tmp_path: Path) -> None:
    facts = nothing_new(KEY, bundle(tmp_path))
    page = read_page(render_decision(facts))
    assert facts["recommendation"]["says"] == "hold"
    assert "no date has closed since" in page.text
    assert "earlywarn promote" not in page.text


def kept(tmp_path: Path) -> dict[str, Any]:
    """Keep a decision about a first version, and return it."""
    facts = decide(KEY, bundle(tmp_path / "models"), Champion(), None, {})
    (tmp_path / DECISION).write_bytes(canonical(facts))
    found: dict[str, Any] = json.loads(canonical(facts))
    return found


def test_a_decision_stands_while_nothing_has_changed(tmp_path: Path) -> None:
    assert kept(tmp_path) == kept_decision(tmp_path, KEY, tmp_path / "models")


def test_other_inputs_ask_for_another_decision(tmp_path: Path) -> None:
    kept(tmp_path)
    assert kept_decision(tmp_path, "x" * 64, tmp_path / "models") is None


def test_another_model_in_use_asks_for_another_decision(tmp_path: Path) -> None:
    kept(tmp_path)
    promote(tmp_path / "models", NAME, 1, SAID)
    assert kept_decision(tmp_path, KEY, tmp_path / "models") is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"key": 1}'])
def test_a_decision_that_cannot_be_read_is_made_anew(tmp_path: Path, text: str) -> None:
    kept(tmp_path)
    (tmp_path / DECISION).write_text(text)
    assert kept_decision(tmp_path, KEY, tmp_path / "models") is None


def test_a_version_that_is_damaged_or_another_asks_for_another_decision(tmp_path: Path) -> None:
    kept(tmp_path)
    (tmp_path / "models" / NAME / "1" / "metrics.json").write_text("{}")
    assert kept_decision(tmp_path, KEY, tmp_path / "models") is None
