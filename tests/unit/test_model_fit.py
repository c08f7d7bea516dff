"""Boosted trees: the same bytes each time, one-way features, reasons that add up."""

import numpy as np
import pytest
from numpy.typing import NDArray

from earlywarn.errors import BundleError
from earlywarn.model import fit, shapley
from earlywarn.model.fit import (
    TreeModel,
    TreeSettings,
    booster_from_text,
    booster_text,
    contributions,
    fit_trees,
    raw_score,
)
from earlywarn.progress import be_quiet

NAMES = ("absence", "belonging", "noise", "never_known")
RISK = (1, -1, 0, 0)
SETTINGS = TreeSettings(trees=40, leaves=7, min_people=20)


def people(n: int = 1500, seed: int = 3) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Draw people whose outcome rests on the first two features, with gaps; the last is never known."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(size=(n, 4))
    outcome = rng.random(n) < 1 / (1 + np.exp(1.5 - drawn[:, 0] + drawn[:, 1]))
    drawn[rng.random((n, 4)) < 0.1] = np.nan
    drawn[:, 3] = np.nan
    return drawn.astype(np.float32), outcome


def test_the_same_input_gives_the_same_text_on_one_thread_or_two() -> None:
    values, outcome = people()
    one, two, again = (
        booster_text(fit_trees(values, outcome, SETTINGS, NAMES, RISK, seed=1, threads=threads))
        for threads in (1, 2, 2)
    )
    assert one == two == again


def test_another_seed_gives_other_trees() -> None:
    values, outcome = people()
    one, two = (booster_text(fit_trees(values, outcome, SETTINGS, NAMES, RISK, seed)) for seed in (1, 2))
    assert one != two


def test_trees_read_back_from_text_score_the_same() -> None:
    values, outcome = people()
    booster = fit_trees(values, outcome, SETTINGS, NAMES, RISK, seed=1)
    back = booster_from_text(booster_text(booster))
    assert np.array_equal(raw_score(back, values), raw_score(booster, values))
    assert booster_text(back) == booster_text(booster)
    assert TreeModel(back).names == NAMES


@pytest.mark.parametrize(("column", "direction"), [(0, 1), (1, -1)])
def test_a_feature_with_a_direction_of_risk_only_goes_that_way_with_gaps_elsewhere(column: int, direction: int) -> None:
    values, outcome = people()
    many_leaves = TreeSettings(trees=40, leaves=31, min_people=10)
    booster = fit_trees(values, outcome, many_leaves, NAMES, RISK, seed=1)
    steps = []
    for level in np.linspace(-3, 3, 25, dtype=np.float32):
        moved = values[:200].copy()
        moved[:, column] = level
        steps.append(raw_score(booster, moved))
    assert (direction * np.diff(steps, axis=0) >= -1e-9).all()


def test_directions_of_risk_bind_only_where_the_settings_say_so() -> None:
    values, outcome = people()
    bent = TreeSettings(trees=40, leaves=7, min_people=20, monotone=False)
    held, free = (booster_text(fit_trees(values, outcome, use, NAMES, RISK, seed=1)) for use in (SETTINGS, bent))
    assert "monotone_constraints: 1,-1,0,0" in held
    assert "monotone_constraints: 1,-1,0,0" not in free


def test_contributions_add_up_to_the_score() -> None:
    values, outcome = people()
    booster = fit_trees(values, outcome, SETTINGS, NAMES, RISK, seed=1)
    added = contributions(booster, values)
    assert added.shape == (len(values), len(NAMES) + 1)
    np.testing.assert_allclose(added.sum(axis=1), raw_score(booster, values), atol=1e-9)
    assert (added[:, 3] == 0).all()  # what was never known explains nothing


def test_many_rows_are_explained_beside_a_bar(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    values, outcome = people(300)
    booster = fit_trees(values, outcome, SETTINGS, NAMES, RISK, seed=1)
    at_once = contributions(booster, values)
    be_quiet(False)
    for module in (fit, shapley):
        monkeypatch.setattr(module, "CHUNK", 100)
    assert np.array_equal(contributions(booster, values), at_once)
    assert "Explaining: 300 done" in capfd.readouterr().err


@pytest.mark.parametrize("wrong", ["every row", "one row", "between features"])
def test_contributions_that_do_not_add_up_give_no_reasons(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values, outcome = people()
    booster = fit_trees(values, outcome, SETTINGS, NAMES, RISK, seed=1)
    added = contributions(booster, values)
    if wrong == "every row":
        added[:, 0] += 0.001
    elif wrong == "one row":
        added[-1, 0] += 0.001
    else:  # the sum is right, the features are not
        added[:, 0] += 0.001
        added[:, 1] -= 0.001
    monkeypatch.setattr(fit, "shapley_values", lambda *_: added)
    with pytest.raises(BundleError, match="no reasons can be given") as refused:
        contributions(booster, values)
    assert "train the model again" in refused.value.fix


def test_fitting_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    values, outcome = people(300)
    model = TreeModel(fit_trees(values, outcome, SETTINGS, NAMES, RISK, seed=1))
    model.raw_score(values)
    model.contributions(values)
    assert capfd.readouterr() == ("", "")
