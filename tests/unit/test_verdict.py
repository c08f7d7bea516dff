"""The words that a report opens with: a simple contender that is not beaten comes first, whoever it is."""

import numpy as np
import pytest

from earlywarn.config import Places
from earlywarn.evaluate.compare import Contest, contest
from earlywarn.evaluate.verdict import places_words, verdict

WORDS = {
    "model": "the model",
    "logistic": "logistic regression on the same features",
    "champion": "the model in use (version 3)",
    "rate": "Those who missed most come first",
    "school_average": "Everyone has the average risk of their school",
    "without_surveys": "the model without the surveys",
}
RULES = ["rate", "school_average"]
MISSED = "missed 10% or more of their sessions in the next term"


def compete(*, onset: bool = True, **noise: float) -> Contest:
    """Return a contest in which each contender sees the truth through so much noise."""
    random = np.random.default_rng(3)
    n = 15 * 100
    truth = random.normal(size=n)
    outcome = random.random(n) < 1 / (1 + np.exp(1.5 - 1.5 * truth))
    risks = {name: truth + much * random.normal(size=n) for name, much in ({"model": 0.1} | noise).items()}
    below = random.random(n) < 0.8
    everyone = {"everyone": np.ones(n, dtype=bool)}
    return contest(
        outcome=outcome, risks=risks, probabilities={}, school=np.arange(n) % 15, person=np.arange(n),
        as_of=np.zeros(n), populations=everyone | ({"onset": below, "already": ~below} if onset else {}),
        places=Places(),
    )  # fmt: skip


def said(found: Contest) -> tuple[str, ...]:
    return verdict(found, WORDS, [rule for rule in RULES if rule in found.gains["everyone"]], "pupils", MISSED)


def test_a_model_that_beats_every_simple_contender_says_how_far_the_best_rule_is_behind() -> None:
    first, second, *_ = said(compete(rate=2.0, school_average=5.0, logistic=3.0, champion=3.0))
    assert first.startswith("Among everyone, the model is ahead of the best simple rule (those who missed most come")
    assert second.startswith("Among those below the line so far, the model is ahead of the best simple rule")


@pytest.mark.parametrize(
    ("equal", "named"),
    [
        ("logistic", "logistic regression on the same features"),
        ("champion", "the model in use (version 3)"),
        ("school_average", "the best simple rule (everyone has the average risk of their school)"),
        ("rate", "the best simple rule (those who missed most come first)"),
    ],
)
def test_any_simple_contender_that_is_not_beaten_comes_first(equal: str, named: str) -> None:
    found = compete(**{"rate": 2.5, "school_average": 3.0, "logistic": 2.5, "champion": 2.5} | {equal: 0.1})
    sentences = said(found)
    for sentence, among in zip(sentences[:2], ("everyone", "those below the line so far"), strict=True):
        assert sentence.startswith(f"Among {among}, no gain of the model over {named} could be shown: AUC")
        assert "the smallest gain that these data would have shown four times in five is" in sentence
    assert all("ahead" in sentence or "Visiting" in sentence for sentence in sentences[2:])


def test_a_contender_that_is_better_beyond_the_interval_is_said_to_be() -> None:
    assert said(compete(model=3.0, rate=0.1))[0].startswith(
        "Among everyone, the model does worse than the best simple rule (those who missed most come first): AUC"
    )


def test_others_that_are_not_beaten_are_named_with_the_strongest() -> None:
    found = compete(model=4.0, rate=3.0, school_average=5.0, logistic=4.0)
    first = said(found)[0]
    aucs = {name: measured["auc"].value for name, measured in found.measures["everyone"].items()}
    assert f"AUC {aucs['model']:.3f} against {max(aucs[name] for name in found.gains['everyone']):.3f}," in first
    assert f"the simple rule (everyone has the average risk of their school) ({aucs['school_average']:.3f})" in first
    assert f"logistic regression on the same features ({aucs['logistic']:.3f})" in first
    assert " or " in first.split("Nor could one be shown over ")[1]


def test_what_is_not_a_simple_contender_is_not_held_against_the_model() -> None:
    sentences = said(compete(rate=3.0, without_surveys=0.1))
    assert "ahead of the best simple rule" in sentences[0]
    assert any("no gain from the surveys could be shown" in sentence for sentence in sentences)


def test_staff_have_one_list_and_nobody_is_visited_at_home() -> None:
    found = compete(onset=False, rate=2.0)
    sentences = verdict(found, WORDS, ["rate"], "staff", "resigned in the next term")
    assert sentences[0].startswith("Among everyone")
    assert sentences[-1].startswith("Talking to the 75 staff on the lists of the test dates would have reached ")
    assert "who resigned in the next term, and passed by" in sentences[-1]


def test_places_are_said_in_people() -> None:
    found = compete(rate=2.0)
    model = found.measures["onset"]["model"]
    words = places_words(found, "onset", "pupils", MISSED)
    assert words == (
        "Visiting the families of the 75 pupils on the lists of the test dates, those below the line so far, would "
        f"have reached {model['people_found'].value:.0f} (95% interval {model['people_found'].low:.0f} to "
        f"{model['people_found'].high:.0f}) who {MISSED}, and passed by {model['people_missed'].value:.0f} others "
        "who did."
    )
