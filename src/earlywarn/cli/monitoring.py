"""`monitor`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from earlywarn.cli.app import PRIVATE, BundleFolder, Data, Json, Private, app, commands, plain, show


@app.command()
def monitor(
    bundle: BundleFolder,
    data: Data,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="One date; by default all that came since the training."),
    ] = None,
    folders: Annotated[
        list[Path] | None, typer.Option("--in", help="Folder to look through for scores and packs past their day.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier one there is replaced.")] = Path("monitor"),
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Watch a model on later data: what moved, what is expected, what came of it, and what to do."""
    day = as_of.date() if as_of else None
    found = commands(as_json).monitor(bundle, data, out, day, folders or [], private)
    lines = [found.verdict.headline]
    for reason in found.verdict.reasons:
        lines += ["", f"{reason.level}, as of {reason.as_of}: {reason.says}", f"  {reason.do}"]
    lines += ["", *found.verdict.notes]
    lines += [f"To be deleted since {one.delete_by}: {one.path} ({one.kind})" for one in found.overdue]
    show([*lines, f"Wrote {found.folder / 'monitor.html'}."], plain(found), as_json)
