"""What a rung adds is found where it was planted, its interval can be taken again, and few people are not shown."""

from statistics import mean, stdev

import numpy as np
import pytest
from scipy.stats import t

from earlywarn.evaluate.intervals import Gain
from earlywarn.study.comparisons import TOO_FEW_TO_SHOW, Line, gain_table
from earlywarn.study.ladder import ladder
from earlywarn.study.steps import (
    Field,
    Scored,
    field_within,
    fields_of,
    hidden_groups,
    largest_shown,
    scored_by,
    steps,
)
from study_world import FEATURES, SCHOOLS, TREES, config_of, made_up

EXAMPLES = made_up(effect=0.9)


@pytest.fixture(scope="module")
def scored() -> dict[str, Scored]:
    return {rung.name: scored_by(EXAMPLES, rung, TREES) for rung in ladder(FEATURES)}


@pytest.fixture(scope="module")
def everyone(scored: dict[str, Scored]) -> Field:
    (found,) = fields_of(EXAMPLES, scored, config_of())
    return found


def gain(field: Field, rung: str, over: str, measure: str = "auc") -> Gain:
    (one,) = [step.gain for step in steps(field, rung, over) if step.measure == measure]
    return one


def test_the_planted_gain_is_found_where_it_was_planted(everyone: Field) -> None:
    planted = gain(everyone, "level", "participation")
    assert planted.claimed
    assert planted.value is not None
    assert planted.value > 0.05
    for rung, over in (("characteristics", "records"), ("participation", "characteristics"), ("change", "level")):
        assert not gain(everyone, rung, over).claimed
    assert gain(everyone, "change", "records").claimed
    on_lists = gain(everyone, "level", "participation", "people_found")
    assert on_lists.value is not None
    assert 0.02 < on_lists.value < 0.2  # of 20 in 100 on lists, some more have the outcome


def test_anyone_can_take_the_interval_again_from_what_it_was_made_from(everyone: Field) -> None:
    (step, *_) = steps(everyone, "level", "participation")
    table = gain_table("gains", "", (), [Line(step)])
    (replicates,) = (each for each in table.replicates if each.column == "gain")
    whole, *without = replicates.values
    assert len(without) == SCHOOLS
    error = stdev(without) * (SCHOOLS - 1) / SCHOOLS**0.5  # of the jackknife
    margin = t.ppf(0.975, SCHOOLS - 1) * error
    (row,) = table.rows
    assert (row["gain"], row["gain_low"], row["gain_high"]) == pytest.approx((whole, whole - margin, whole + margin))
    assert row["gain"] == pytest.approx(row["value_with"] - row["value_without"])  # type: ignore[operator]
    assert row["smallest_shown"] == pytest.approx(margin + t.ppf(0.80, SCHOOLS - 1) * error)
    assert abs(mean(without) - whole) < error


def test_people_of_one_group_are_looked_at_alone_on_the_lists_of_all(
    everyone: Field, scored: dict[str, Scored]
) -> None:
    half = np.arange(len(everyone.ground.outcome)) % 2 == 0
    found = {
        step.measure: step for step in steps(field_within(everyone, "half", half, scored, False), "level", "records")
    }
    assert found["auc"].n == half.sum()
    assert found["auc"].gain.claimed
    listed = everyone.ground.listed(scored["level"].rank)[half]
    outcome = everyone.ground.outcome[half]
    assert found["people_found"].upper[0] == pytest.approx(listed[outcome].sum() / outcome.sum())


def test_of_few_people_nothing_is_shown(everyone: Field, scored: dict[str, Scored]) -> None:
    few = np.arange(len(everyone.ground.outcome)) < 12
    (step, *_) = steps(field_within(everyone, "few", few, scored, hidden=True), "level", "records")
    table = gain_table("gains", "", (), [Line(step)])
    (row,) = table.rows
    assert (row["n"], row["positives"], row["gain"], row["value_with"]) == ("c", "c", None, None)
    assert row["smallest_shown"] is None
    assert row["why"] == TOO_FEW_TO_SHOW
    assert not table.replicates


def test_a_group_is_hidden_with_one_to_four_on_either_side_and_another_with_it() -> None:
    group = np.repeat(["a", "b", "c"], [100, 60, 30])
    person, outcome = np.arange(190), np.zeros(190, np.bool_)
    outcome[:50] = outcome[100:130] = True
    outcome[160:163] = True
    assert set(hidden_groups(group, person, outcome)) == {"b", "c"}  # b with it: the total gives c away
    outcome[160:175] = True
    assert not hidden_groups(group, person, outcome)


def test_the_largest_gain_is_named_only_where_it_was_shown() -> None:
    shown, larger = Gain(0.01, 0.005, 0.015, 0.007), Gain(0.02, -0.01, 0.05, 0.04)
    assert largest_shown({"effort": shown}) == "effort"
    assert largest_shown({"effort": shown, "belonging": larger}) is None
    assert largest_shown({"effort": shown, "few": Gain(None, None, None, None)}) == "effort"
    assert largest_shown({}) is None
