"""`train` and `models`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import PRIVATE, Json, Private, app, commands, plain, show
from earlywarn.cli.words import verdict_words


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
    found = commands(as_json).train(config, data, out, private, mlruns)
    show(_training_words(found), plain(found), as_json)


def _rehearse(config: Path, data: Path | None, private: Path, as_json: bool) -> None:
    """Print what a training would learn from; exit as the training would where there are too few."""
    found = commands(as_json).rehearse(config, data, private)
    from earlywarn.report.outline_words import outline_lines

    show([*outline_lines(found), "", "Nothing was fitted and no bundle written."], plain(found), as_json)
    if not found.goes:
        raise typer.Exit(14)


@app.command()
def models(
    folder: Annotated[Path, typer.Argument(help="Where bundles are kept.")] = Path("models"),
    rebuild_index: Annotated[bool, typer.Option("--rebuild-index", help="Make MLflow's store anew from them.")] = False,
    mlruns: Annotated[Path, typer.Option(help="MLflow's store.")] = Path("mlruns"),
    as_json: Json = False,
) -> None:
    """List every version of every model: which one is in use, its data, and how well it ranks."""
    found = commands(as_json).models(folder, mlruns if rebuild_index else None)
    from earlywarn.report.shelf_words import shelf_lines

    lines = shelf_lines(found.bundles)
    if found.rebuilt is not None:
        lines += ["", f"Wrote {mlruns}, with {len(found.rebuilt.recorded)} bundles."]
        lines += [f"Left out, because it is damaged: {path}" for path in found.rebuilt.left_out]
    show(lines, plain(found), as_json)


def _training_words(found: Any) -> list[str]:
    return [
        *verdict_words(found),
        "",
        f"Wrote {found.bundle} (report: {found.bundle / 'report.html'}, audit: {found.bundle / 'audit.html'}); "
        f"MLflow has it as version {found.mlflow_version}.",
        f"The audit with no small number hidden stays in {found.whole_audit / 'audit.html'}.",
        f"What only a person can say in its papers: earlywarn record check {found.bundle}",
    ]
