"""The training rows as models rank them that had not seen them.

In:  the rows, what was trained on them, and the people of the training rows.
Out: those rows that a fold tested, as `Subjects`: what is chosen on them has not been fitted to them.
"""

import numpy as np
import pandas as pd

from earlywarn.audit.subjects import MODEL, Subjects, subjects_of
from earlywarn.config import Config
from earlywarn.model.examples import Examples
from earlywarn.model.lists import populations_of
from earlywarn.model.recipe import Trees, names_of
from earlywarn.model.train import Trained


def out_of_fold(examples: Examples, trained: Trained, recipe: Trees, people: pd.DataFrame, config: Config) -> Subjects:
    """Return the training rows that the folds tested, ranked by the model of the other folds.

    people : those of the training rows, in their order.
    """
    rows = examples.training
    values, outcome = examples.matrix.rows(rows).choose(names_of(recipe.features)), examples.then.outcome[rows] > 0
    ranks = recipe.out_of_fold(values, outcome, trained.folds)
    ranked = ~np.isnan(ranks)
    populations = {name: each[rows][ranked] for name, each in populations_of(examples.matrix, config).items()}
    known = people[ranked].reset_index(drop=True)
    return subjects_of(known, outcome[ranked], {MODEL: ranks[ranked]}, populations, config.fairness)
