"""How well a wave was answered, and what the careless do to its scores."""

import numpy as np
import pytest

from earlywarn.evaluate.intervals import Clusters, among, clusters_of, estimate
from earlywarn.study.answer_quality import answer_quality, answer_quality_by, effect_on_scale
from earlywarn.study.covariances import covariances
from earlywarn.study.reliability import alpha_of
from earlywarn.surveys.answers import Floats
from earlywarn.surveys.quality import Manner

SCHOOL = np.repeat([f"school {number}" for number in range(12)], 30)
CLUSTERS = clusters_of(SCHOOL, np.arange(360))


def manner_of(straight: Floats) -> Manner:
    nothing = np.zeros_like(straight)
    return Manner(nothing + 8, nothing + 0.25, nothing, nothing, straight, nothing, nothing)


def some(count: int) -> Floats:
    """Return 1 for some of the people, more in the later schools."""
    drawn = np.random.default_rng(1).choice(360, count, replace=False, p=np.arange(360) / np.arange(360).sum())
    return np.isin(np.arange(360), drawn).astype(np.float32)


def test_a_share_has_the_interval_of_the_house() -> None:
    straight = some(40)
    found = answer_quality(manner_of(straight), CLUSTERS)
    by_hand = estimate(lambda weight: float(weight @ straight / weight.sum()), CLUSTERS, straight > 0)
    assert (found.straight.value, found.straight.low, found.straight.high) == pytest.approx(
        (by_hand.value, by_hand.low, by_hand.high)
    )
    assert found.skipped.value == 0.25 and found.out_of_range == 0 and found.n == 360


def test_a_share_of_a_few_has_no_interval_below_nothing_and_of_nobody_none() -> None:
    few, nobody = (answer_quality(manner_of(some(count)), CLUSTERS).straight for count in (2, 0))
    assert few.low == 0 and few.high is not None and few.high < 0.05
    assert nobody.value == 0 and nobody.low is None and nobody.why == "no interval: all are alike"


def test_who_cannot_be_told_is_not_counted_below_the_line() -> None:
    straight = some(40)
    straight[:60] = np.nan
    found = answer_quality(manner_of(straight), CLUSTERS).straight
    assert found.n == 300 and found.value == pytest.approx(np.nanmean(straight))


def test_each_school_is_counted_alone_and_not_under_ten_people() -> None:
    small = np.concatenate([SCHOOL[:-21], ["tiny"] * 21])
    small[-12:] = "larger"
    found = answer_quality_by(manner_of(some(40)), small, CLUSTERS)
    assert found["larger"].straight.value is not None and found["larger"].straight.low is None
    assert found["tiny"].straight.value is None and found["tiny"].straight.why == "fewer than 10 people"


def test_straight_lining_lowers_alpha_and_pulls_the_mean_to_the_middle() -> None:
    rng = np.random.default_rng(7)
    answers = 7 + rng.normal(size=(360, 1)) + rng.normal(size=(360, 4))
    careless = some(80)
    answers[careless == 1] = [9, 9, 1, 1]  # one step, half of the items reversed
    found = effect_on_scale(answers, careless, CLUSTERS)
    assert found.alpha.gap.low is not None and found.alpha.gap.low > 0
    assert found.mean.gap.low is not None and found.mean.gap.low > 0
    kept = careless == 0
    assert found.alpha.kept.value == pytest.approx(alpha_of(covariances(answers[kept], among(CLUSTERS, kept)))[0])
    assert found.mean.kept.value == pytest.approx(answers[kept].mean(), abs=1e-5)
    assert (found.mean.everyone.n, found.mean.kept.n) == (360, 280)


def test_nobody_careless_changes_nothing() -> None:
    answers = np.random.default_rng(7).normal(size=(360, 4))
    found = effect_on_scale(answers, np.full(360, np.nan, np.float32), CLUSTERS)
    assert found.alpha.gap.value == found.mean.gap.value == 0
    assert found.alpha.everyone == found.alpha.kept


def test_too_few_careful_people_tell_nothing() -> None:
    answers = np.random.default_rng(7).normal(size=(25, 4))
    alone = Clusters(np.arange(25), 25, "people")
    few = effect_on_scale(answers, np.zeros(25, np.float32), alone)
    assert few.mean.kept.value is not None and few.alpha.kept.why == "fewer than 30 people"
    none = effect_on_scale(answers, np.ones(25, np.float32), alone)
    assert none.mean.kept.value is None
