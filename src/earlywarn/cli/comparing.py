"""`compare`."""

from pathlib import Path
from typing import Annotated

import typer

from earlywarn.cli.app import Json, app, commands, plain, show


@app.command()
def compare(
    mine: Annotated[Path, typer.Argument(help="Your benchmark.json, written by `earlywarn study`.")],
    others: Annotated[list[Path], typer.Argument(help="The benchmark.json files of other trusts.")],
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier comparison there is replaced.")],
    schools: Annotated[
        Path | None, typer.Option(help="Your trust_benchmark.csv, in the study's private folder: places each school.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Place a trust, and its schools, beside other trusts: like compared with like, from files without persons."""
    found = commands(as_json).compare(mine, others, out, schools)
    beside = "1 other trust" if found.others == 1 else f"{found.others} other trusts"
    compared = sum(one.difference is not None for one in found.placed)
    wrote = f"Wrote {found.folder}: compare.html, compare.csv."
    show([f"{compared} of {len(found.placed)} means compared with {beside}.", wrote], plain(found), as_json)
