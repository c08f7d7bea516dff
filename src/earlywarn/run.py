"""One function for each command: glue without arithmetic.

Each reads top to bottom as the data flow, and returns what was found and where it was written.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from earlywarn.audit.any_scores import Columns, read_scores
from earlywarn.audit.any_scores import audit_scores as audit_any
from earlywarn.audit.audit import Audit, as_csv
from earlywarn.audit.held_out import audit_new_dates, audit_on_test
from earlywarn.audit.sharing import hidden_in_report, shared
from earlywarn.bundle.champion import enter_champion
from earlywarn.bundle.decisions import record_decision
from earlywarn.bundle.listing import ListedBundle, list_bundles
from earlywarn.bundle.manifest import About, Data, canonical, record_of
from earlywarn.bundle.read import Bundle, read_bundle
from earlywarn.bundle.write import BundleContents, write_bundle
from earlywarn.config import Config, Fairness, load_config
from earlywarn.errors import ConfigError
from earlywarn.evaluate.measured import measure_on_test
from earlywarn.evaluate.too_good import too_good_to_be_true
from earlywarn.features.catalogue import remade
from earlywarn.features.gather import Sources
from earlywarn.folders import clear_folder, written_whole
from earlywarn.model.contenders import entries
from earlywarn.model.earlier import fit_earlier
from earlywarn.model.examples import Examples, features_for, gather_examples, label_rows, load_sources, plan
from earlywarn.model.outline import Outline, outline
from earlywarn.model.train import Trained
from earlywarn.model.train import train as train_model
from earlywarn.paths import shipped_configs, shipped_instruments
from earlywarn.progress import bar, each, say, step
from earlywarn.report.audit_page import render_audit_page
from earlywarn.report.facts import model_facts
from earlywarn.report.model_report import render_model_report
from earlywarn.report.page import write_page
from earlywarn.report.scores import write_scores
from earlywarn.score import score_people
from earlywarn.simulate import Plan as TrustPlan
from earlywarn.simulate import Simulated
from earlywarn.simulate import simulate as make_trust
from earlywarn.simulate.calendar import next_morning
from earlywarn.surveys.instrument import Instrument, load_instruments
from earlywarn.tables.check import Finding
from earlywarn.tables.examine import TableSummary
from earlywarn.tables.store import check_folder, open_store
from earlywarn.terms import trust_calendar
from earlywarn.track import Rebuilt, rebuild, record_run

MODELS, PRIVATE, MLRUNS = Path("models"), Path("private"), Path("mlruns")
DEMO_MODELS = ("pupil-absence", "staff-resignation")
DEMO_SIGN = "made-by-demo.txt"


@dataclass(frozen=True)
class Checked:
    """What a check found: a summary of each table, and every broken rule."""

    summary: tuple[TableSummary, ...]
    findings: tuple[Finding, ...]

    @property
    def stops(self) -> bool:
        return any(finding.effect == "stops" for finding in self.findings)


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


@dataclass(frozen=True)
class ScoringRun:
    """What a scoring wrote."""

    folder: Path
    people: int
    listed: int
    packs: int
    private_scores: Path | None


@dataclass(frozen=True)
class AuditRun:
    """What an audit wrote, and what it says in words."""

    folder: Path
    dates: tuple[date, ...]
    reading: tuple[str, ...]
    whole_audit: Path


@dataclass(frozen=True)
class Shelf:
    """Every version of every model; `rebuilt` is what MLflow's store was made anew from, where that was asked for."""

    bundles: tuple[ListedBundle, ...]
    rebuilt: Rebuilt | None


@dataclass(frozen=True)
class DemoRun:
    """What a demo wrote."""

    folder: Path
    trainings: tuple[TrainingRun, ...]
    scorings: tuple[ScoringRun, ...]


def simulate(trust: TrustPlan, out: Path, truth: Path | None = None) -> Simulated:
    """Make up a trust and write its data folder, with the true probabilities for a model's config if one is given."""
    return make_trust(trust, out, load_config(truth) if truth else None)


def check(data: Path, config_file: Path | None = None, private: Path = PRIVATE) -> Checked:
    """Read and check a data folder."""
    config = load_config(config_file) if config_file else None
    with step("Reading and checking the tables"):
        return Checked(*check_folder(data, private, _instruments(config_file), config))


def rehearse(config_file: Path, data: Path | None = None, private: Path = PRIVATE) -> Outline:
    """Plan a training and count what it would learn from; nothing is fitted, and nothing kept outside `private`."""
    config = load_config(config_file)
    with (
        _sources(_data_folder(data, config, config_file), config, _instruments(config_file), private) as sources,
        step("Counting people and outcomes"),
    ):
        rows = label_rows(sources, plan(sources)[0])
        return outline(sources, rows, features_for(sources, rows))


def train(
    config_file: Path, data: Path | None = None, out: Path = MODELS, private: Path = PRIVATE, mlruns: Path = MLRUNS
) -> TrainingRun:
    """Check, compute, tune, fit, calibrate, hold against simple rules, audit, explain, keep and register."""
    config = load_config(config_file)
    with _sources(_data_folder(data, config, config_file), config, _instruments(config_file), private) as sources:
        planned, closes = plan(sources)
        with bar("Gathering features and labels", len(planned.kept)) as dates:
            examples = gather_examples(sources, planned, private, lambda _: dates.advance())
        with bar("Tuning", config.model.trials) as trials:
            storage = private / f"{config.name}-tuning.db"
            trained = train_model(
                examples, config, closes, storage, lambda _, best: trials.advance(f"best log loss {best:.4f}")
            )
        others = [enter() for enter in each("Fitting the other contenders", entries(examples, trained, config))]
        with step("Fitting without the latest year"):
            earlier = fit_earlier(examples, trained.recipe)
        champion = enter_champion(out, sources, examples)
        contenders = (*champion.contenders, *others)
        with step("Measuring"):
            measured = measure_on_test(sources, examples, trained, contenders, earlier)
            outlined = outline(sources, examples, examples.matrix.features)
            facts = model_facts(sources, examples, trained, contenders, measured, outlined, champion.why_not)
            warnings = too_good_to_be_true(examples, trained, measured.contest, facts["rules"], config)
            facts["warnings"] = list(warnings)
        with step("Auditing"):
            whole = audit_on_test(sources, examples, trained, contenders, measured.contest)
            audited = shared(whole, hidden_in_report(measured.facts["by"]))
        with step("Writing the bundle"):
            path = write_bundle(out, _contents(sources, examples, trained, facts, audited))
            record_decision(out, config.name, int(path.name), "trained")
            whole_audit = private / f"audit-{config.name}-{path.name}"
            _write_audit(whole, whole_audit)
    with step("Recording the run in MLflow"):
        tracked = record_run(path, mlruns)
    return TrainingRun(path, tuple(facts["headline"]), warnings, audited.reading, whole_audit, tracked.model_version)


def score(bundle_path: Path, data: Path, as_of: date, out: Path, private: Path = PRIVATE) -> ScoringRun:
    """Score everyone on roll on a morning, with reasons, and write a pack for each school."""
    bundle = read_bundle(bundle_path)
    config = _config_of(bundle)
    with (
        written_whole(out, "about.json") as draft,
        _sources(data, config, _instruments_of(bundle), private) as sources,
    ):
        with step("Scoring"):
            scored = score_people(bundle, sources, as_of)
        with step("Writing the packs"):
            written = write_scores(scored, bundle, sources, draft, private)
    return ScoringRun(out, len(scored.frame), int(scored.frame["listed"].sum()), written.packs, written.private_scores)


def audit(bundle_path: Path, data: Path, out: Path, private: Path = PRIVATE) -> AuditRun:
    """Audit the kept model on dates that it was not fitted on."""
    bundle = read_bundle(bundle_path)
    config = _config_of(bundle)
    with (
        written_whole(out, "audit.json") as draft,
        _sources(data, config, _instruments_of(bundle), private) as sources,
    ):
        with step("Auditing"):
            features = [remade(record, bundle.instruments, config.population) for record in bundle.features]
            found = audit_new_dates(sources, bundle.kept, features, bundle.manifest.trained)
        safe = shared(found.audit)
        _write_audit(safe, draft)
        whole_audit = private / f"audit-{config.name}-{bundle.manifest.version}-later"
        _write_audit(found.audit, whole_audit)
    return AuditRun(out, found.dates, safe.reading, whole_audit)


def models(folder: Path = MODELS, mlruns: Path | None = None) -> Shelf:
    """List the bundles; with `mlruns`, make MLflow's store there anew from them."""
    rebuilt = None
    if mlruns is not None:
        with step("Recording every bundle in MLflow"):
            rebuilt = rebuild(folder, mlruns)
    return Shelf(list_bundles(folder), rebuilt)


def audit_scores(file: Path, columns: Columns, fairness: Fairness, out: Path, private: Path = PRIVATE) -> AuditRun:
    """Audit any system's scores from a CSV file."""
    with step("Auditing"):
        found = audit_any(read_scores(file), columns, fairness, name=file.stem)
    safe = shared(found)
    with written_whole(out, "audit.json") as draft:
        _write_audit(safe, draft)
    whole_audit = private / f"audit-{file.stem}"
    _write_audit(found, whole_audit)
    return AuditRun(out, (), safe.reading, whole_audit)


@contextmanager
def _sources(data: Path, config: Config, instruments: Mapping[str, Instrument], private: Path) -> Iterator[Sources]:
    """Open and check a data folder, and lend what features and labels are computed from."""
    with step("Reading and checking the tables"):
        store = open_store(data, private=private, config=config, instruments=instruments)
    with store:
        for finding in store.findings:
            if finding.effect == "sets aside":
                say(f"{finding}\n  fix: {finding.fix}")
        with step("Packing the register"):
            sources = load_sources(store, config)
        yield sources


def _write_audit(audited: Audit, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.json").write_bytes(canonical(audited.as_dict()))
    (folder / "audit.csv").write_text(as_csv(audited), encoding="utf-8", newline="\n")
    write_page(folder / "audit.html", render_audit_page(audited.as_dict()))


def _data_folder(data: Path | None, config: Config, config_file: Path) -> Path:
    if data is None and config.data is None:
        raise ConfigError(f"{config_file}: no data folder is named", fix="give --data DIR, or `data:` in the config")
    return data or config_file.parent / (config.data or "")


def _instruments(config_file: Path | None) -> Mapping[str, Instrument]:
    """Return the questionnaires beside the config, then the shipped ones."""
    own = [config_file.parent / "instruments"] if config_file else []
    return load_instruments(*own, shipped_instruments())


def _instruments_of(bundle: Bundle) -> Mapping[str, Instrument]:
    """Return the bundle's own questionnaires, and the shipped ones for waves that it does not look at."""
    return {**load_instruments(shipped_instruments()), **{one.name: one for one in bundle.instruments}}


def _config_of(bundle: Bundle) -> Config:
    """Return the config that a bundle keeps, with today left to the data."""
    return Config.model_validate(bundle.manifest.config | {"data_to": None})


def _contents(
    sources: Sources, examples: Examples, trained: Trained, facts: Mapping[str, Any], audited: Audit
) -> BundleContents:
    """Return what the bundle keeps; `audited` is suppressed like any other shared table."""
    calendar = trust_calendar(sources.calendars)
    places = {calendar.place_in_year(day) for day in examples.plan.kept}

    def pages(about: About) -> Mapping[str, str]:
        facts_now = {**facts, "version": about.version}
        return {"report.html": render_model_report(facts_now), "audit.html": render_audit_page(audited.as_dict())}

    return BundleContents(
        config=sources.config,
        kept=trained.kept,
        tested=trained.tested,
        features=tuple(record_of(feature) for feature in trained.recipe.features),
        instruments=sources.instruments,
        trained=examples.plan.kept,
        tested_on=examples.plan.test,
        serves=tuple(sorted(place for place in places if place is not None)),
        data=Data(digest=sources.store.digest, first_day=calendar.days[0].astype(object), today=sources.store.today),
        metrics=facts,
        audit=audited.as_dict(),
        audit_csv=as_csv(audited),
        pages=pages,
    )


def demo(out: Path, trust: TrustPlan) -> DemoRun:
    """Make up a trust, train both models, and score the people on its rolls today.

    The folder is written in place, not as a draft: MLflow keeps absolute paths.
    """
    clear_folder(out, DEMO_SIGN)
    (out / DEMO_SIGN).write_text("Written by `earlywarn demo`; the next demo replaces this folder.\n", encoding="utf-8")
    data = make_trust(trust, out / "data").folder
    private = out / "private"
    trainings, scorings = [], []
    for name in DEMO_MODELS:
        say(f"\n{name}")
        run = train(shipped_configs() / f"{name}.yaml", data, out / "models", private, out / "mlruns")
        trainings.append(run)
        scorings.append(score(run.bundle, data, next_morning(trust), out / "scores" / name, private))
    return DemoRun(out, tuple(trainings), tuple(scorings))
