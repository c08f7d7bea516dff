"""The audit of a training run: the tested model and its rivals on the people it never saw.

Audited beside the model are the best simple rule, which it would replace, and the model with
the audit-only characteristics added: is it fairer than either?
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from earlywarn.audit.audit import Audit, audit, beside
from earlywarn.audit.reading import About
from earlywarn.config import Config
from earlywarn.evaluate.compare import EVERYONE, MODEL, Contest
from earlywarn.evaluate.held_out import tested_populations
from earlywarn.evaluate.places import listing, places_at_school
from earlywarn.evaluate.verdict import best_rule
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples
from earlywarn.model.train import Trained
from earlywarn.phrases import PEOPLE, happened

Floats = NDArray[np.float64]


def audit_on_test(
    examples: Examples, trained: Trained, contenders: Sequence[Contender], contest: Contest, config: Config
) -> Audit:
    """Audit the lists of the test dates, once as labelled and once without the school's own decisions."""
    rivals = {contender.name: contender for contender in contenders}
    rule = best_rule(contest, EVERYONE, [name for name, one in rivals.items() if one.is_rule])
    chosen = [name for name in (rule, "with_characteristics") if name in rivals]
    ranks = {MODEL: trained.test_raw} | {name: rivals[name].risk for name in chosen if name}
    words = {MODEL: "the model"} | {name: rivals[name].words for name in chosen if name}
    about = About(config.name, happened(config.outcome), PEOPLE[config.population], words)
    labelled = _audit(examples, examples.now.outcome, ranks, trained.test_risk, config, about)
    if examples.own_decisions_out is None:
        return labelled
    stripped = np.where(
        np.isnan(examples.own_decisions_out.outcome), examples.now.outcome, examples.own_decisions_out.outcome
    )
    return beside(labelled, _audit(examples, stripped, ranks, trained.test_risk, config, replace(about)))


def _audit(
    examples: Examples,
    outcome: Floats,
    ranks: Mapping[str, Floats],
    probability: Floats,
    config: Config,
    about: About,
) -> Audit:
    people = examples.matrix.people[examples.test].reset_index(drop=True)
    populations = tested_populations(examples, config)
    unit = people.groupby(["as_of", "school_id"]).ngroup().to_numpy()
    return audit(
        people,
        outcome=outcome[examples.test] > 0,
        listed={name: _listed(risk, unit, populations, config) for name, risk in ranks.items()},
        risk={MODEL: probability},
        populations=populations,
        fairness=config.fairness,
        school=people["school_id"].to_numpy(str),
        person=people["person_id"].to_numpy(str),
        as_of=people["as_of"].to_numpy(),
        about=about,
    )


def _listed(
    risk: Floats, unit: NDArray[np.int64], populations: Mapping[str, NDArray[np.bool_]], config: Config
) -> dict[str, Floats]:
    """Return who would have been listed, for each population: only its own people compete for its places."""
    found: dict[str, Floats] = {}
    lists = [rows for name, rows in populations.items() if name != EVERYONE] or [populations[EVERYONE]]
    for name, rows in populations.items():
        places = places_at_school(unit, config.fairness.places, lists if name == EVERYONE else [rows])
        found[name] = np.zeros(len(risk))
        found[name][rows] = listing(risk[rows], unit[rows], places[rows])
    return found
