"""One function for each command: glue without arithmetic.

Each reads top to bottom as the data flow, and returns what was found and where it was written.
"""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from earlywarn.audit.audit import Audit, write_csv
from earlywarn.audit.held_out import audit_new_dates, audit_on_test
from earlywarn.audit.sharing import shared
from earlywarn.bundle.decisions import record_decision
from earlywarn.bundle.manifest import About, Data, canonical, record_of
from earlywarn.bundle.read import Bundle, Fitted, read_bundle
from earlywarn.bundle.write import BundleContents, write_bundle
from earlywarn.config import Config, load_config
from earlywarn.errors import ConfigError
from earlywarn.evaluate.held_out import contest_on_test, tested_populations
from earlywarn.features.gather import Sources
from earlywarn.folders import written_whole
from earlywarn.model.contenders import other_contenders
from earlywarn.model.examples import Examples, gather_examples, load_sources, plan
from earlywarn.model.train import Fit, Trained
from earlywarn.model.train import train as train_model
from earlywarn.paths import shipped_configs, shipped_instruments
from earlywarn.phrases import PEOPLE
from earlywarn.progress import bar, say, step
from earlywarn.report.audit_page import audit_page
from earlywarn.report.facts import model_facts
from earlywarn.report.model_report import model_report
from earlywarn.report.scores import write_scores
from earlywarn.score import score_people
from earlywarn.simulate import Plan as TrustPlan
from earlywarn.simulate import Simulated
from earlywarn.simulate import simulate as make_trust
from earlywarn.surveys.instrument import Instrument, load_instruments
from earlywarn.tables.check import Finding
from earlywarn.tables.examine import TableSummary
from earlywarn.tables.store import check_folder, open_store
from earlywarn.terms import trust_calendar
from earlywarn.track import record_run

MODELS, PRIVATE, MLRUNS = Path("models"), Path("private"), Path("mlruns")


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
    """What a training wrote, and its verdict in words."""

    bundle: Path
    headline: tuple[str, ...]
    reading: tuple[str, ...]
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


@dataclass(frozen=True)
class DemoRun:
    """What a demo wrote."""

    folder: Path
    trainings: tuple[TrainingRun, ...]
    scorings: tuple[ScoringRun, ...]


def simulate(trust: TrustPlan, out: Path) -> Simulated:
    """Make up a trust and write its data folder."""
    return make_trust(trust, out)


def check(data: Path, config_file: Path | None = None, private: Path = PRIVATE) -> Checked:
    """Read and check a data folder."""
    config = load_config(config_file) if config_file else None
    with step("Reading and checking the tables"):
        return Checked(*check_folder(data, private, _instruments(config_file), config))


def train(
    config_file: Path, data: Path | None = None, out: Path = MODELS, private: Path = PRIVATE, mlruns: Path = MLRUNS
) -> TrainingRun:
    """Check, compute, tune, fit, calibrate, hold against simple rules, audit, explain, keep and register."""
    config = load_config(config_file)
    with _sources(_data_folder(data, config, config_file), config, _instruments(config_file), private) as sources:
        planned, closes = plan(sources)
        with bar("Computing features", len(planned.kept)) as dates:
            examples = gather_examples(sources, planned, lambda _: dates.advance())
        with bar("Tuning", config.model.trials) as trials:
            storage = private / f"{config.name}-tuning.db"
            trained = train_model(
                examples, config, closes, storage, lambda _, best: trials.advance(f"best log loss {best:.4f}")
            )
        with step("Fitting the other contenders"):
            contenders = other_contenders(examples, trained.recipe, trained.folds, trained.characteristics, config)
        with step("Measuring"):
            measured = contest_on_test(examples, trained, contenders, config)
            populations = tested_populations(examples, config)
            facts = model_facts(sources, examples, trained, contenders, measured, populations)
        with step("Auditing"):
            audited = audit_on_test(examples, trained, contenders, measured, config)
        with step("Writing the bundle"):
            path = write_bundle(out, _contents(sources, examples, trained, facts, audited))
            record_decision(out, config.name, int(path.name), "trained")
    with step("Recording the run in MLflow"):
        tracked = record_run(path, mlruns)
    return TrainingRun(path, tuple(facts["headline"]), audited.reading, tracked.model_version)


def score(bundle_path: Path, data: Path, as_of: date, out: Path, private: Path = PRIVATE) -> ScoringRun:
    """Score everyone on roll on a morning, with reasons, and write a pack for each school."""
    bundle = read_bundle(bundle_path)
    config = _config_of(bundle)
    with (
        written_whole(out, "about.json") as draft,
        _sources(data, config, {one.name: one for one in bundle.instruments}, private) as sources,
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
        _sources(data, config, {one.name: one for one in bundle.instruments}, private) as sources,
    ):
        with step("Auditing"):
            audited, dates = audit_new_dates(bundle, sources)
        safe = shared(audited)
        (draft / "audit.json").write_bytes(canonical(safe.as_dict()))
        write_csv(safe, draft / "audit.csv")
        (draft / "audit.html").write_text(audit_page(safe.as_dict()), encoding="utf-8")
    return AuditRun(out, dates, audited.reading)


def demo(out: Path, trust: TrustPlan) -> DemoRun:
    """Make up a trust, train both models, and score the people on its rolls today."""
    with written_whole(out, "made-by-demo.txt") as draft:
        (draft / "made-by-demo.txt").write_text("Written by `earlywarn demo`; the next demo replaces this folder.\n")
        made = make_trust(trust, draft / "data")
        trainings, scorings = [], []
        for name in ("pupil-absence", "staff-resignation"):
            say(f"\n{name}")
            run = train(
                shipped_configs() / f"{name}.yaml", made.folder, draft / "models", draft / "private", draft / "mlruns"
            )
            as_of = _first_morning_after(made.folder, read_bundle(run.bundle), draft / "private")
            scorings.append(score(run.bundle, made.folder, as_of, draft / "scores" / name, draft / "private"))
            trainings.append(run)
    return DemoRun(out, tuple(trainings), tuple(scorings))
