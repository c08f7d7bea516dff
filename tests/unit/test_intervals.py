"""Intervals keep their promise, and say so when there is nothing to promise."""

import numpy as np
import pytest
from scipy.stats import t

from earlywarn.evaluate.calibration import calibration_intercept, calibration_slope
from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.intervals import (
    Clusters,
    among,
    by_date,
    clusters_of,
    difference,
    estimate,
    leave_one_out,
    replicates,
    summarise,
)
from earlywarn.evaluate.measures import auc, base_rate
from earlywarn.evaluate.prepared import calibrate, rank


def schools(random: np.random.Generator, count: int, pupils: int = 60) -> tuple[np.ndarray, ...]:
    """Draw pupils in schools that differ, with a better and a worse risk whose quality differs by school too."""
    school = np.repeat(np.arange(count), pupils)
    level, luck = random.normal(0, 0.8, count)[school], random.normal(1, 0.5, count)[school]
    known, more = random.normal(size=(2, count * pupils))
    outcome = random.random(count * pupils) < 1 / (1 + np.exp(1.5 - level - known - luck * more))
    return outcome, known + 0.8 * more + 0.5 * level, known, school


def gain(random: np.random.Generator, count: int):
    outcome, better, worse, school = schools(random, count)
    clusters, weights = Clusters(school, count, "schools"), leave_one_out(count)
    ours, theirs = (rank(outcome, risk, clusters, school).measures(weights)["auc"] for risk in (better, worse))
    return difference(ours, theirs)


def test_the_interval_of_a_gain_covers_the_truth_at_twenty_schools() -> None:
    random = np.random.default_rng(7)
    outcome, better, worse, _ = schools(random, 4000)
    truth = auc(outcome, better) - auc(outcome, worse)
    gains = [gain(random, 20) for _ in range(200)]
    covered = sum(each.low <= truth <= each.high for each in gains)
    assert 176 <= covered <= 198


def test_the_mean_of_equal_schools_has_the_textbook_interval() -> None:
    outcome = np.random.default_rng(1).random(200) < 0.3
    school = np.repeat(np.arange(20), 10)
    found = estimate(lambda weight: base_rate(outcome, weight), clusters_of(school, np.arange(200)), outcome)
    shares = outcome.reshape(20, 10).mean(axis=1)
    margin = t.ppf(0.975, 19) * shares.std(ddof=1) / np.sqrt(20)
    assert (found.value, found.low, found.high) == pytest.approx(
        (shares.mean(), shares.mean() - margin, shares.mean() + margin)
    )
    assert (found.n, found.positives) == (200, outcome.sum())


def test_no_interval_reaches_beyond_the_range_of_its_measure() -> None:
    replicated = np.array([0.9, 1.0, 0.7, 0.95, 0.99])
    assert summarise(replicated, 10, 5, (0, 1)).high == 1


@pytest.mark.parametrize(
    ("replicated", "value"),
    [
        ([np.nan, 0.5, 0.4], None),  # not estimable with everyone
        ([0.5, 0.5, np.nan], 0.5),  # not estimable without one of the schools
        ([0.5, 0.5], 0.5),  # one cluster
        ([1.0, 1.0, 1.0, 1.0], 1.0),  # no cluster tells how it varies
    ],
)
def test_without_a_spread_there_is_no_interval(replicated: list[float], value: float | None) -> None:
    assert summarise(np.array(replicated), 10, 5) == Estimate(value, None, None, 10, 5)


def test_a_gain_is_claimed_only_above_zero_and_the_smallest_is_told_either_way() -> None:
    clear = difference(np.array([0.80, 0.81, 0.79, 0.80]), np.array([0.60, 0.60, 0.60, 0.60]))
    assert clear.claimed
    unclear = difference(np.array([0.61, 0.70, 0.50, 0.62]), np.array([0.60, 0.60, 0.60, 0.60]))
    assert not unclear.claimed
    assert unclear.smallest_shown > unclear.value > 0 > unclear.low
    same = difference(np.array([0.8, 0.7, 0.9]), np.array([0.8, 0.7, 0.9]))
    assert (same.value, same.low, same.claimed) == (0, None, False)


def test_fewer_than_ten_schools_leave_out_people_together_with_all_their_rows() -> None:
    person = np.array([f"p{i}" for i in range(300)] * 2)
    clusters = clusters_of(np.zeros(600), person)
    assert (clusters.kind, clusters.count) == ("people", 50)
    assert np.array_equal(clusters.codes[:300], clusters.codes[300:])
    assert np.bincount(clusters.codes).tolist() == [12] * 50
    assert clusters_of(np.arange(600) % 10, person).kind == "schools"


def test_groups_of_people_do_not_depend_on_the_order_of_rows() -> None:
    person, order = np.arange(200), np.random.default_rng(3).permutation(200)
    school = np.zeros(200)
    assert np.array_equal(clusters_of(school, person).codes[order], clusters_of(school, person[order]).codes)


def test_clusters_without_people_of_a_population_do_not_count() -> None:
    some = among(Clusters(np.array([0, 1, 2, 2]), 3, "schools"), np.array([True, False, True, True]))
    assert (some.codes.tolist(), some.count) == ([0, 1, 1], 2)


def test_dates_are_averaged_by_their_people() -> None:
    outcome = np.array([True, False, True, True, False, False])
    risk = np.array([0.9, 0.1, 0.2, 0.8, 0.5, 0.1])
    date = np.array([1, 1, 2, 2, 2, 2])
    averaged = by_date(lambda weight: auc(outcome, risk, weight), date)
    assert averaged(np.ones(6)) == pytest.approx((2 * 1.0 + 4 * 0.75) / 6)
    alike = by_date(lambda weight: auc(outcome | (date == 1), risk, weight), date)
    assert alike(np.ones(6)) == 0.75  # nothing to tell on the first date


def test_one_newton_step_is_close_to_fitting_again() -> None:
    random = np.random.default_rng(5)
    outcome, better, _, school = schools(random, 20)
    clusters, risk = Clusters(school, 20, "schools"), 1 / (1 + np.exp(1.2 - 0.7 * better))
    quick = calibrate(outcome, risk, clusters).measures(leave_one_out(20))
    for name, measure in (("calibration_slope", calibration_slope), ("calibration_intercept", calibration_intercept)):
        exact = replicates(lambda weight, measure=measure: measure(outcome, risk, weight), clusters)
        assert quick[name][0] == pytest.approx(exact[0])
        assert np.abs(quick[name] - exact).max() < 0.05 * np.ptp(exact)
