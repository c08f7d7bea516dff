"""The settings of a study's trees: chosen once, and the same for every model after.

In:  the examples of a study.
Out: a recipe with every feature that the study may use, tuned on the training rows as a training tunes. Models that
     know less are fitted with the same settings, so that what differs between two of them is what they know.
"""

from collections.abc import Mapping
from datetime import date

from earlywarn.config import Config
from earlywarn.features.catalogue import for_model
from earlywarn.model.examples import Examples
from earlywarn.model.folds import Fold, training_folds
from earlywarn.model.recipe import FEWEST_FOR_TREES, Trees, choose_recipe, steady_features
from earlywarn.progress import bar
from earlywarn.study.steps import known_on

TOO_FEW = (
    f"Not estimable: in training fewer than {FEWEST_FOR_TREES} rows (people on as-of dates) have the outcome, or fewer "
    f"than {FEWEST_FOR_TREES} have not, and trees cannot learn from fewer."
)
# Halves are enough to learn a calibration from, and cost each model one more fit instead of four.
_FOLDS_TO_CALIBRATE = 2


def study_trees(examples: Examples, config: Config) -> Trees | None:
    """Return the trees of a study; None where too few had the outcome, or had it not, to fit any."""
    outcome = examples.then.outcome[examples.training] > 0
    if min(outcome.sum(), (~outcome).sum()) < FEWEST_FOR_TREES:
        return None
    candidates = for_model(examples.matrix.features, config)
    train, test = (known_on(examples, candidates, rows) for rows in (examples.training, examples.test))
    features, _ = steady_features(train, test, candidates)
    train = known_on(examples, features, examples.training)
    folds, _ = training_folds(examples.people[examples.training], outcome, _closes(examples), config.model.folds)
    with bar("Tuning", config.model.trials) as trials:
        recipe = choose_recipe(
            train, outcome, folds, features, config.model, None,
            lambda _, best: trials.advance(f"best log loss {best:.4f}"),
        )  # fmt: skip
    return recipe if isinstance(recipe, Trees) else None


def folds_to_calibrate(examples: Examples) -> tuple[Fold, ...]:
    """Return two folds of the training rows, forward in time where the dates allow it."""
    outcome = examples.then.outcome[examples.training] > 0
    people = examples.people[examples.training]
    return training_folds(people, outcome, _closes(examples), _FOLDS_TO_CALIBRATE)[0]


def _closes(examples: Examples) -> Mapping[date, date | None]:
    return {planned.as_of: planned.closes_on for planned in examples.plan.dates}
