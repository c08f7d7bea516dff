"""Before any outcome is known, what calibrated risks promise is what comes, within the interval that is stated."""

import numpy as np
import pytest

from earlywarn.bundle.reference import Promise
from earlywarn.config import Places
from earlywarn.evaluate.measures import auc
from earlywarn.monitor.expected import Expected, expected_performance, promised_auc

SCHOOLS, PUPILS = 20, 100


def people(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return risks of a trust's pupils, their schools and themselves."""
    draw = np.random.default_rng(seed)
    school = np.repeat(np.arange(SCHOOLS), PUPILS)
    odds = draw.normal(-1.5, 1.2, SCHOOLS * PUPILS) + draw.normal(0, 0.3, SCHOOLS)[school]
    return 1 / (1 + np.exp(-odds)), school.astype(str), np.arange(len(school)).astype(str)


def expected(risk: np.ndarray, school: np.ndarray, person: np.ndarray, *tested: Promise) -> dict[str, Expected]:
    everyone = {"everyone": np.ones(len(risk), bool)}
    day = np.full(len(risk), np.datetime64("2026-02-02"))
    found = expected_performance(risk, np.log(risk), school, person, day, everyone, Places(), tested)
    return {one.measure: one for one in found}


def drawn(risk: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random(len(risk)) < risk


def test_the_promise_is_the_mean_over_what_may_come() -> None:
    risk, *_ = people(1)
    risk = risk[:300]
    place = np.unique(risk, return_inverse=True)[1]
    came = np.mean([auc(drawn(risk, seed), risk) for seed in range(400)])
    assert promised_auc(risk, place, np.ones(300)) == pytest.approx(came, abs=0.004)


def test_with_outcomes_for_risks_the_promise_is_the_measure_itself() -> None:
    risk, *_ = people(2)
    outcome = drawn(risk, 2)
    place = np.unique(risk, return_inverse=True)[1]
    assert promised_auc(outcome.astype(float), place, np.ones(len(risk))) == pytest.approx(auc(outcome, risk))


def test_what_comes_lies_in_the_stated_interval() -> None:
    inside = 0
    for seed in range(20):
        risk, school, person = people(seed)
        promised = expected(risk, school, person)["auc"]
        assert promised.low is not None and promised.high is not None
        inside += promised.low <= auc(drawn(risk, 1000 + seed), risk) <= promised.high
    assert inside >= 18


def test_risks_that_were_off_when_tested_make_the_interval_wider_and_do_not_move_it() -> None:
    found = people(3)
    off = Promise(population="everyone", measure="auc", expected=0.80, realised=0.76, error=0.02)
    plain, honest = expected(*found)["auc"], expected(*found, off)["auc"]
    assert plain.value == honest.value
    assert plain.high is not None and honest.high is not None
    assert honest.high > plain.high + 0.05


def test_of_nobody_nothing_is_expected() -> None:
    nobody = np.zeros(0)
    found = expected_performance(nobody, nobody, nobody, nobody, nobody, {"everyone": nobody > 0}, Places())
    assert all(one.value is None for one in found)
