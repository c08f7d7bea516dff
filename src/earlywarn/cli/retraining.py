"""`retrain`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import PRIVATE, Json, Private, app, commands, plain, show


@app.command()
def retrain(
    config: Annotated[Path, typer.Argument(help="The model's YAML, e.g. configs/pupil-absence.yaml.")],
    data: Annotated[Path | None, typer.Option(help="Folder of input tables; or `data:` in the config.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the decision; an earlier one there is replaced. [retrain/NAME]")
    ] = None,
    models: Annotated[Path, typer.Option(help="Where bundles are kept.")] = Path("models"),
    private: Private = PRIVATE,
    mlruns: Annotated[Path, typer.Option(help="MLflow's store.")] = Path("mlruns"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say which steps would run, and fit nothing.")] = False,
    as_json: Json = False,
) -> None:
    """A term in one command: train a challenger, hold it against the model in use, recommend what to do."""
    run = commands(as_json)
    folders = run.Folders(models, private, mlruns, out)
    if dry_run:
        steps = run.rehearse_retraining(config, data, folders)
        show([*_step_words(steps), "", "Nothing was fitted, and nothing decided."], plain(steps), as_json)
        return
    found = run.retrain(config, data, folders)
    show(_words(found), plain(found), as_json)


def _step_words(steps: Any) -> list[str]:
    return [f"{'would run' if step.runs else 'kept':9}  {step.does}: {step.why}" for step in steps]


def _words(found: Any) -> list[str]:
    stands = "This decision was made before, and nothing has changed since." if found.again else ""
    lines = [_headline(found), *(f"- {reason}" for reason in found.reasons), "", *filter(None, [stands])]
    lines.append(f"Decision: {found.folder / 'decision.html'}")
    if found.moves:
        lines.append(f"Who is new on a list and who is gone, by person, stays in {found.moves}")
    if found.promote:
        follow = "To follow it" if found.says == "promote" else "To use it all the same"
        lines.append(f"{follow}: {found.promote}")
    return lines


def _headline(found: Any) -> str:
    """Return the recommendation as a sentence that names the versions."""
    in_use = "no model is in use" if found.champion is None else f"version {found.champion} is in use"
    if found.challenger is None:
        return f"Recommendation: {found.says} ({in_use}; nothing was trained)."
    return f"Recommendation: {found.says} (version {found.challenger} was trained; {in_use})."
