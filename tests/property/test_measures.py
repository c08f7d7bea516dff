"""Laws of the measures: equal to scikit-learn and to the plain versions, whatever the ties and weights."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from earlywarn.evaluate.brier import brier_parts
from earlywarn.evaluate.calibration import (
    calibration_curve,
    calibration_intercept,
    calibration_slope,
    expected_calibration_error,
    observed_over_expected,
)
from earlywarn.evaluate.intervals import Clusters, leave_one_out
from earlywarn.evaluate.measures import auc, average_precision, base_rate, brier, log_loss, net_benefit
from earlywarn.evaluate.places import (
    false_reassurance,
    listing,
    precision_at_places,
    recall_at_places,
)
from earlywarn.evaluate.prepared import calibrate, count_listed, rank
from earlywarn.evaluate.stability import jaccard
from reference import measures as plain

# Few distinct risks: the mistakes are at the ties.
RISKS = [0.1, 0.2, 0.35, 0.5, 0.8]


class People(NamedTuple):
    outcome: np.ndarray
    risk: np.ndarray
    weight: np.ndarray
    school: np.ndarray


@st.composite
def people(draw: st.DrawFn) -> People:
    row = st.tuples(st.booleans(), st.sampled_from(RISKS), st.integers(0, 3), st.integers(0, 3))
    outcome, risk, weight, school = zip(*draw(st.lists(row, min_size=1, max_size=25)), strict=True)
    return People(np.array(outcome), np.array(risk), np.array(weight, dtype=float), np.array(school))


def both_kinds(drawn: People) -> bool:
    kept = drawn.outcome[drawn.weight > 0]
    return bool(kept.any() and not kept.all())


def close(found: float, expected: float) -> bool:
    return found == pytest.approx(expected, nan_ok=True, abs=1e-12)


@given(people())
def test_measures_agree_with_scikit_learn(drawn: People) -> None:
    assume(both_kinds(drawn))
    y, r, w, _ = drawn
    assert close(auc(y, r, w), sklearn_metrics.roc_auc_score(y, r, sample_weight=w))
    assert close(average_precision(y, r, w), sklearn_metrics.average_precision_score(y, r, sample_weight=w))
    assert close(brier(y, r, w), sklearn_metrics.brier_score_loss(y, r, sample_weight=w))
    assert close(log_loss(y, r, w), sklearn_metrics.log_loss(y, r, sample_weight=w))


@given(people())
def test_measures_agree_with_the_plain_versions(drawn: People) -> None:
    y, r, w, _ = drawn
    assert close(auc(y, r, w), plain.auc(y, r, w))
    assert close(average_precision(y, r, w), plain.average_precision(y, r, w))


@given(people())
def test_the_parts_of_a_brier_score_add_up_to_it(drawn: People) -> None:
    y, r, w, _ = drawn
    assume(w.any())
    parts = brier_parts(y, r, w, bins=3)
    assert close(float(parts.reliability - parts.resolution + parts.uncertainty), brier(y, r, w))
    assert 0 <= parts.uncertainty <= 0.25
    assert parts.resolution <= parts.uncertainty + 1e-12


@given(people())
def test_with_a_bin_for_each_risk_the_parts_are_those_of_murphy(drawn: People) -> None:
    y, r, w, _ = drawn
    assume(w.any())
    parts = brier_parts(y, r, w, bins=1000)  # no two risks share a bin
    reliability, resolution, uncertainty = plain.brier_parts(y, r, w)
    assert close(float(parts.reliability), reliability)
    assert close(float(parts.resolution), resolution)
    assert close(float(parts.uncertainty), uncertainty)


@given(people(), st.integers(0, 6), st.integers(0, 6))
def test_the_overlap_of_lists_agrees_with_the_plain_version(drawn: People, most: int, other: int) -> None:
    roll = np.bincount(drawn.school)
    one, two = (listing(drawn.risk, drawn.school, np.minimum(each, roll)[drawn.school]) for each in (most, other))
    assert close(jaccard(one, two, drawn.weight), plain.jaccard(one, two, drawn.weight))
    assert close(jaccard(one, two), jaccard(two, one))
    if most:
        assert jaccard(one, one) == 1


@given(people())
def test_a_weight_is_a_number_of_rows(drawn: People) -> None:
    y, r, w, _ = drawn
    times = w.astype(int)
    rows = np.repeat(y, times), np.repeat(r, times)
    for measure in (auc, average_precision, brier, log_loss, observed_over_expected, expected_calibration_error):
        assert close(measure(y, r, w), measure(*rows)), measure.__name__
    for measure in (calibration_slope, calibration_intercept):
        assert measure(y, r, w) == pytest.approx(measure(*rows), nan_ok=True, abs=1e-6), measure.__name__
    assert close(base_rate(y, w), base_rate(rows[0]))
    assert close(net_benefit(y, r, 0.3, w), net_benefit(*rows, 0.3))


@given(people(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn: People, random: object) -> None:
    order = np.arange(len(drawn.risk))
    random.shuffle(order)  # type: ignore[attr-defined]
    y, r, w, s = drawn
    for measure in (auc, average_precision, brier, expected_calibration_error):
        assert close(measure(y, r, w), measure(y[order], r[order], w[order])), measure.__name__
    places = np.full(len(r), 2)
    assert np.array_equal(listing(r, s, places)[order], listing(r[order], s[order], places))


@given(people())
def test_auc_asks_only_for_the_order_and_turns_with_the_outcome(drawn: People) -> None:
    y, r, w, _ = drawn
    assert close(auc(y, r, w), auc(y, r**3 - 7, w))
    assert close(auc(~y, r, w), 1 - auc(y, r, w))


@given(people(), st.integers(0, 6))
def test_a_list_agrees_with_the_plain_version_and_fills_its_places(drawn: People, most: int) -> None:
    roll = np.bincount(drawn.school)
    places = np.minimum(most, roll)[drawn.school]
    listed = listing(drawn.risk, drawn.school, places)
    assert listed == pytest.approx(plain.listing(drawn.risk, drawn.school, places))
    assert np.bincount(drawn.school, listed) == pytest.approx(np.minimum(most, roll))


@given(people())
def test_the_calibration_curve_keeps_everyone(drawn: People) -> None:
    y, r, w, _ = drawn
    curve = calibration_curve(y, r, w, bins=3)
    assert close(curve.weight.sum(), w.sum())
    assert close(float(curve.weight @ curve.observed), float(w @ y))
    assert (np.diff(curve.predicted) > 0).all()


@given(people(), st.sampled_from(["schools", "people"]))
def test_prepared_sums_give_the_plain_measures_without_each_cluster(drawn: People, kind: str) -> None:
    y, r, _, s = drawn
    people_groups = np.arange(len(y)) % 4
    clusters = Clusters(s if kind == "schools" else people_groups, 4, kind)  # type: ignore[arg-type]
    weights = leave_one_out(4)
    listed = listing(r, s, np.full(len(r), 2))
    ranked = rank(y, r, clusters, s).measures(weights)
    seen = count_listed(y, listed, clusters).measures(weights)
    honest = calibrate(y, r, clusters).measures(weights)
    for i, weight in enumerate(weights[:, clusters.codes]):
        assert close(ranked["auc"][i], plain.auc(y, r, weight))
        assert close(ranked["within_school_auc"][i], plain.within_school_auc(y, r, s, weight))
        assert close(ranked["average_precision"][i], plain.average_precision(y, r, weight))
        assert close(seen["precision"][i], precision_at_places(y, listed, weight))
        assert close(seen["recall"][i], recall_at_places(y, listed, weight))
        assert close(seen["false_reassurance"][i], false_reassurance(y, listed, weight))
        assert close(seen["base_rate"][i], base_rate(y, weight))
        assert close(honest["brier"][i], brier(y, r, weight))
        assert close(honest["observed_over_expected"][i], observed_over_expected(y, r, weight))
        parts = [honest[f"brier_{part}"][i] for part in ("reliability", "resolution", "uncertainty")]
        assert close(parts[0] - parts[1] + parts[2], honest["brier"][i])
    whole = brier_parts(y, r)
    assert [honest[f"brier_{part}"][0] for part in ("reliability", "resolution", "uncertainty")] == pytest.approx(
        [float(part) for part in vars(whole).values()], abs=1e-12
    )
