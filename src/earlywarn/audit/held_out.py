"""The audit of a training run: the tested model and its rivals on the people it never saw.

Audited beside the model are the best simple rule, which it would replace, and the model with
the audit-only characteristics added: is it fairer than either?
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.audit.audit import Audit, audit, beside
from earlywarn.audit.carriers import Explained, answered, carriers, noisier
from earlywarn.audit.details import details
from earlywarn.audit.head_start import chosen_head_start
from earlywarn.audit.limits import check_limits
from earlywarn.audit.out_of_fold import out_of_fold
from earlywarn.audit.parts import Parts
from earlywarn.audit.reading import About, main_list
from earlywarn.audit.refits import Learnt
from earlywarn.audit.remedies import Remedy, try_remedies
from earlywarn.audit.subjects import EVERYONE, MODEL, Subjects, as_audited, subjects_of
from earlywarn.audit.why import parts_of_gaps
from earlywarn.cohort import cohorts
from earlywarn.config import Config
from earlywarn.errors import LeakageError, TooFewError
from earlywarn.evaluate.compare import Contest
from earlywarn.evaluate.held_out import tested_populations
from earlywarn.evaluate.verdict import best_rule
from earlywarn.features.build import build_matrix
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources, phases_of
from earlywarn.labels import find_labels
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples, closed_dates
from earlywarn.model.fit import TreeModel
from earlywarn.model.fitted import Fitted
from earlywarn.model.lists import features_for_lists, populations_of
from earlywarn.model.recipe import Trees, names_of
from earlywarn.model.train import Trained
from earlywarn.phrases import PEOPLE, happened

Floats = NDArray[np.float64]
_WITH_CHARACTERISTICS = "with_characteristics"


@dataclass(frozen=True)
class NewDates:
    """An audit on dates that the model was not fitted on."""

    audit: Audit
    dates: tuple[date, ...]


def audit_on_test(
    sources: Sources, examples: Examples, trained: Trained, contenders: Sequence[Contender], contest: Contest
) -> Audit:
    """Audit the lists of the test dates, once as labelled and once without the school's own decisions."""
    config = sources.config
    rivals = {contender.name: contender for contender in contenders}
    rule = best_rule(contest, EVERYONE, [name for name, one in rivals.items() if one.is_rule])
    chosen = [name for name in (rule, _WITH_CHARACTERISTICS) if name in rivals]
    ranks = {MODEL: trained.test_raw} | {name: rivals[name].risk for name in chosen if name}
    words = {MODEL: "the model"} | {name: rivals[name].words for name in chosen if name}
    about = _about(config, words)
    everyone = with_phase(examples.matrix.people, sources)
    people = everyone[examples.test].reset_index(drop=True)
    populations = tested_populations(examples, config)
    now = examples.now.outcome
    subjects = subjects_of(people, now[examples.test] > 0, ranks, populations, config.fairness)
    labelled = _audit(people, subjects, trained.test_risk, config, about)
    if examples.own_decisions_out is not None:
        stripped = examples.own_decisions_out.outcome
        happened_then = np.where(np.isnan(stripped), now, stripped)[examples.test] > 0
        again = replace(subjects, outcome=happened_then)
        labelled = beside(labelled, _audit(people, again, trained.test_risk, config, about))
    features = trained.recipe.features
    values = examples.matrix.rows(examples.test).choose(names_of(features))
    explained = Explained(trained.tested.model, features, values)
    training = everyone[examples.training].reset_index(drop=True)
    remedies = _remedies(examples, trained, training, subjects, main_list(labelled.rows), config)
    return _with_parts(labelled, subjects, explained, trained.test_risk, config, remedies)


def with_phase(people: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """Return the people with the phase of their school, unless the data tell a phase of each person."""
    if "phase" in people:
        return people
    return people.assign(phase=people["school_id"].map(phases_of(sources)))


def _remedies(
    examples: Examples, trained: Trained, people: pd.DataFrame, test: Subjects, population: str, config: Config
) -> tuple[Remedy, ...]:
    """Try what could be done, if the config asks for it and there are trees to fit anew.

    people : those of the training rows.
    """
    recipe, model = trained.recipe, trained.tested.model
    if not config.fairness.remedies or not isinstance(recipe, Trees) or not isinstance(model, TreeModel):
        return ()
    folds = out_of_fold(examples, trained, recipe, people, config)
    rows, names = examples.training, names_of(recipe.features)
    values, outcome = examples.matrix.rows(rows).choose(names), examples.then.outcome[rows] > 0
    learnt = Learnt(recipe, model, people, values, outcome, examples.matrix.rows(examples.test).choose(names))
    return try_remedies(learnt, folds, test, population, config.fairness)


def head_start_on_folds(sources: Sources, examples: Examples, trained: Trained) -> dict[str, Any] | None:
    """Return the head start that the config asks for, as the bundle keeps it; None where it asks for none."""
    config, asked = sources.config, sources.config.fairness.head_start
    if asked is None:
        return None
    if not isinstance(trained.recipe, Trees):
        raise TooFewError(
            "fairness.head_start needs the trees' folds, and with so few outcomes only the logistic model is fitted",
            fix="take head_start out of the config",
        )
    everyone = with_phase(examples.matrix.people, sources)
    people = everyone[examples.training].reset_index(drop=True)
    return chosen_head_start(out_of_fold(examples, trained, trained.recipe, people, config), asked)


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
    values = known.choose(names)
    raw = fitted.model.raw_score(values)
    probability = fitted.calibration.apply(raw)
    outcome = labels.outcome[labels.known] > 0
    audited_people = with_phase(known.people, sources)
    subjects = subjects_of(audited_people, outcome, {MODEL: raw}, populations_of(known, config), config.fairness)
    audited = _audit(audited_people, subjects, probability, config, _about(config, {MODEL: "the model"}))
    explained = Explained(fitted.model, tuple(features), values)
    return NewDates(_with_parts(audited, subjects, explained, probability, config), new)


def _about(config: Config, contenders: Mapping[str, str]) -> About:
    return About(config.name, happened(config.outcome), PEOPLE[config.population], contenders)


def _audit(people: pd.DataFrame, subjects: Subjects, probability: Floats, config: Config, about: About) -> Audit:
    listed = {
        contender: {population: subjects.listed(risk, population) for population in subjects.populations}
        for contender, risk in subjects.ranks.items()
    }
    return audit(
        people,
        outcome=subjects.outcome,
        listed=listed,
        risk={MODEL: probability},
        populations=subjects.populations,
        fairness=config.fairness,
        school=people["school_id"].to_numpy(str),
        person=people["person_id"].to_numpy(str),
        as_of=people["as_of"].to_numpy(),
        about=about,
    )


def _with_parts(
    audited: Audit,
    subjects: Subjects,
    explained: Explained,
    probability: Floats,
    config: Config,
    remedies: tuple[Remedy, ...] = (),
) -> Audit:
    """Return the audit with what stands behind its gaps, why they are there and what could be done."""
    subjects = as_audited(subjects, audited.labels)
    parts = Parts(
        details=details(subjects, probability),
        why=parts_of_gaps(subjects, answered(explained)),
        carriers=carriers(subjects, explained),
        noise=noisier(subjects, explained),
        remedies=remedies,
        limits=check_limits(audited, config.fairness),
    )
    return replace(audited, parts=parts)
