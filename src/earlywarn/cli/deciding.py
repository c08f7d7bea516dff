"""`promote` and `rollback`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import Json, app, commands, plain, show

Name = Annotated[str, typer.Argument(help="The model's name, e.g. pupil-absence.")]
By = Annotated[str, typer.Option(help="Who decides; kept in the log.")]
Because = Annotated[str, typer.Option(help="Why; kept in the log.")]
On = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the decision; today if not given.")
]
Models = Annotated[Path, typer.Option(help="Where bundles are kept.")]
Mlruns = Annotated[Path, typer.Option(help="MLflow's store.")]
MODELS, MLRUNS = Path("models"), Path("mlruns")


@app.command()
def promote(
    name: Name,
    version: Annotated[int, typer.Argument(help="The version that is to be used.")],
    by: By,
    because: Because,
    override: Annotated[str, typer.Option(help="Why limits that are not met do not count; kept in the log.")] = "",
    on: On = None,
    models: Models = MODELS,
    mlruns: Mlruns = MLRUNS,
    as_json: Json = False,
) -> None:
    """Make a version of a model the one in use; one that fails a limit of its config is refused."""
    day = on.date() if on else None
    found = commands(as_json).promote(name, version, by, because, override, day, models, mlruns)
    show(_words(found, mlruns), plain(found), as_json)


@app.command()
def rollback(
    name: Name,
    by: By,
    because: Because,
    on: On = None,
    models: Models = MODELS,
    mlruns: Mlruns = MLRUNS,
    as_json: Json = False,
) -> None:
    """Go back to the version that was in use before."""
    found = commands(as_json).rollback(name, by, because, on.date() if on else None, models, mlruns)
    show(_words(found, mlruns), plain(found), as_json)


def _words(found: Any, mlruns: Path) -> list[str]:
    before = "it is the first" if found.before is None else f"before it was version {found.before}"
    lines = [f"Version {found.version} of {found.name} is in use now; {before}."]
    lines += [f"Set aside in words: {limit}" for limit in found.not_met]
    lines.append(f"Wrote line {found.line} of {found.log}; its seal, for the minutes: {found.seal[:16]}")
    return [*lines, "MLflow knows." if found.mirrored else f"There is no MLflow store in {mlruns} to tell."]
