"""What is too good to be true is named; what is merely good is not."""

from pathlib import Path

import numpy as np
import pytest

from earlywarn import run
from earlywarn.cli import training
from earlywarn.evaluate.too_good import suspects, tells_alone

RNG = np.random.default_rng(1)
OUTCOME = np.arange(1000) < 200


def told(column: np.ndarray, outcome: np.ndarray = OUTCOME) -> dict[str, float]:
    return dict(tells_alone(column.astype(np.float32)[:, None], outcome, ["leak"]))


def test_a_column_that_is_the_outcome_is_named() -> None:
    (warning,) = suspects(told(OUTCOME))
    assert "leak alone" in warning
    assert "features.leave_out" in warning


def test_the_way_it_runs_does_not_matter() -> None:
    assert told(~OUTCOME) == {"leak": 1.0}


def test_being_filled_in_can_give_the_outcome_away() -> None:
    """A reason for leaving that only leavers have says the same for all of them, and still says it all."""
    assert suspects(told(np.where(OUTCOME, 1.0, np.nan)))


def test_an_honest_feature_is_not_suspected() -> None:
    honest = 2.0 * OUTCOME + RNG.standard_normal(len(OUTCOME))
    assert 0.85 < told(honest)["leak"] < 0.97
    assert not suspects(told(honest))


def test_an_empty_column_says_nothing() -> None:
    assert told(np.full(len(OUTCOME), np.nan)) == {"leak": 0.5}


@pytest.mark.parametrize("happened", [9, 991])
def test_of_a_few_people_chance_alone_can_look_perfect(happened: int) -> None:
    assert told(OUTCOME, np.arange(1000) < happened) == {}


def test_training_prints_the_doubt_before_the_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doubt, verdict = "Too good to be true: leak alone tells.", "The model is ahead."
    made = run.TrainingRun(Path("models/leaky/1"), (verdict,), (doubt,), ("No alarm.",), Path("private/audit"), "1")
    monkeypatch.setattr(run, "train", lambda *_: made)
    training.train(Path("leaky.yaml"))
    assert capsys.readouterr().out.splitlines()[:3] == [doubt, "", verdict]
