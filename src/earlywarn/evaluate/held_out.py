"""What is measured on the test rows: the tested model and everyone else, on people it never saw.

Glue between the training's examples and the measures, which take arrays of one row per person and as-of date.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from earlywarn.config import Config
from earlywarn.crossings import find_crossings
from earlywarn.evaluate.breakdown import breakdowns
from earlywarn.evaluate.compare import EVERYONE, MODEL, Contest, contest
from earlywarn.evaluate.decision import decision_curves
from earlywarn.evaluate.estimate import plain
from earlywarn.evaluate.ground import Ground, grounds_of
from earlywarn.evaluate.lead_time import lead_time
from earlywarn.evaluate.stability import stability
from earlywarn.features.gather import Sources
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples
from earlywarn.model.lists import has_two_lists, populations_of
from earlywarn.model.train import Trained
from earlywarn.phrases import PEOPLE

EARLIER = "earlier"
CALIBRATION = ("observed_over_expected", "calibration_intercept", "calibration_slope", "calibration_error", "brier")
NOT_RECORDED = "not recorded"


def tested_populations(examples: Examples, config: Config) -> Mapping[str, NDArray[np.bool_]]:
    """Return, for the test rows, who belongs to which population."""
    return {name: rows[examples.test] for name, rows in populations_of(examples.matrix, config).items()}


def contest_on_test(examples: Examples, trained: Trained, contenders: Sequence[Contender], config: Config) -> Contest:
    """Measure everyone on the test rows, with the labels as they are known today."""
    return contest(
        risks={MODEL: trained.test_raw} | {contender.name: contender.risk for contender in contenders},
        probabilities=_probabilities(trained, contenders),
        **rows_on_test(examples, config),
    )


def decision_curves_on_test(
    examples: Examples, trained: Trained, contenders: Sequence[Contender], config: Config
) -> dict[str, list[dict[str, Any]]]:
    """Return the decision curves of everyone who gives a probability."""
    rows = rows_on_test(examples, config)
    return decision_curves(
        probabilities=_probabilities(trained, contenders),
        **{name: rows[name] for name in ("outcome", "school", "person", "populations")},
    )


def breakdowns_on_test(
    examples: Examples, trained: Trained, config: Config, phases: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the model's measures by school, year group or role, date and phase.

    phases : school_id -> its phase.
    """
    people = examples.matrix.people[examples.test]
    inside = {"pupils": "year_group", "staff": "role"}[config.population]
    groups = {
        "school": people["school_id"].to_numpy(str),
        inside: _words_of(people[inside].tolist()),
        "as_of": people["as_of"].dt.strftime("%Y-%m-%d").to_numpy(str),
        "phase": _words_of([phases.get(str(school)) for school in people["school_id"]]),
    }
    return breakdowns(
        risk=trained.test_raw, probability=trained.test_risk, groups=groups, **rows_on_test(examples, config)
    )


def lead_times_on_test(sources: Sources, examples: Examples, trained: Trained) -> dict[str, dict[str, Any] | None]:
    """Return how early each list was; nothing where the outcome is no absence rate, which has no line to cross."""
    config = sources.config
    if not has_two_lists(config) or sources.register is None:
        return {}
    people = examples.matrix.people[examples.test]
    tomorrow = sources.store.today + timedelta(days=1)
    crossed = find_crossings(sources.register, sources.calendars, config, people, tomorrow)

    def of(ground: Ground) -> dict[str, Any] | None:
        return lead_time(
            outcome=ground.outcome,
            listed=ground.listed(trained.test_raw[ground.rows]),
            weeks=crossed.weeks[ground.rows],
            already=crossed.already[ground.rows],
            person=ground.person,
            people=PEOPLE[config.population],
        )

    return {name: of(ground) for name, ground in grounds_of(**rows_on_test(examples, config)).items()}


def calibration_on_test(examples: Examples, trained: Trained, config: Config) -> dict[str, dict[str, Any]]:
    """Return how the model's probabilities do among everyone before they are calibrated, and after.

    returns : `before` and `after` -> measure -> estimate.
    """
    scores = {"before": trained.test_raw, "after": trained.test_raw}
    probabilities = {"before": expit(trained.test_raw), "after": trained.test_risk}
    rows = rows_on_test(examples, config) | {"populations": {EVERYONE: np.ones(len(trained.test_raw), bool)}}
    found = contest(risks=scores, probabilities=probabilities, **rows).measures[EVERYONE]
    return {when: plain({name: measures[name] for name in CALIBRATION}) for when, measures in found.items()}


def against_earlier(
    examples: Examples, trained: Trained, earlier_raw: NDArray[np.float64], config: Config
) -> dict[str, Any]:
    """Return what the tested model gained over one trained without the latest year, and how far their lists overlap.

    earlier_raw : (test rows,) what the earlier model ranks by.
    returns     : `gains` (population -> measure -> gain) and `jaccard` (population -> estimate).
    """
    rows = rows_on_test(examples, config)
    found = contest(risks={MODEL: trained.test_raw, EARLIER: earlier_raw}, probabilities={}, **rows)
    return {
        "gains": {name: plain(others[EARLIER]) for name, others in found.gains.items()},
        "jaccard": plain(stability(ours=trained.test_raw, theirs=earlier_raw, **rows)),
    }


def rows_on_test(examples: Examples, config: Config) -> dict[str, Any]:
    """Return the test rows as the measures take them, with the labels as they are known today."""
    people = examples.matrix.people[examples.test]
    return {
        "outcome": examples.now.outcome[examples.test] > 0,
        "school": people["school_id"].to_numpy(str),
        "person": people["person_id"].to_numpy(str),
        "as_of": people["as_of"].to_numpy(),
        "populations": tested_populations(examples, config),
        "places": config.fairness.places,
    }


def _probabilities(trained: Trained, contenders: Sequence[Contender]) -> dict[str, NDArray[np.float64]]:
    given = {contender.name: contender.probability for contender in contenders if contender.probability is not None}
    return {MODEL: trained.test_risk} | given


def _words_of(values: Sequence[Any]) -> NDArray[np.str_]:
    """Return values as the names of groups: whole numbers without a point, "not recorded" for what is missing."""
    return np.array([_word(value) for value in values], dtype=str)


def _word(value: Any) -> str:
    if pd.isna(value) or value == "":
        return NOT_RECORDED
    return str(int(value)) if isinstance(value, float) else str(value)
