"""Which way a feature speaks: told from groups of ten or more, never from one row."""

import numpy as np
import pytest

from earlywarn.features.feature import Feature
from earlywarn.model.ways import FEWEST, ways


def feature(name: str) -> Feature:
    return Feature(name, "absence this year", "attendance", "share", name, "", lambda _: np.zeros(0, np.float32))


NAMES = ("rises", "falls", "silent")
FEATURES = [feature(name) for name in NAMES]


def made(rows: int = 500) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    values = np.random.default_rng(1).normal(size=(rows, 3)).astype(np.float32)
    values[: rows // 5, 0] = np.nan
    added = np.stack([np.nan_to_num(values[:, 0]) + 0.3, -2 * values[:, 1], np.zeros(rows)], axis=1).astype(float)
    return added, values


def test_low_and_high_are_means_of_fifths_and_what_is_not_known_is_apart() -> None:
    added, values = made()
    falls, rises = ways(added, values, FEATURES)  # by weight; what moves no score is left out
    assert (falls["name"], rises["name"]) == ("falls", "rises")
    column = values[:, 1]
    lowest = column <= np.quantile(column, 0.2)
    assert falls["low"] == pytest.approx(added[lowest, 1].mean(), abs=1e-6)
    assert falls["low"] > 0 > falls["high"]
    assert falls["not_known"] is None
    assert rises["low"] < 0.3 < rises["high"]
    assert rises["not_known"] == pytest.approx(0.3)


def test_a_rare_yes_is_told_beside_the_no_and_fewer_than_ten_are_not() -> None:
    values = np.zeros((200, 1), np.float32)
    values[:FEWEST] = 1
    (yes,) = ways(values.astype(float) * 0.7, values, FEATURES[:1])
    assert (yes["low"], yes["high"]) == (0.0, 0.7)
    values[0] = 0
    (few,) = ways(values.astype(float) * 0.7, values, FEATURES[:1])
    assert few["high"] is None


def test_a_feature_of_which_nothing_is_known_has_no_ends() -> None:
    values = np.full((50, 1), np.nan, np.float32)
    (way,) = ways(np.full((50, 1), 0.2), values, FEATURES[:1])
    assert (way["low"], way["high"], way["not_known"]) == (None, None, 0.2)
