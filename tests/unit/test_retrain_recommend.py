"""The recommendation: each rule decides where it should, the first of several wins, and the reasons are in words."""

from dataclasses import replace
from typing import Any

import pytest

from earlywarn.retrain.recommend import Found, Gains, recommend


def gain(value: float, low: float | None, high: float | None) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "claimed": low is not None and low > 0}


def gains(auc: dict[str, Any], recall: dict[str, Any] | None = None, onset: dict[str, Any] | None = None) -> Gains:
    alike = gain(0.0, -0.004, 0.004)
    return {"everyone": {"auc": auc, "recall": recall or alike}, "onset": {"auc": onset or alike}}


ALIKE = Found(in_use=True, gains=gains(gain(0.001, -0.004, 0.006)), fresher="It is fresher.")


def test_as_good_and_fresher_is_promoted() -> None:
    said = recommend(ALIKE)
    assert said.says == "promote"
    assert said.reasons[0].startswith("It is as good: a difference in AUC of +0.001 (95% interval -0.004 to +0.006)")
    assert said.reasons[1] == "It is fresher."
    assert said.in_short == "as good as the version in use on the same new dates, and fresher"


def test_a_gain_that_is_shown_is_the_reason() -> None:
    said = recommend(replace(ALIKE, gains=gains(gain(0.02, 0.01, 0.03))))
    assert said.says == "promote"
    assert "better among everyone" in said.reasons[0]


def test_two_models_that_score_alike_are_as_good() -> None:
    """Without any difference there is no interval."""
    assert recommend(replace(ALIKE, gains=gains(gain(0.0, None, None)))).says == "promote"


@pytest.mark.parametrize(
    "worse",
    [
        gains(gain(-0.02, -0.03, -0.01)),
        gains(gain(0.0, -0.001, 0.001), recall=gain(-0.05, -0.08, -0.02)),
        gains(gain(0.0, -0.001, 0.001), onset=gain(-0.02, -0.03, -0.01)),
    ],
)
def test_what_is_worse_beyond_chance_is_held(worse: Gains) -> None:
    said = recommend(replace(ALIKE, gains=worse))
    assert said.says == "hold"
    assert said.reasons[0].startswith("It does worse among")
    assert said.in_short == ""


def test_what_cannot_be_shown_to_be_as_good_is_held() -> None:
    said = recommend(replace(ALIKE, gains=gains(gain(0.002, -0.02, 0.024))))
    assert said.says == "hold"
    assert said.reasons[0].startswith("It cannot be shown to be as good")


@pytest.mark.parametrize("what", ["limits", "too_good", "worse_groups", "moved"])
def test_somebody_must_look_before_a_better_model_is_used(what: str) -> None:
    better = replace(ALIKE, gains=gains(gain(0.02, 0.01, 0.03)))
    said = recommend(replace(better, **{what: ("Something is wrong.",)}))  # type: ignore[arg-type]  # a name of a field
    assert (said.says, said.reasons) == ("look at this first", ("Something is wrong.",))


def test_every_reason_to_look_is_told() -> None:
    said = recommend(replace(ALIKE, limits=("A limit.",), moved=("A drift.",)))
    assert said.reasons == ("A limit.", "A drift.")


def test_without_a_new_date_nothing_else_is_asked() -> None:
    said = recommend(Found(in_use=True, nothing_new="No date has closed.", limits=("A limit.",)))
    assert (said.says, said.reasons) == ("hold", ("No date has closed.",))


def test_a_model_in_use_that_cannot_be_compared_is_looked_at() -> None:
    assert recommend(Found(in_use=True, not_compared="It is damaged.")).says == "look at this first"


def test_the_first_version_must_beat_the_simple_rules() -> None:
    assert recommend(Found(in_use=False)).says == "promote"
    beaten = recommend(Found(in_use=False, no_gain_over_rules="A rule does as well."))
    assert (beaten.says, beaten.reasons) == ("hold", ("A rule does as well.",))


def test_every_rule_is_shown_with_its_answer() -> None:
    rules = recommend(ALIKE).rules
    assert len(rules) == 10
    assert [bool(rule.because) for rule in rules] == [False] * 9 + [True]
