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
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Score everyone on roll on a morning, with reasons, and write a pack for each school."""
    found = commands(as_json).score(bundle, data, as_of.date(), out, private)
    show(scoring_words(found), plain(found), as_json)
