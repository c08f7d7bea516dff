"""The study of how stable reasons are measures what it says."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
EVERYONE = np.array([True, True, True])
Themes = tuple[str, ...]


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.reasons")


def given(study: ModuleType, *themes: Themes, listed: tuple[bool, ...] = (True, True, True)) -> Any:
    return study.Given(np.array(listed), {"told": themes})


def test_seeds_that_agree_share_everything_and_strangers_nothing(study: ModuleType) -> None:
    one = given(study, ("a", "b", "c"), ("a",), ("b", "c"))
    other = given(study, ("d", "e", "f"), ("d",), ("e", "f"))
    assert study.shared([one, one], EVERYONE, "told")["of the first seed's list"] == 1
    assert study.shared([one, other], EVERYONE, "told")["of the first seed's list"] == 0


def test_a_theme_that_one_seed_lacks_counts_against_the_longer_of_the_two(study: ModuleType) -> None:
    pair = given(study, ("a", "b", "c"), ("a", "b"), ("a",)), given(study, ("c", "a"), ("b", "a"), ("b",))
    found = study.shared(pair, EVERYONE, "told")
    assert found["of the first seed's list"] == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert found["the same first theme"] == 0


def test_only_who_is_listed_counts(study: ModuleType) -> None:
    pair = (
        given(study, ("a",), ("a",), ("a",), listed=(True, True, False)),
        given(study, ("a",), ("b",), ("b",), listed=(True, False, True)),
    )
    found = study.shared(pair, EVERYONE, "told")
    assert found["of the first seed's list"] == 0.5
    assert found["of those whom both list"] == 1
    assert found["of those whom any lists"] == pytest.approx(1 / 3)
    assert study.about_lists(pair)["share of a list that another seed lists too"] == 0.5


def test_the_yardstick_holds_each_pupil_against_another(study: ModuleType) -> None:
    alike, apart = given(study, ("a",), ("a",), ("a",)), given(study, ("a",), ("b",), ("c",))
    assert study.shared([alike, alike], EVERYONE, "told")["of two different pupils"] == 1
    assert study.shared([apart, apart], EVERYONE, "told")["of two different pupils"] == 0


def test_characteristics_and_what_lowers_the_score_are_no_first_themes(study: ModuleType) -> None:
    sums = np.array([0.2, 0.9, -0.5, 0.4])
    assert study.largest(sums, ("movement", "characteristics", "absence last year", "pattern of absence")) == (
        "pattern of absence",
        "movement",
    )
