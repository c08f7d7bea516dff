"""The audit of a training run: the tested model and its rivals on the people it never saw.

Audited beside the model are the best simple rule, which it would replace, and the model with
the audit-only characteristics added: is it fairer than either?
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.audit.audit import Audit, audit, beside
from earlywarn.audit.reading import About
from earlywarn.cohort import cohorts
from earlywarn.config import Config
from earlywarn.errors import LeakageError
from earlywarn.evaluate.compare import EVERYONE, MODEL, Contest
from earlywarn.evaluate.held_out import tested_populations
from earlywarn.evaluate.places import listing, places_at_school
from earlywarn.evaluate.verdict import best_rule
from earlywarn.features.build import build_matrix
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources
from earlywarn.labels import find_labels
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples, closed_dates
from earlywarn.model.fitted import Fitted
from earlywarn.model.lists import features_for_lists, populations_of
from earlywarn.model.recipe import names_of
from earlywarn.model.train import Trained
from earlywarn.phrases import PEOPLE, happened

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NewDates:
    """An audit on dates that the model was not fitted on."""

    audit: Audit
    dates: tuple[date, ...]


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
    people = examples.matrix.people[examples.test].reset_index(drop=True)
    populations = tested_populations(examples, config)

    def audited(outcome: Floats) -> Audit:
        happened_then = outcome[examples.test] > 0
        return _audit(people, happened_then, ranks, trained.test_risk, populations, config, about)

    labelled = audited(examples.now.outcome)
    if examples.own_decisions_out is None:
        return labelled
    stripped = examples.own_decisions_out.outcome
    return beside(labelled, audited(np.where(np.isnan(stripped), examples.now.outcome, stripped)))


def audit_new_dates(
    sources: Sources, fitted: Fitted, features: Sequence[Feature], fitted_on: Sequence[date]
) -> NewDates:
    """Audit a model on the closed dates after those that it was fitted on; refuse if there is none.

    An earlier date will not do: what happened after it is the history that the model learnt from.
    """
    config = sources.config
    closed = closed_dates(sources)
    new = tuple(day for day in closed if day > max(fitted_on))
    if not new:
        raise LeakageError(
            f"the model was fitted on dates up to {max(fitted_on)}, and of these data no later as-of date has a closed "
            f"window ({', '.join(map(str, closed)) or 'none'} have): it cannot be judged on what it learnt from",
            fix="wait until a later date's window has closed; the bundle's audit.html has that of the tested model",
        )
    people = cohorts(sources.store, config, new)
    names = names_of(features)
    for_lists = features_for_lists(names) if sources.register else ()
    matrix = build_matrix(sources, people, (*features, *for_lists))
    before = sources.store.today + timedelta(days=1)
    labels = find_labels(sources.store, sources.register, sources.calendars, config, people, before)
    known = matrix.rows(labels.known)
    raw = fitted.model.raw_score(known.choose(names))
    about = About(config.name, happened(config.outcome), PEOPLE[config.population], {MODEL: "the model"})
    audited = _audit(
        known.people,
        labels.outcome[labels.known] > 0,
        {MODEL: raw},
        fitted.calibration.apply(raw),
        populations_of(known, config),
        config,
        about,
    )
    return NewDates(audited, new)


def _audit(
    people: pd.DataFrame,
    outcome: NDArray[np.bool_],
    ranks: Mapping[str, Floats],
    probability: Floats,
    populations: Mapping[str, NDArray[np.bool_]],
    config: Config,
    about: About,
) -> Audit:
    unit = people.groupby(["as_of", "school_id"]).ngroup().to_numpy()
    return audit(
        people,
        outcome=outcome,
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
    risk: Floats, unit: NDArray[np.integer[Any]], populations: Mapping[str, NDArray[np.bool_]], config: Config
) -> dict[str, Floats]:
    """Return who would have been listed, for each population: only its own people compete for its places."""
    found: dict[str, Floats] = {}
    lists = [rows for name, rows in populations.items() if name != EVERYONE] or [populations[EVERYONE]]
    for name, rows in populations.items():
        places = places_at_school(unit, config.fairness.places, lists if name == EVERYONE else [rows])
        found[name] = np.zeros(len(risk))
        found[name][rows] = listing(risk[rows], unit[rows], places[rows])
    return found
