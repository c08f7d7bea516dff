"""Drift between cohorts: what moved comes first, and nothing that stood still is accused."""

import numpy as np
import pytest

from earlywarn.features.feature import Feature
from earlywarn.model.drift import cohort_drift, stability_index, standardised_shift


def feature(name: str) -> Feature:
    return Feature(name, "absence this year", "attendance", "share", f"What {name} is", "not known", lambda seen: seen)


def test_what_moved_most_comes_first_and_the_words_count_it() -> None:
    draw = np.random.default_rng(3)
    train, test = draw.normal(size=(2, 4000, 3)).astype(np.float32)
    test[:, 1] += 1
    test[::2, 2] = np.nan
    found = cohort_drift(train, test, [feature("still"), feature("moved"), feature("emptied")])
    assert [row["name"] for row in found["rows"]] == ["emptied", "moved", "still"]
    assert (found["features"], found["moved"], found["moved_much"]) == (3, 2, 2)
    emptied, moved, still = found["rows"]
    assert emptied["moved"] == pytest.approx(2**0.5, abs=0.01)  # half of the rows, against none
    assert (emptied["missing_train"], emptied["missing_test"]) == (0.0, 0.5)
    assert moved["shift"] == pytest.approx(1, abs=0.1)
    assert still["psi"] < 0.02
    assert "Of 3 features, 2 moved" in found["words"]


def test_cohorts_that_are_alike_are_said_to_be() -> None:
    values = np.random.default_rng(3).normal(size=(500, 2)).astype(np.float32)
    assert "None of the 2 features moved" in cohort_drift(values, values, [feature("a"), feature("b")])["words"]


def test_a_mean_of_few_schools_that_hardly_moved_is_not_among_what_moved() -> None:
    train = np.repeat(np.float32([0.05, 0.06, 0.07]), 100)[:, None]
    found = cohort_drift(train, train + np.float32(0.0005), [feature("absence_at_school")])
    assert found["moved"] == 0
    assert found["rows"][0]["psi"] > 1


def test_a_feature_of_few_values_keeps_equal_values_together() -> None:
    yes, no = np.float32([1] * 3 + [0] * 7), np.float32([0] * 10)
    assert stability_index(yes, yes) == 0
    assert stability_index(yes, no) == pytest.approx((1 - 0.7) * np.log(1 / 0.7) + (1e-4 - 0.3) * np.log(1e-4 / 0.3))


def test_the_index_is_that_of_a_plain_loop() -> None:
    draw = np.random.default_rng(5)
    train = draw.normal(size=997).astype(np.float32)
    test = draw.normal(0.4, 1.3, size=311).astype(np.float32)
    train[::9], test[::4] = np.nan, np.nan
    known = sorted(value for value in train if not np.isnan(value))
    edges = [known[int(np.floor(step / 10 * (len(known) - 1)))] for step in range(1, 10)]

    def share(column: np.ndarray, place: int) -> float:
        low, high = [-np.inf, *edges][place], [*edges, np.inf][place]
        return max(sum(low < value <= high for value in column) / len(column), 1e-4)

    pairs = [(share(train, place), share(test, place)) for place in range(10)]
    pairs.append((float(np.isnan(train).mean()), float(np.isnan(test).mean())))
    assert stability_index(train, test) == pytest.approx(sum((q - p) * np.log(q / p) for p, q in pairs))


def test_what_never_varies_or_is_empty_has_no_shift() -> None:
    ones, empty = np.float32([1, 1]), np.float32([np.nan, np.nan])
    assert standardised_shift(ones, ones) is None
    assert standardised_shift(ones, empty) is None
