"""The facts of a training run: everything that its pages, card and record say, as plain data.

Out: `metrics.json`. Every number on a page stands in it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.evaluate.calibration import calibration_curve
from earlywarn.evaluate.compare import MODEL, Contest
from earlywarn.evaluate.verdict import AMONG, verdict
from earlywarn.features.catalogue import absent_blocks
from earlywarn.features.gather import Sources
from earlywarn.model.contenders import Contender
from earlywarn.model.examples import Examples
from earlywarn.model.folds import PlannedDate
from earlywarn.model.recipe import Trees
from earlywarn.model.train import Trained
from earlywarn.phrases import PEOPLE, happened
from earlywarn.terms import outcome_window, trust_calendar

IMPORTANCE_ROWS = 2000  # enough for a mean, and tree SHAP is dear


def model_facts(
    sources: Sources,
    examples: Examples,
    trained: Trained,
    contenders: Sequence[Contender],
    contest: Contest,
    populations: Mapping[str, NDArray[np.bool_]],
) -> dict[str, Any]:
    """Return the content of `metrics.json`."""
    config = sources.config
    words = {MODEL: "the model"} | {contender.name: contender.words for contender in contenders}
    rules = [contender.name for contender in contenders if contender.is_rule]
    measured = contest.as_dict()
    outcome = examples.now.outcome[examples.test] > 0
    return {
        "format": 1,
        "name": config.name,
        "population": config.population,
        "people": PEOPLE[config.population],
        "outcome_words": happened(config.outcome),
        "base_rate": _rounded(outcome.mean()),
        "headline": list(verdict(contest, words, rules, PEOPLE[config.population], happened(config.outcome))),
        "notes": _notes(sources, examples, trained, contest),
        "made_from": _made_from(sources, examples),
        "dates": [_date_facts(planned, sources, examples) for planned in examples.plan.dates],
        "lists": {name: _list_facts(contest, name) for name in contest.measures},
        "populations": measured["measures"],
        "gains": measured["gains"],
        "contenders": words,
        "rules": rules,
        "intervals": _intervals(contest),
        "calibration_curve": {
            name: _curve(outcome[rows], trained.test_risk[rows]) for name, rows in populations.items()
        },
        "features": _feature_facts(sources, examples, trained),
        "labels_empty": examples.now.counts(),
        "settings": _settings(trained),
        "trials": _trials(trained),
        "seed": config.model.seed,
        "calibration": {
            "method": trained.tested.calibration.as_dict()["method"],
            "learnt_on": f"training rows scored out of fold, folds {trained.folds_go}",
        },
    }


def _rounded(value: Any, decimals: int = 6) -> float | None:
    return None if value is None or np.isnan(value) else round(float(value), decimals)


def _made_from(sources: Sources, examples: Examples) -> dict[str, Any]:
    training, test = examples.training, examples.test
    return {
        "today": str(sources.store.today),
        "schools": int(examples.matrix.people["school_id"].nunique()),
        "training_rows": int(training.sum()),
        "training_outcomes": int(examples.then.outcome[training].sum()),
        "test_rows": int(test.sum()),
        "test_outcomes": int(examples.now.outcome[test].sum()),
    }


def _date_facts(planned: PlannedDate, sources: Sources, examples: Examples) -> dict[str, Any]:
    """Return what an as-of date was used for, with the trust's window and counts of people and outcomes."""
    window = outcome_window(sources.config.outcome, trust_calendar(sources.calendars), planned.as_of)
    rows = (examples.days == planned.as_of) & examples.now.known
    return {
        "as_of": str(planned.as_of),
        "role": planned.role,
        "why": planned.why,
        "window_start": str(window.start) if window else None,
        "window_end": str(window.end) if window else None,
        "closes_on": str(planned.closes_on) if planned.closes_on else None,
        "people": int(rows.sum()),
        "outcomes": int(examples.now.outcome[rows].sum()),
    }


def _list_facts(contest: Contest, population: str) -> dict[str, Any]:
    model = contest.measures[population][MODEL]
    found = model["people_found"]
    return {
        "among": AMONG.get(population, population),
        "listed": _rounded(model["listed"].value, 1),
        "found": {"value": _rounded(found.value, 1), "low": _rounded(found.low, 1), "high": _rounded(found.high, 1)},
        "missed": _rounded(model["people_missed"].value, 1),
    }


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
        {"risk": _rounded(risk), "observed": _rounded(observed), "n": int(weight)}
        for weight, risk, observed in zip(curve.weight, curve.predicted, curve.observed, strict=True)
    ]


def _feature_facts(sources: Sources, examples: Examples, trained: Trained) -> dict[str, Any]:
    features = trained.recipe.features
    values = examples.matrix.choose([feature.name for feature in features])[examples.test]
    sample = values[:: max(1, len(values) // IMPORTANCE_ROWS)]
    weight = np.abs(trained.tested.model.contributions(sample)[:, :-1]).mean(axis=0)
    share = weight / weight.sum() if weight.sum() else weight
    order = np.argsort(-share, kind="stable")[:20]
    themes = pd.Series(share).groupby([feature.theme for feature in features]).sum().sort_values(ascending=False)
    return {
        "used": len(features),
        "names": [feature.name for feature in features],
        "audit_only": sorted({feature.source for feature in trained.characteristics}),
        "dropped": [{"name": name, "why": why} for name, why in trained.dropped],
        "absent_blocks": list(absent_blocks(examples.matrix.features, sources.config)),
        "usual_missing": _rounded(trained.usual_missing),
        "importance": [
            {
                "name": features[i].name,
                "means": features[i].means,
                "theme": features[i].theme,
                "share": _rounded(share[i]),
            }
            for i in order
        ],
        "themes": [{"theme": str(theme), "share": _rounded(value)} for theme, value in themes.items()],
    }


def _settings(trained: Trained) -> dict[str, Any]:
    if isinstance(trained.recipe, Trees):
        return {"kind": "trees", **trained.recipe.settings.__dict__}
    return {"kind": "logistic", "penalty": trained.recipe.penalty}


def _trials(trained: Trained) -> list[dict[str, Any]]:
    if not isinstance(trained.recipe, Trees):
        return []
    return [
        {"number": trial.number, "log_loss": _rounded(trial.log_loss), "pruned": trial.pruned}
        for trial in trained.recipe.trials
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
