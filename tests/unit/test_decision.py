"""Decision curves: what acting from a risk on gains, beside acting on everyone."""

import json

import numpy as np
import pytest

from earlywarn.evaluate.decision import decision_curves, thresholds_for
from earlywarn.evaluate.intervals import clusters_of, estimate
from earlywarn.evaluate.measures import base_rate, net_benefit


def trust(rate: float = 0.2, schools: int = 12, pupils: int = 50) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(5)
    n = schools * pupils
    risk = np.round(random.beta(4 * rate, 4 * (1 - rate), n), 2)  # round numbers: some lie on the thresholds
    return random.random(n) < risk, risk, np.arange(n) % schools, np.arange(n)


def curves(outcome, risk, school, person):
    everyone = np.ones(len(outcome), dtype=bool)
    return decision_curves(
        outcome=outcome, probabilities={"model": risk, "base": np.full(len(risk), outcome.mean())},
        school=school, person=person, populations={"everyone": everyone, "nobody": ~everyone},
    )  # fmt: skip


def test_each_point_is_the_net_benefit_with_the_interval_of_leaving_out_schools() -> None:
    outcome, risk, school, person = trust()
    found = curves(outcome, risk, school, person)
    assert [row["threshold"] for row in found["everyone"]] == [round(0.05 * step, 2) for step in range(1, 13)]
    clusters = clusters_of(school, person)
    for row in found["everyone"]:
        plain = estimate(lambda weight, t=row["threshold"]: net_benefit(outcome, risk, t, weight), clusters, outcome)
        told = row["contenders"]["model"]
        assert (told["value"], told["low"], told["high"]) == pytest.approx(
            (plain.value, plain.low, plain.high), abs=1e-6
        )
        assert row["everyone"] == pytest.approx(net_benefit(outcome, np.ones(len(risk)), row["threshold"]), abs=1e-6)


def test_a_model_that_knows_only_the_base_rate_does_as_acting_on_everyone_and_then_on_nobody() -> None:
    outcome, risk, school, person = trust()
    for row in curves(outcome, risk, school, person)["everyone"]:
        expected = row["everyone"] if row["threshold"] <= base_rate(outcome) else 0
        assert row["contenders"]["base"]["value"] == pytest.approx(expected, abs=1e-6)


def test_honest_risks_never_do_worse_than_both_simple_ways() -> None:
    outcome, risk, school, person = trust(schools=100, pupils=200)
    for row in curves(outcome, risk, school, person)["everyone"]:
        assert row["contenders"]["model"]["value"] >= max(0, row["everyone"]) - 0.003


def test_nobody_has_no_curve_and_the_rest_is_json() -> None:
    found = curves(*trust())
    assert found["nobody"] == []
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("rate", [0.02, 0.08, 0.2, 0.5, 0.9])
def test_the_base_rate_lies_inside_the_curve(rate: float) -> None:
    found = thresholds_for(rate)
    assert found[0] < rate < found[-1]
    assert (np.diff(found) > 0).all()
