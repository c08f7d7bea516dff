"""The contest on the test rows: the tested model and everyone else, on people it never saw."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.evaluate.compare import MODEL, Contest, contest
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples
from earlywarn.model.lists import populations_of
from earlywarn.model.train import Trained


def tested_populations(examples: Examples, config: Config) -> Mapping[str, NDArray[np.bool_]]:
    """Return, for the test rows, who belongs to which population."""
    return {name: rows[examples.test] for name, rows in populations_of(examples.matrix, config).items()}


def contest_on_test(examples: Examples, trained: Trained, contenders: Sequence[Contender], config: Config) -> Contest:
    """Measure everyone on the test rows, with the labels as they are known today."""
    people = examples.matrix.people[examples.test]
    return contest(
        outcome=examples.now.outcome[examples.test] > 0,
        risks={MODEL: trained.test_raw} | {contender.name: contender.risk for contender in contenders},
        probabilities={MODEL: trained.test_risk}
        | {contender.name: contender.probability for contender in contenders if contender.probability is not None},
        school=people["school_id"].to_numpy(str),
        person=people["person_id"].to_numpy(str),
        as_of=people["as_of"].to_numpy(),
        populations=tested_populations(examples, config),
        places=config.fairness.places,
    )
