"""What every command shares: the program, its usual options, how a result is shown."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn import __version__

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


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"earlywarn {__version__}")
        raise typer.Exit


def commands(as_json: bool) -> Any:
    """Return the module of commands, imported only now; programs are spared the progress."""
    from earlywarn import progress, run

    progress.be_quiet(as_json)
    return run


def show(lines: list[str], found: Any, as_json: bool) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))


def plain(found: Any) -> Any:
    """Return a result as plain data: dataclasses as objects, paths and dates as text."""
    from dataclasses import fields, is_dataclass

    if is_dataclass(found):
        return {field.name: plain(getattr(found, field.name)) for field in fields(found)}
    if isinstance(found, Mapping):
        return {str(key): plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [plain(each) for each in found]
    return found if found is None or isinstance(found, str | int | float | bool) else str(found)
