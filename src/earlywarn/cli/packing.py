"""`pack`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import Json, app, commands, plain, show
from earlywarn.cli.words import change_words


@app.command()
def pack(
    scores: Annotated[Path, typer.Argument(help="Scores folder written by `earlywarn score`.")],
    out: Annotated[Path, typer.Option(help="Folder to write; earlier packs there are replaced.")],
    names: Annotated[
        Path | None, typer.Option(help="CSV with person_id and name. Names go into these packs and nowhere else.")
    ] = None,
    previous: Annotated[
        Path | None, typer.Option(help="Scores folder of an earlier list: says who is new, who left and why.")
    ] = None,
    log: Annotated[
        list[Path] | None, typer.Option(help="A filled-in pupils.xlsx or pupils.csv; again for each further one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the packs again: with names, against an earlier list, or with what a school wrote on its sheet."""
    found = commands(as_json).pack(scores, out, names, previous, log or ())
    show(_packing_words(found), plain(found), as_json)


def _packing_words(found: Any) -> list[str]:
    from earlywarn.report.words import counted

    lines = [f"Names for {counted(found.named, 'pupil', 'pupils')}."] if found.named or found.unknown_names else []
    if found.unknown_names:
        lines.append(f"In the names file but not in these scores: {counted(found.unknown_names, 'person', 'people')}.")
    if found.log:
        lines.append(f"Something new was read about {counted(found.noted, 'pupil', 'pupils')}; {found.log} keeps it.")
    if found.replaced:
        fields = counted(found.replaced, "cell", "cells")
        lines.append(f"{fields} said something else before: the last sheet has the last word.")
    where = f"Wrote {found.folder}: {found.packs} packs in {found.folder / 'packs'}."
    return [*lines, *change_words(found.changes), where]
