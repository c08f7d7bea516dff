"""Train a model: rehearse it, or do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earlywarn.audit.audit import Audit, as_csv
from earlywarn.audit.held_out import audit_on_test, head_start_on_folds
from earlywarn.audit.sharing import hidden_in_report, shared
from earlywarn.bundle.champion import Champion, enter_champion
from earlywarn.bundle.decision_log import decisions
from earlywarn.bundle.decisions import record_training
from earlywarn.bundle.manifest import About, Data, FeatureFile, record_of
from earlywarn.bundle.write import BundleContents, write_bundle
from earlywarn.config import load_config
from earlywarn.evaluate.measured import measure_on_test
from earlywarn.evaluate.too_good import too_good_to_be_true
from earlywarn.features.gather import Sources
from earlywarn.model.contenders import entries
from earlywarn.model.earlier import fit_earlier
from earlywarn.model.examples import Examples, features_for, gather_examples, label_rows, plan
from earlywarn.model.folds import Plan
from earlywarn.model.outline import Outline, outline
from earlywarn.model.train import Trained
from earlywarn.model.train import train as train_model
from earlywarn.monitor.reference import reference_of
from earlywarn.progress import bar, each, step
from earlywarn.record.answers import Answers, answers_beside
from earlywarn.record.papers import papers
from earlywarn.record.run import Run
from earlywarn.report.audit_page import render_audit_page
from earlywarn.report.facts import model_facts
from earlywarn.report.model_report import render_model_report
from earlywarn.retrain.key import run_key
from earlywarn.run.auditing import write_audit
from earlywarn.run.opening import MLRUNS, MODELS, PRIVATE, data_folder, instruments_beside, opened
from earlywarn.terms import trust_calendar
from earlywarn.track import record_run


@dataclass(frozen=True)
class TrainingRun:
    """What a training wrote, and its verdict in words.

    `whole_audit` lies in the private folder: small numbers are suppressed in the bundle alone.
    `warnings` name what may know the outcome; the report says them, too.
    """

    bundle: Path
    headline: tuple[str, ...]
    warnings: tuple[str, ...]
    reading: tuple[str, ...]
    whole_audit: Path
    mlflow_version: str


def rehearse(config_file: Path, data: Path | None = None, private: Path = PRIVATE) -> Outline:
    """Plan a training and count what it would learn from; nothing is fitted, and nothing kept outside `private`."""
    config = load_config(config_file)
    with (
        opened(data_folder(data, config, config_file), config, instruments_beside(config_file), private) as sources,
        step("Counting people and outcomes"),
    ):
        rows = label_rows(sources, plan(sources)[0])
        return outline(sources, rows, features_for(sources, rows))


def train(
    config_file: Path, data: Path | None = None, out: Path = MODELS, private: Path = PRIVATE, mlruns: Path = MLRUNS
) -> TrainingRun:
    """Check, compute, tune, fit, calibrate, hold against simple rules, audit, explain, keep and register."""
    config = load_config(config_file)
    order = Order(answers_beside(config_file, config.name), out, private, mlruns)
    decisions(out, config.name)  # a damaged log stops the work before it is done, not after
    with opened(data_folder(data, config, config_file), config, instruments_beside(config_file), private) as sources:
        return train_version(sources, order).run


@dataclass(frozen=True)
class Order:
    """What a training needs beside its data: the papers' answers, and where things are kept."""

    answers: Answers
    models: Path
    private: Path
    mlruns: Path


@dataclass(frozen=True)
class TrainedVersion:
    """What a training wrote, the rows that it learnt from and was judged on, and the model in use beside it."""

    run: TrainingRun
    examples: Examples
    champion: Champion


def train_version(sources: Sources, order: Order) -> TrainedVersion:
    """Train the next version of a model on tables that are open already."""
    config = sources.config
    planned, closes = plan(sources)
    examples = gathered(sources, planned, order.private)
    with bar("Tuning", config.model.trials) as trials:
        storage = order.private / f"{config.name}-tuning.db"
        trained = train_model(
            examples, config, closes, storage, lambda _, best: trials.advance(f"best log loss {best:.4f}")
        )
    others = [enter() for enter in each("Fitting the other contenders", entries(examples, trained, config))]
    with step("Fitting without the latest year"):
        earlier = fit_earlier(examples, trained.recipe)
    champion = enter_champion(order.models, sources, examples)
    contenders = (*champion.contenders, *others)
    with step("Measuring"):
        measured = measure_on_test(sources, examples, trained, contenders, earlier)
        outlined = outline(sources, examples, examples.matrix.features)
        facts = model_facts(sources, examples, trained, contenders, measured, outlined, champion.why_not)
        warnings = too_good_to_be_true(examples, trained, measured.contest, facts["rules"], config)
        facts["warnings"] = list(warnings)
        facts["run_key"] = run_key(sources.store.digest, config, sources.store.instruments)
    with step("Auditing"):
        facts["head_start"] = head_start_on_folds(sources, examples, trained)
        whole = audit_on_test(sources, examples, trained, contenders, measured.contest)
        audited = shared(whole, hidden_in_report(measured.facts["by"]))
    with step("Writing the bundle"):
        path = write_bundle(order.models, _contents(sources, examples, trained, facts, audited, order.answers))
        record_training(order.models, config.name, int(path.name))
        whole_audit = order.private / f"audit-{config.name}-{path.name}"
        write_audit(whole, whole_audit)
    with step("Recording the run in MLflow"):
        tracked = record_run(path, order.mlruns)
    said = (tuple(facts["headline"]), warnings, audited.reading)
    return TrainedVersion(TrainingRun(path, *said, whole_audit, tracked.model_version), examples, champion)


def gathered(sources: Sources, planned: Plan, private: Path) -> Examples:
    """Return features and labels of all closed dates, while a bar counts the dates."""
    with bar("Gathering features and labels", len(planned.kept)) as dates:
        return gather_examples(sources, planned, private, lambda _: dates.advance())


def _contents(
    sources: Sources,
    examples: Examples,
    trained: Trained,
    facts: Mapping[str, Any],
    audited: Audit,
    answers: Answers,
) -> BundleContents:
    """Return what the bundle keeps; `audited` is suppressed like any other shared table."""
    calendar = trust_calendar(sources.calendars)
    places = {calendar.place_in_year(day) for day in examples.plan.kept}

    features = tuple(record_of(feature) for feature in trained.recipe.features)

    def pages(about: About) -> Mapping[str, str]:
        facts_now, of_groups = {**facts, "version": about.version}, audited.as_dict()
        run = Run(about, FeatureFile(features=features, instruments=sources.instruments), facts, of_groups)
        written = {"report.html": render_model_report(facts_now), "audit.html": render_audit_page(of_groups)}
        return written | papers(run, answers)

    return BundleContents(
        config=sources.config,
        kept=trained.kept,
        tested=trained.tested,
        features=features,
        instruments=sources.instruments,
        trained=examples.plan.kept,
        tested_on=examples.plan.test,
        serves=tuple(sorted(place for place in places if place is not None)),
        data=Data(digest=sources.store.digest, first_day=calendar.days[0].astype(object), today=sources.store.today),
        metrics=facts,
        audit=audited.as_dict(),
        audit_csv=as_csv(audited),
        reference=reference_of(sources, examples, trained),
        pages=pages,
    )
