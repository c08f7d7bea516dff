"""Everything that is measured on the test rows, in one go.

In:  the sources, the examples, the tested model and everyone it is held against.
Out: `Measured`: the contest, and the parts of `metrics.json` that come from the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.evaluate.between import between_dates
from earlywarn.evaluate.compare import Contest
from earlywarn.evaluate.held_out import (
    against_earlier,
    breakdowns_on_test,
    calibration_on_test,
    contest_on_test,
    decision_curves_on_test,
    lead_times_on_test,
    tested_populations,
)
from earlywarn.evaluate.helped import helped_on_test
from earlywarn.features.gather import Sources, phases_of
from earlywarn.model.contenders import Contender
from earlywarn.model.earlier import Earlier
from earlywarn.model.examples import Examples
from earlywarn.model.train import Trained


@dataclass(frozen=True)
class Measured:
    """What the test rows say.

    populations : name -> (test rows,) who belongs to it.
    facts       : `calibration_on_test`, `decision_curves`, `by`, `lead_time`, `earlier_training` and, where there is
                  something to say, `helped` (the data tell of help given) and `between_dates` (the dates follow a
                  weekly rule): parts of `metrics.json` as they are.
    """

    contest: Contest
    populations: Mapping[str, NDArray[np.bool_]]
    facts: Mapping[str, Any]


def measure_on_test(
    sources: Sources, examples: Examples, trained: Trained, contenders: Sequence[Contender], earlier: Earlier
) -> Measured:
    """Measure the tested model and everyone else on people and dates that it never saw."""
    config = sources.config
    found = contest_on_test(examples, trained, contenders, config)
    facts: dict[str, Any] = {
        "calibration_on_test": calibration_on_test(examples, trained, config),
        "decision_curves": decision_curves_on_test(examples, trained, contenders, config),
        "by": breakdowns_on_test(examples, trained, config, phases_of(sources)),
        "lead_time": lead_times_on_test(sources, examples, trained),
        "earlier_training": _earlier(examples, trained, earlier, config),
    }
    if helped := helped_on_test(sources, examples, trained):
        facts["helped"] = helped
    if config.as_of.every_weeks:
        facts["between_dates"] = between_dates(sources, trained, examples.plan.test, found)
    return Measured(found, tested_populations(examples, config), facts)


def _earlier(examples: Examples, trained: Trained, earlier: Earlier, config: Config) -> dict[str, Any]:
    if earlier.raw is None:
        return {"words": earlier.words}
    dates = {"trained_on": earlier.trained_on, "left_out": earlier.left_out}
    return {
        **{name: [str(day) for day in days] for name, days in dates.items()},
        **against_earlier(examples, trained, earlier.raw, config),
        "words": earlier.words,
    }
