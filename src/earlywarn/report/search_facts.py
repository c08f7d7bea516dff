"""How the model was found, as plain data: the search for its settings, and what its calibration was learnt on.

Out: `settings`, `trials`, `sampler`, `seed` and `calibration` of `metrics.json`.
"""

from typing import Any

from earlywarn.config import Config
from earlywarn.model.recipe import Trees
from earlywarn.model.train import Trained


def search_facts(trained: Trained, config: Config) -> dict[str, Any]:
    """Return what was tried, by whom drawn, what came out, and how scores become probabilities."""
    return {
        "settings": _settings(trained),
        "trials": _trials(trained),
        "sampler": sampler_words(trained, config),
        "seed": config.model.seed,
        "calibration": {
            "method": trained.tested.calibration.as_dict()["method"],
            "learnt_on": f"training rows scored out of fold, folds {trained.folds_go}",
        },
    }


def _settings(trained: Trained) -> dict[str, Any]:
    if isinstance(trained.recipe, Trees):
        return {"kind": "trees", **vars(trained.recipe.settings)}
    return {"kind": "logistic", "penalty": trained.recipe.penalty}


def _trials(trained: Trained) -> list[dict[str, Any]]:
    if not isinstance(trained.recipe, Trees):
        return []
    return [
        {
            "number": trial.number,
            "log_loss": trial.log_loss,
            "pruned": trial.pruned,
            "settings": dict(vars(trial.settings)),
        }
        for trial in trained.recipe.trials
    ]


def sampler_words(trained: Trained, config: Config) -> str:
    """Return how the settings were searched for: who drew them, with which seeds, how many, within what budget."""
    if not isinstance(trained.recipe, Trees):
        return "No search: the penalty of the logistic regression is the best of a fixed row of them over the folds."
    seed, trials = config.model.seed, trained.recipe.trials
    pruned = sum(trial.pruned for trial in trials)
    budget = f"{config.model.trials} trials"
    if config.model.minutes is not None:
        budget += f" or {config.model.minutes:g} minutes"
    folds = "1 fold" if len(trained.folds) == 1 else f"{len(trained.folds)} folds"
    return (
        f"Optuna's tree-structured Parzen estimator (TPE) over {folds}, {trained.folds_go}: "
        f"{len(trials)} trials of a budget of {budget}, {pruned} of them given up early. Trial n is drawn with seed "
        f"{seed} + n, counted from 0, and trees are fitted with seed {seed}."
    )
