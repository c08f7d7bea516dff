"""The command line: parse, call `run`, print.

Heavy imports wait until a command runs, so that `--help` answers at once. Results go to
standard output, as text or with `--json`; progress and errors go to standard error.
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn import __version__
from earlywarn.errors import EarlyWarnError

app = typer.Typer(
    help="Early warning for English schools: who may become persistently absent, which staff may resign, for whom it "
    "works less well, and why. Everything stays on this machine.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

Private = Annotated[Path, typer.Option("--private", help="Working files that hold people; never shared.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
Day = Annotated[
    datetime, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Use only what was known before this day.")
]
Data = Annotated[Path, typer.Argument(help="Folder of input tables (see docs/tables.md).")]
BundleFolder = Annotated[Path, typer.Argument(help="Folder written by `earlywarn train`, e.g. models/pupil-absence/1.")]
PRIVATE = Path("private")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier demo there is replaced.")] = Path("demo"),
    schools: Annotated[int, typer.Option(help="Schools of the made-up trust.")] = 20,
    pupils: Annotated[int, typer.Option(help="Pupils on roll.")] = 8000,
    seed: Annotated[int, typer.Option(help="Another seed is another trust.")] = 1,
    engagement_effect: Annotated[float, typer.Option(help="How far engagement truly matters; 0 for not at all.")] = 1.0,
    as_json: Json = False,
) -> None:
    """Make up a trust, train both models, audit, score, and write the packs."""
    run = _run(as_json)
    from earlywarn.simulate import Plan

    found = run.demo(out, Plan(schools=schools, pupils=pupils, seed=seed, engagement_effect=engagement_effect))
    _show(_demo_words(found), _plain(found), as_json)


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="Folder to write; it must be empty or new.")],
    schools: Annotated[int, typer.Option(help="Schools of the trust.")] = 20,
    pupils: Annotated[int, typer.Option(help="Pupils on roll.")] = 8000,
    years: Annotated[int, typer.Option(help="Complete school years.")] = 3,
    current_weeks: Annotated[int, typer.Option(help="School weeks of the year in progress that follow them.")] = 9,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    engagement_effect: Annotated[float, typer.Option(help="How far engagement moves later absence; 0: nothing.")] = 1.0,
    effect_domain: Annotated[
        list[str] | None, typer.Option(help="Domain of engagement that does so; all three if none is named.")
    ] = None,
    effect_lead_weeks: Annotated[int, typer.Option(help="School weeks from a wave until it acts.")] = 0,
    noisier_for: Annotated[list[str] | None, typer.Option(help="Group that answers with twice the noise.")] = None,
    reference_year: Annotated[int, typer.Option(help="England's year to be like; 2022 is 2022/23.")] = 2022,
    scenario: Annotated[str, typer.Option(help="A shock for testing, by name: docs/simulator.md lists them.")] = "",
    truth: Annotated[
        Path | None, typer.Option(help="A model's config: writes the true probabilities for its dates and outcome.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the data folder of a made-up trust, true to the published national figures."""
    run = _run(as_json)
    from earlywarn.simulate import DOMAINS, Plan

    plan = Plan(
        schools,
        pupils,
        years,
        current_weeks,
        seed=seed,
        engagement_effect=engagement_effect,
        effect_domains=tuple(effect_domain or DOMAINS),  # type: ignore[arg-type]  # the plan refuses other names
        effect_lead_weeks=effect_lead_weeks,
        noisier_for=tuple(noisier_for or ()),  # type: ignore[arg-type]
        reference_year=reference_year,
        scenario=scenario,
    )
    made = run.simulate(plan, out, truth)
    rows = ", ".join(f"{count:,} {table}" for table, count in made.rows.items())
    _show([f"Wrote {made.folder}: {rows}."], _plain(made), as_json)


@app.command()
def check(
    data: Data,
    config: Annotated[Path | None, typer.Option(help="A model's config: checks what that model needs.")] = None,
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Read and check a data folder: a summary per table, every broken rule with its lines and remedy."""
    found = _run(as_json).check(data, config, private)
    _show(_check_words(found, private), _plain(found), as_json)
    if found.stops:
        raise typer.Exit(11)


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="The model's YAML, e.g. configs/pupil-absence.yaml.")],
    data: Annotated[Path | None, typer.Option(help="Folder of input tables; or `data:` in the config.")] = None,
    out: Annotated[Path, typer.Option(help="Where bundles are kept.")] = Path("models"),
    private: Private = PRIVATE,
    mlruns: Annotated[Path, typer.Option(help="MLflow's store.")] = Path("mlruns"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan, and fit nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Check, compute features, tune, fit, calibrate, hold against simple rules, audit, explain, keep, register."""
    if dry_run:
        _rehearse(config, data, private, as_json)
        return
    found = _run(as_json).train(config, data, out, private, mlruns)
    _show(_training_words(found), _plain(found), as_json)


def _rehearse(config: Path, data: Path | None, private: Path, as_json: bool) -> None:
    """Print what a training would learn from; exit as the training would where there are too few."""
    found = _run(as_json).rehearse(config, data, private)
    from earlywarn.report.outline_words import outline_lines

    _show([*outline_lines(found), "", "Nothing was fitted and no bundle written."], _plain(found), as_json)
    if not found.goes:
        raise typer.Exit(14)


@app.command()
def score(
    bundle: BundleFolder,
    data: Data,
    as_of: Day,
    out: Annotated[Path, typer.Option(help="Scores folder to write; an earlier one there is replaced.")],
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Score everyone on roll on a morning, with reasons, and write a pack for each school."""
    found = _run(as_json).score(bundle, data, as_of.date(), out, private)
    _show(_scoring_words(found), _plain(found), as_json)


@app.command()
def audit(
    bundle: BundleFolder,
    data: Data,
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier audit there is replaced.")] = Path("audit"),
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Audit a model for pupil premium, SEN and other groups on dates that it was not fitted on."""
    found = _run(as_json).audit(bundle, data, out, private)
    dates = ", ".join(map(str, found.dates))
    where = [
        f"Audited on {dates}.",
        f"Wrote {found.folder / 'audit.html'}; with no small number hidden: {found.whole_audit / 'audit.html'}.",
    ]
    _show([*found.reading, "", *where], _plain(found), as_json)


@app.command()
def models(
    folder: Annotated[Path, typer.Argument(help="Where bundles are kept.")] = Path("models"),
    rebuild_index: Annotated[bool, typer.Option("--rebuild-index", help="Make MLflow's store anew from them.")] = False,
    mlruns: Annotated[Path, typer.Option(help="MLflow's store.")] = Path("mlruns"),
    as_json: Json = False,
) -> None:
    """List every version of every model: which one is in use, its data, and how well it ranks."""
    found = _run(as_json).models(folder, mlruns if rebuild_index else None)
    from earlywarn.report.shelf_words import shelf_lines

    lines = shelf_lines(found.bundles)
    if found.rebuilt is not None:
        lines += ["", f"Wrote {mlruns}, with {len(found.rebuilt.recorded)} bundles."]
        lines += [f"Left out, because it is damaged: {path}" for path in found.rebuilt.left_out]
    _show(lines, _plain(found), as_json)


@app.command()
def audit_scores(
    file: Annotated[Path, typer.Argument(help="CSV file: a row a person, with a score and what happened afterwards.")],
    score: Annotated[str, typer.Option(help="Column of the score; higher is more at risk.")],
    outcome: Annotated[str, typer.Option(help="Column of what happened: 1 or 0, yes or no.")],
    group: Annotated[list[str], typer.Option(help="Column to audit by; give it again for each further one.")],
    school: Annotated[str | None, typer.Option(help="Column of the school: each has its own places.")] = None,
    person: Annotated[str | None, typer.Option(help="Column of the person, if people stand on several dates.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Column of the date of the score, if there are several.")] = None,
    places: Annotated[float, typer.Option(help="Share of each school's people that it can see.")] = 0.05,
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier audit there is replaced.")] = Path("audit"),
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Audit the scores of any system, a rule's or another vendor's, from a CSV file."""
    run = _run(as_json)
    from earlywarn.audit.any_scores import Columns
    from earlywarn.config import Fairness, Places

    columns = Columns(score, outcome, school=school, person=person, as_of=as_of)
    fairness = Fairness(groups=tuple(group), intersections=(), places=Places(share=places))
    found = run.audit_scores(file, columns, fairness, out, private)
    where = f"Wrote {found.folder / 'audit.html'}; with no small number hidden: {found.whole_audit / 'audit.html'}."
    _show([*found.reading, "", where], _plain(found), as_json)


@app.command()
def features(
    doc: Annotated[Path | None, typer.Option(help="Write the reference page to this file, in Markdown.")] = None,
    as_json: Json = False,
) -> None:
    """List every feature: what it means, in what unit, which way risk runs, from which tables."""
    from earlywarn.features import listing

    if doc is not None:
        doc.write_text(listing.reference_page(), encoding="utf-8", newline="\n")
    _show([f"Wrote {doc}."] if doc else listing.as_lines(), listing.as_records(), as_json)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"earlywarn {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; an expected error is shown without a traceback and sets the exit code."""
    # LightGBM's threads wait asleep, not spinning: on a busy machine that is several times faster.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app()
    except EarlyWarnError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(error.exit_code)


def _run(as_json: bool) -> Any:
    """Return the module of commands, imported only now; programs are spared the progress."""
    from earlywarn import progress, run

    progress.be_quiet(as_json)
    return run


def _show(lines: list[str], found: Any, as_json: bool) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))


def _plain(found: Any) -> Any:
    """Return a result as plain data: dataclasses as objects, paths and dates as text."""
    from dataclasses import fields, is_dataclass

    if is_dataclass(found):
        return {field.name: _plain(getattr(found, field.name)) for field in fields(found)}
    if isinstance(found, Mapping):
        return {str(key): _plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_plain(each) for each in found]
    return found if found is None or isinstance(found, str | int | float | bool) else str(found)


def _check_words(found: Any, private: Path) -> list[str]:
    width = max((len(table.file) for table in found.summary), default=10)
    lines = [f"{'table':{width}}  {'rows':>12}  set aside  columns left out"] if found.summary else []
    lines += [
        f"{table.file:{width}}  {table.rows:>12,}  {table.set_aside:>9,}  {', '.join(table.left_out) or '-'}"
        for table in found.summary
    ]
    for finding in found.findings:
        lines += ["", f"[{finding.effect}] {finding}", f"  fix: {finding.fix}"]
    if any(table.set_aside for table in found.summary):
        lines += ["", f"Rows set aside are listed in {private / 'rejects.csv'}, by file and line."]
    stops = sum(finding.effect == "stops" for finding in found.findings)
    return [*lines, "", f"{stops} rule(s) to mend before training." if stops else "The tables are sound."]


def _training_words(found: Any) -> list[str]:
    return [
        *_verdict_words(found),
        "",
        f"Wrote {found.bundle} (report: {found.bundle / 'report.html'}, audit: {found.bundle / 'audit.html'}); "
        f"MLflow has it as version {found.mlflow_version}.",
        f"The audit with no small number hidden stays in {found.whole_audit / 'audit.html'}.",
    ]


def _verdict_words(found: Any) -> list[str]:
    """Return what a training found: before all else, why it may be too good to be true."""
    warnings = [*found.warnings, ""] if found.warnings else []
    return [*warnings, *found.headline, "", f"For whom: {found.reading[0]}"]


def _scoring_words(found: Any) -> list[str]:
    lines = [f"{found.people:,} people scored, {found.listed:,} of them listed."]
    if found.private_scores:
        lines.append(f"Scores by person stay in {found.private_scores}.")
    where = f"{found.packs} packs in {found.folder / 'packs'}" if found.packs else f"{found.folder / 'staff.html'}"
    return [*lines, f"Wrote {found.folder}: {where}."]


def _demo_words(found: Any) -> list[str]:
    lines: list[str] = []
    for training, scoring in zip(found.trainings, found.scorings, strict=True):
        lines += [f"== {training.bundle.parent.name}", *_verdict_words(training), ""]
        lines += [*_scoring_words(scoring), ""]
    first = found.trainings[0].bundle
    return [
        *lines,
        "Where to look:",
        f"  {first / 'report.html'}  how good the model is",
        f"  {first / 'audit.html'}  for whom, with small numbers hidden",
        f"  {found.trainings[0].whole_audit / 'audit.html'}  the same with none hidden: not to be shared",
        f"  {found.scorings[0].folder / 'packs'}  what each school opens on Monday",
        f"  {found.scorings[0].folder / 'trust.html'}  the trust's schools side by side",
        f"  {found.scorings[1].folder / 'staff.html'}  staff, by school and role",
    ]


if __name__ == "__main__":
    main()
