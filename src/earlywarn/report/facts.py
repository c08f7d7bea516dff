"""The facts of a training run: everything that its pages, card and record say, as plain data.

Out: `metrics.json`. Every number on a page stands in it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn import __version__
from earlywarn.bundle.manifest import installed_libraries
from earlywarn.config import Config
from earlywarn.disclosure import shown_count
from earlywarn.evaluate.calibration import calibration_curve
from earlywarn.evaluate.compare import MODEL, Contest
from earlywarn.evaluate.estimate import plain
from earlywarn.evaluate.measured import Measured
from earlywarn.evaluate.verdict import AMONG, verdict
from earlywarn.features.gather import Sources
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples
from earlywarn.model.folds import PlannedDate
from earlywarn.model.outline import Outline, as_plain
from earlywarn.model.recipe import Trees
from earlywarn.model.train import Trained
from earlywarn.phrases import PEOPLE, happened
from earlywarn.report.feature_facts import feature_facts
from earlywarn.report.search_facts import search_facts
from earlywarn.tables.people_file import left_out


def model_facts(
    sources: Sources,
    examples: Examples,
    trained: Trained,
    contenders: Sequence[Contender],
    measured: Measured,
    planned: Outline,
    champion_absent: str = "",
) -> dict[str, Any]:
    """Return the content of `metrics.json`.

    champion_absent : why the model in use takes no part in the contest, where it does not.
    """
    config, contest = sources.config, measured.contest
    words = {MODEL: "the model"} | {contender.name: contender.words for contender in contenders}
    rules = [contender.name for contender in contenders if contender.is_rule]
    drawn = as_plain(planned)
    outcome = examples.now.outcome[examples.test] > 0
    found: dict[str, Any] = plain(
        {
            "format": 1,
            "name": config.name,
            "population": config.population,
            "people": PEOPLE[config.population],
            "outcome_words": happened(config.outcome),
            "base_rate": float(outcome.mean()),
            "headline": list(verdict(contest, words, rules, PEOPLE[config.population], happened(config.outcome))),
            "notes": [*_notes(sources, examples, trained, contest), *filter(None, [champion_absent])],
            "made_from": _made_from(sources, examples) | _left_out(sources),
            "plan": drawn,
            "dates": drawn["dates"],
            "lists": {name: _list_facts(contest, name) for name in contest.measures},
            "populations": contest.measures,
            "gains": contest.gains,
            "contenders": words,
            "rules": rules,
            "intervals": _intervals(contest),
            "calibration_curve": {
                name: _curve(outcome[rows], trained.test_risk[rows]) for name, rows in measured.populations.items()
            },
            **measured.facts,
            **feature_facts(sources, examples, trained),
            "labels_empty": examples.now.counts(),
            **search_facts(trained, config),
            "earlywarn": __version__,
            "libraries": installed_libraries(),
        }
    )
    return found


def _made_from(sources: Sources, examples: Examples) -> dict[str, Any]:
    training, test = examples.training, examples.test
    return {
        "today": str(sources.store.today),
        "schools": int(examples.people["school_id"].nunique()),
        "training_rows": int(training.sum()),
        "training_outcomes": int(examples.then.outcome[training].sum()),
        "test_rows": int(test.sum()),
        "test_outcomes": int(examples.now.outcome[test].sum()),
    }


def _left_out(sources: Sources) -> dict[str, Any]:
    """Return that an exclude file was used, and how many people it left out; nothing where there was none."""
    if sources.config.exclude is None:
        return {}
    return {"exclude_file": True, "left_out": shown_count(left_out(sources.store.db, sources.config.population))}


def _list_facts(contest: Contest, population: str) -> dict[str, Any]:
    model = contest.measures[population][MODEL]
    found = model["people_found"]
    return {
        "among": AMONG.get(population, population),
        "listed": _people(model["listed"].value),
        "found": {"value": _people(found.value), "low": _people(found.low), "high": _people(found.high)},
        "missed": _people(model["people_missed"].value),
    }


def _people(count: float | None) -> float | None:
    """Return a count of people, who may be listed in part, to one decimal."""
    return None if count is None else round(count, 1)


def _intervals(contest: Contest) -> dict[str, Any]:
    kind, clusters = next(iter(contest.clusters.values()))
    words = (
        f"95% intervals (jackknife-t) leave out each of the {clusters} schools in turn: they speak of new schools in "
        "the test year. Years are not resampled."
        if kind == "schools"
        else "95% intervals (jackknife-t) leave out groups of people in turn, because there are fewer than 10 schools: "
        "these schools do not speak for others."
    )
    return {"kind": kind, "clusters": clusters, "words": words}


def _curve(outcome: NDArray[np.bool_], risk: NDArray[np.float64]) -> list[dict[str, Any]]:
    if not len(outcome):
        return []
    curve = calibration_curve(outcome, risk)
    return [
        {"risk": float(risk), "observed": float(observed), "n": int(weight)}
        for weight, risk, observed in zip(curve.weight, curve.predicted, curve.observed, strict=True)
    ]


def _notes(sources: Sources, examples: Examples, trained: Trained, contest: Contest) -> list[str]:
    """Return what a reader must know before believing: limits, and defaults that were changed."""
    store, config = sources.store, sources.config
    kind, _ = next(iter(contest.clusters.values()))
    gap = min(examples.plan.test) - max(_closed(examples.plan.dates, examples.plan.training))
    notes = (
        (kind != "schools", FEW_SCHOOLS),
        (sources.register is not None and not store.has_correction_history, MARKS_AS_THEY_STAND),
        (not isinstance(trained.recipe, Trees), FEW_OUTCOMES),
        (True, f"The last training window closed {gap.days} days before the first test date."),
        (config.model.minutes is not None, BUDGET_IN_MINUTES),
        (config.outcome.label == "year_total", YEAR_TOTAL),
    )
    return [note for holds, note in notes if holds] + _changed_defaults(config)


FEW_SCHOOLS = (
    "These schools do not speak for others: there are fewer than 10, so intervals resample people, not schools."
)
MARKS_AS_THEY_STAND = (
    "Marks as they stand now: the data hold no history of corrections, so the recent past looks better than it did on "
    "the day."
)
FEW_OUTCOMES = "There were too few people with the outcome in training for trees: this is a logistic regression."
BUDGET_IN_MINUTES = "The tuning had a budget in minutes: this run cannot be repeated to the byte."
YEAR_TOTAL = (
    "The outcome is the whole year's total, part of which is known on the date; read it beside the rate so far."
)


def _closed(dates: Sequence[PlannedDate], chosen: Sequence[date]) -> list[date]:
    return [planned.closes_on for planned in dates if planned.as_of in chosen and planned.closes_on]


def _changed_defaults(config: Config) -> list[str]:
    """Name the statistical defaults that a config has set."""
    defaults = {name: Config.model_fields[name].default for name in ("history", "settle_days", "onset_min_sessions")}
    return [
        f"The config sets {name} to {getattr(config, name)} (default: {default})."
        for name, default in defaults.items()
        if getattr(config, name) != default
    ]
