"""Tuning: the best of the trials, and a killed search that ends where an uninterrupted one would."""

from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from numpy.typing import NDArray

from earlywarn.config import ModelSettings
from earlywarn.model import tune as tuning
from earlywarn.model.fit import TreeSettings
from earlywarn.model.tune import Fold, Tuned, out_of_fold, tune

NAMES = ("absence", "belonging", "noise")
RISK = (1, -1, 0)


def people(n: int = 600) -> tuple[NDArray[np.float32], NDArray[np.bool_], list[Fold]]:
    """Draw people in three folds, whose outcome rests on the first two features."""
    rng = np.random.default_rng(8)
    values = rng.normal(size=(n, 3)).astype(np.float32)
    outcome = rng.random(n) < 1 / (1 + np.exp(1 - values[:, 0] + values[:, 1]))
    part = np.arange(n) % 3
    return values, outcome, [(np.flatnonzero(part != k), np.flatnonzero(part == k)) for k in range(3)]


def search(trials: int, storage: Path | None = None, seed: int = 1) -> Tuned:
    values, outcome, folds = people()
    return tune(values, outcome, folds, NAMES, RISK, ModelSettings(trials=trials, seed=seed), storage)


def test_the_first_trial_is_our_defaults_and_the_best_is_chosen() -> None:
    told: list[tuple[int, float]] = []
    values, outcome, folds = people()
    found = tune(values, outcome, folds, NAMES, RISK, ModelSettings(trials=4), None, lambda *news: told.append(news))
    first = found.trials[0].settings
    assert (first.learning_rate, first.leaves) == (TreeSettings().learning_rate, TreeSettings().leaves)
    assert found.log_loss == min(trial.log_loss for trial in found.trials if not trial.pruned)
    assert [number for number, _ in told] == [1, 2, 3, 4]
    assert told[-1][1] == found.log_loss
    assert 1 <= found.settings.trees <= tuning.MOST_TREES


def test_a_search_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    study = tmp_path / "study.db"
    search(3, study)
    assert search(9, study) == search(9)


def test_a_search_that_goes_on_tells_of_the_trials_that_were_finished_before(tmp_path: Path) -> None:
    study = tmp_path / "study.db"
    search(2, study)
    told: list[int] = []
    values, outcome, folds = people()
    settings = ModelSettings(trials=3)
    tune(values, outcome, folds, NAMES, RISK, settings, study, lambda number, _: told.append(number))
    assert told == [1, 2, 3]


def test_a_search_killed_inside_a_trial_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tmp_path / "study.db"
    fits = iter(range(5))  # dies in the second trial

    fit_fold = tuning._fit_fold

    def die(*args: Any) -> tuple[float, int]:
        if next(fits) == 4:
            raise KeyboardInterrupt
        return fit_fold(*args)

    monkeypatch.setattr(tuning, "_fit_fold", die)
    with pytest.raises(KeyboardInterrupt):
        search(4, study)
    monkeypatch.undo()
    assert search(4, study) == search(4)


def test_a_search_killed_before_its_first_trial_ended_starts_with_the_defaults_once(tmp_path: Path) -> None:
    study = tmp_path / "study.db"
    values, outcome, folds = people()
    name = tuning._name(values, outcome, folds, NAMES, RISK, ModelSettings())
    tuning._study(name, study).enqueue_trial(tuning._as_drawn(TreeSettings()))
    assert search(2, study) == search(2)


def test_other_data_do_not_continue_a_search(tmp_path: Path) -> None:
    study = tmp_path / "study.db"
    search(1, study, seed=1)
    search(1, study, seed=2)
    assert len(optuna.get_all_study_names(f"sqlite:///{study}")) == 2


def test_a_trial_behind_the_best_is_given_up_and_one_that_may_still_win_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    folds = [
        (0.500, 0.500, 0.500),  # the defaults run over all folds
        (0.510,),  # far behind after one fold
        (0.5004, 0.499, 0.499),  # a little behind, then ahead
        (0.5004, 0.501),  # as good as the best, then behind
    ]
    losses = iter(chain(*folds))
    monkeypatch.setattr(tuning, "_fit_fold", lambda *args: (next(losses), 10))
    found = search(4)
    assert [trial.pruned for trial in found.trials] == [False, True, False, True]
    assert found.settings == found.trials[2].settings
    assert not list(losses)


def test_of_many_rows_trials_see_some_and_the_trees_are_counted_on_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = search(5)
    monkeypatch.setattr(tuning, "MOST_ROWS", 100)  # of the 400 of each fold
    few = search(5, tmp_path / "study.db")
    assert few == search(5)
    assert [trial.log_loss for trial in few.trials] != [trial.log_loss for trial in whole.trials]
    best = min((trial for trial in few.trials if not trial.pruned), key=lambda trial: trial.log_loss)
    assert few.settings.leaves == best.settings.leaves
    assert few.settings.trees > best.settings.trees  # four times the rows bear more trees
    values, outcome, folds = people()
    tried = out_of_fold(values, outcome, folds, few.settings, NAMES, RISK, seed=1)
    assert np.corrcoef(tried, values[:, 0] - values[:, 1])[0, 1] > 0.9


def test_a_budget_in_minutes_ends_the_search_after_at_least_one_trial() -> None:
    values, outcome, folds = people()
    found = tune(values, outcome, folds, NAMES, RISK, ModelSettings(trials=50, minutes=1e-9))
    assert len(found.trials) == 1


def test_out_of_fold_scores_come_from_trees_that_never_saw_the_row() -> None:
    values, outcome, folds = people()
    settings = TreeSettings(trees=20, min_people=10)
    scores = out_of_fold(values, outcome, folds[:2], settings, NAMES, RISK, seed=1)
    assert np.isnan(scores[folds[2][1]]).all()
    assert np.isfinite(scores[folds[0][1]]).all()
    outcome[folds[0][1]] ^= True  # the labels of the tested rows cannot matter to their own scores
    again = out_of_fold(values, outcome, folds[:1], settings, NAMES, RISK, seed=1)
    assert np.array_equal(again[folds[0][1]], scores[folds[0][1]])
