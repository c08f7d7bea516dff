"""Places by group: given only where the config asks, chosen on folds, told of nobody whose group is not known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from earlywarn.audit.head_start import chosen_head_start, head_start_given
from earlywarn.audit.subjects import MODEL, Subjects, subjects_of
from earlywarn.config import Config, Fairness, HeadStart
from earlywarn.errors import TableError
from earlywarn.features.build import Matrix
from earlywarn.record.answers import Answers
from earlywarn.record.card import card
from earlywarn.record.prose import dpia_annex
from earlywarn.score.lists import score_frame
from made_up_runs import pupil_run

FAIRNESS = Fairness(groups=("pupil_premium",), intersections=(), head_start=HeadStart(group_by="pupil_premium"))
CONFIG = Config.model_validate({
    "name": "made-up", "population": "pupils", "as_of": {"weeks_of_year": [6]},
    "outcome": {"kind": "absence_rate", "label": "window_rate", "threshold": 0.1, "window": "rest_of_year"},
    "fairness": {"groups": ["pupil_premium"], "intersections": [], "places": {"count": 2}},
})  # fmt: skip
KEPT = {"group_by": "pupil_premium", "makes_up": "half", "lists": {"onset": {"yes": 0.5}}}


@pytest.fixture(scope="module")
def training() -> Subjects:
    """4,000 pupils on two lists; the model rates those with pupil premium 1.2 log-odds too low."""
    random = np.random.default_rng(4)
    premium, odds = random.random(4000) < 0.4, random.normal(-1.5, 1.3, 4000)
    people = pd.DataFrame({
        "person_id": np.arange(4000), "school_id": random.integers(20, size=4000), "as_of": 0, "pupil_premium": premium,
    })  # fmt: skip
    over = random.random(4000) < 0.3
    populations = {"everyone": np.ones(4000, bool), "onset": ~over, "already": over}
    outcome = random.random(4000) < 1 / (1 + np.exp(-odds))
    return subjects_of(people, outcome, {MODEL: odds - 1.2 * premium}, populations, FAIRNESS)


def recalls(training: Subjects, population: str, head_start: float) -> tuple[float, float]:
    labels = training.groups["pupil_premium"]
    listed = training.listed(training.ranks[MODEL] + head_start * (labels == "yes"), population)
    had = training.outcome & training.populations[population]
    with_premium, without = (float(listed[had & (labels == group)].mean()) for group in ("yes", "no"))
    return with_premium, without


@pytest.mark.parametrize("population", ["onset", "already"])
def test_the_whole_gap_is_made_up_on_each_list(training: Subjects, population: str) -> None:
    with_premium, without = recalls(training, population, 0.0)
    assert without - with_premium > 0.1
    whole = chosen_head_start(training, HeadStart(group_by="pupil_premium", makes_up="whole"))
    assert set(whole["lists"]) == {"onset", "already"}
    with_premium, without = recalls(training, population, whole["lists"][population]["yes"])
    assert abs(without - with_premium) < 0.03  # a short list moves in steps


def test_a_group_that_is_missed_less_is_not_held_back(training: Subjects) -> None:
    turned = replace(training, ranks={MODEL: training.ranks[MODEL] + 2.4 * (training.groups["pupil_premium"] == "yes")})
    found = chosen_head_start(turned, HeadStart(group_by="pupil_premium", makes_up="whole"))
    assert found["lists"]["onset"] == {"yes": 0.0}


def test_half_is_half_the_log_odds(training: Subjects) -> None:
    half, whole = (
        chosen_head_start(training, HeadStart(group_by="pupil_premium", makes_up=part))["lists"]["onset"]["yes"]
        for part in ("half", "whole")
    )
    assert half == pytest.approx(whole / 2, abs=1e-5)
    assert half > 0


def test_nobody_has_a_head_start_unless_it_is_kept() -> None:
    people = pd.DataFrame({"pupil_premium": [True, False, None]})
    assert head_start_given(None, people, np.array(["onset"] * 3), FAIRNESS).tolist() == [0, 0, 0]
    given = head_start_given(KEPT, people, np.array(["onset", "onset", "onset"]), FAIRNESS)
    assert given.tolist() == [0.5, 0, 0]
    assert head_start_given(KEPT, people, np.array(["already"] * 3), FAIRNESS).tolist() == [0, 0, 0]


def test_data_without_the_column_are_refused() -> None:
    with pytest.raises(TableError, match="pupil_premium"):
        head_start_given(KEPT, pd.DataFrame({"sen": ["N"]}), np.array(["onset"]), FAIRNESS)


def test_a_head_start_moves_people_and_leaves_their_risk_alone() -> None:
    people = pd.DataFrame({
        "person_id": ["a", "b", "c"], "school_id": "1", "as_of": pd.Timestamp("2026-11-09"), "year_group": 9,
        "form": "9A", "pupil_premium": [False, False, True],
    })  # fmt: skip
    matrix = Matrix(people, (), np.zeros((3, 0), np.float32))
    raw = np.array([1.0, 0.8, 0.6])
    risk = 1 / (1 + np.exp(-raw))
    kept = KEPT | {"lists": {"everyone": {"yes": 0.5}}}
    before, after = (score_frame(matrix, raw, risk, CONFIG, "1", given) for given in (None, kept))
    assert before["listed"].tolist() == [True, True, False]
    assert after["listed"].tolist() == [True, False, True]
    assert after["rank_in_school"].tolist() == [2, 3, 1]
    assert after["risk"].tolist() == before["risk"].tolist() == risk.tolist()


def test_a_head_start_for_a_group_that_is_not_audited_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"head_start is for 'eal', but groups audit pupil_premium"):
        Fairness(groups=("pupil_premium",), intersections=(), head_start=HeadStart(group_by="eal"))


def test_the_card_and_the_annex_say_who_has_a_head_start() -> None:
    run = pupil_run()
    told = replace(run, metrics=dict(run.metrics) | {"head_start": KEPT})
    who = "pupils with pupil premium have a head start"
    assert who in card(told, Answers())
    assert who in dpia_annex(told, Answers())
    assert "head start" not in card(run, Answers()) + dpia_annex(run, Answers())
