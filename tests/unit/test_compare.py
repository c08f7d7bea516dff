"""The contest: same people, same schools left out, and honest about what cannot be said."""

import json

import numpy as np
import pytest

from earlywarn.config import Places
from earlywarn.evaluate.calibration import expected_calibration_error
from earlywarn.evaluate.compare import Contest, contest
from earlywarn.evaluate.measures import auc, brier

RANKING = {
    "auc", "within_school_auc", "average_precision", "precision", "recall", "false_alarms", "false_reassurance",
    "people_found", "people_missed", "listed", "base_rate",
}  # fmt: skip
CALIBRATION = {
    "brier", "brier_reliability", "brier_resolution", "brier_uncertainty",
    "calibration_slope", "calibration_intercept", "observed_over_expected", "calibration_error",
}  # fmt: skip


def trust(schools: int = 15, pupils: int = 80, dates: int = 2) -> dict[str, np.ndarray]:
    """Draw pupils of a trust on as-of dates, with their true probability."""
    random = np.random.default_rng(4)
    person = np.tile(np.arange(schools * pupils), dates)
    n = len(person)
    risk = 1 / (1 + np.exp(1.5 - 1.5 * random.normal(size=n)))
    return {
        "person": person,
        "school": person // pupils,
        "as_of": np.repeat(np.arange(dates), schools * pupils),
        "risk": risk,
        "outcome": random.random(n) < risk,
        "noise": random.random(n),
    }


def compete(people: dict[str, np.ndarray], **changed: object) -> Contest:
    already = people["noise"] > 0.8
    given = {
        "outcome": people["outcome"],
        "risks": {"model": people["risk"] * 100, "flag": (people["risk"] > 0.3) * 1.0, "noise": people["noise"]},
        "probabilities": {"model": people["risk"]},
        "populations": {"everyone": np.ones_like(already), "onset": ~already, "already": already},
        "places": Places(),
    } | {name: people[name] for name in ("school", "person", "as_of")}
    return contest(**given | changed)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def people() -> dict[str, np.ndarray]:
    return trust()


@pytest.fixture(scope="module")
def result(people: dict[str, np.ndarray]) -> Contest:
    return compete(people)


def test_calibration_is_asked_only_of_probabilities(result: Contest) -> None:
    for contenders in result.measures.values():
        assert set(contenders["model"]) == RANKING | CALIBRATION
        assert set(contenders["flag"]) == set(contenders["noise"]) == RANKING


def test_measures_are_those_of_each_date_averaged(people: dict[str, np.ndarray], result: Contest) -> None:
    model, half = result.measures["everyone"]["model"], len(people["risk"]) // 2
    days = [(people["outcome"][rows], people["risk"][rows]) for rows in (slice(half), slice(half, None))]
    assert model["auc"].value == pytest.approx(np.mean([auc(*day) for day in days]))
    assert model["brier"].value == pytest.approx(np.mean([brier(*day) for day in days]))
    assert model["calibration_error"].value == pytest.approx(np.mean([expected_calibration_error(*d) for d in days]))
    assert model["auc"].low < model["auc"].value < model["auc"].high


def test_counts_add_up(people: dict[str, np.ndarray], result: Contest) -> None:
    for contenders in result.measures.values():
        for found in contenders.values():
            assert found["people_found"].value + found["people_missed"].value == pytest.approx(
                found["recall"].positives
            )
    listed = {name: result.measures[name]["model"]["listed"].value for name in result.measures}
    assert listed["everyone"] == listed["onset"] + listed["already"] == 15 * 2 * (5 + 5)


def test_a_model_that_knows_more_is_said_to_gain_and_noise_is_not(
    people: dict[str, np.ndarray], result: Contest
) -> None:
    assert all(gain.claimed for gain in result.gains["everyone"]["noise"].values())
    swapped = compete(people, risks={"model": people["noise"], "truth": people["risk"]}, probabilities={})
    assert not any(gain.claimed for gain in swapped.gains["everyone"]["truth"].values())


def test_a_lower_brier_score_is_a_gain_and_the_parts_add_up(people: dict[str, np.ndarray]) -> None:
    found = compete(people, probabilities={"model": people["risk"], "noise": people["noise"]})
    assert "brier" not in found.gains["everyone"]["flag"]
    model, noise = (found.measures["everyone"][name] for name in ("model", "noise"))
    gain = found.gains["everyone"]["noise"]["brier"]
    assert gain.claimed
    assert gain.value == pytest.approx(noise["brier"].value - model["brier"].value)
    assert model["brier"].value == pytest.approx(
        model["brier_reliability"].value - model["brier_resolution"].value + model["brier_uncertainty"].value
    )


def test_few_schools_are_said_to_be_few() -> None:
    one_school = trust(schools=1, pupils=300, dates=1)
    found = compete(one_school)
    assert found.as_dict()["intervals"]["everyone"] == {"leave_out": "people", "count": 50}
    measures = found.measures["everyone"]["model"]
    assert measures["within_school_auc"] == measures["auc"]


def test_an_empty_population_is_not_estimable(people: dict[str, np.ndarray]) -> None:
    nobody = np.zeros(len(people["risk"]), dtype=bool)
    found = compete(people, populations={"already": nobody}).measures["already"]["model"]
    assert set(found) == RANKING | CALIBRATION
    assert all(
        found[name].status == "not estimable"
        for name in found
        if name not in ("listed", "people_found", "people_missed")
    )


def test_nobody_with_the_outcome_is_not_estimable(people: dict[str, np.ndarray]) -> None:
    found = compete(people, outcome=np.zeros(len(people["risk"]), dtype=bool))
    assert found.measures["everyone"]["model"]["auc"].value is None
    assert found.gains["everyone"]["flag"]["auc"].value is None


def test_a_gap_in_a_risk_is_refused(people: dict[str, np.ndarray]) -> None:
    gap = np.where(np.arange(len(people["risk"])) == 3, np.nan, people["risk"])
    with pytest.raises(ValueError, match="'flag' has gaps"):
        compete(people, risks={"flag": gap}, probabilities={})


def test_the_order_of_rows_does_not_matter(people: dict[str, np.ndarray], result: Contest) -> None:
    order = np.random.default_rng(1).permutation(len(people["risk"]))
    assert compete({name: each[order] for name, each in people.items()}).as_dict() == result.as_dict()


def test_the_dict_is_json_without_nan(people: dict[str, np.ndarray], result: Contest) -> None:
    json.dumps(result.as_dict(), allow_nan=False)
    empty = compete(people, outcome=np.zeros(len(people["risk"]), dtype=bool))
    json.dumps(empty.as_dict(), allow_nan=False)
