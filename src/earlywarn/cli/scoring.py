"""`score`."""

from pathlib import Path
from typing import Annotated

import typer

from earlywarn.cli.app import PRIVATE, BundleFolder, Data, Day, Json, Private, app, commands, plain, show
from earlywarn.cli.words import scoring_words


@app.command()
def score(
    bundle: BundleFolder,
    data: Data,
    as_of: Day,
    out: Annotated[Path, typer.Option(help="Scores folder to write; an earlier one there is replaced.")],
    previous: Annotated[
        Path | None, typer.Option(help="Scores folder of an earlier list: says who is new, who left and why.")
    ] = None,
    exclude: Annotated[
        Path | None, typer.Option(help="File of person_ids, one a line: they are neither scored nor shown.")
    ] = None,
    wording: Annotated[Path | None, typer.Option(help="A trust's own copy of the wording file.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="Public key (PEM): a bundle that its owner has not signed is refused.")
    ] = None,
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Score everyone on roll on a morning, with reasons, and write a pack for each school."""
    run = commands(as_json)
    choice = run.ScoringChoice(previous, exclude, wording, key)
    found = run.score(bundle, data, as_of.date(), out, private, choice)
    show(scoring_words(found), plain(found), as_json)
