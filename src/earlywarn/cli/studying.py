"""`study`."""

from pathlib import Path
from typing import Annotated

import typer

from earlywarn.cli.app import PRIVATE, Json, Private, app, commands, plain, show


@app.command()
def study(
    config: Annotated[Path, typer.Argument(help="YAML file, e.g. configs/lead-indicators.yaml.")],
    data: Annotated[Path | None, typer.Option(help="Folder of input tables, if the config does not name it.")] = None,
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier study there is replaced.")] = Path("study"),
    private: Private = PRIVATE,
    preregister: Annotated[
        bool, typer.Option("--preregister", help="Write down what will be tested, open no data, and stop.")
    ] = False,
    preregistered: Annotated[
        Path | None, typer.Option(help="preregistration.json that was deposited: test that, or refuse.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask whether engagement leads: what survey answers tell beyond the register, for whom and how early."""
    run = commands(as_json)
    if preregister:
        written = run.write_preregistration(config, out)
        lines = [f"Wrote {written.file}, SHA-256 {written.sha256}.", "Deposit it before the data are opened."]
        show(lines, plain(written), as_json)
        return
    found = run.study(config, data, out, private, preregistered)
    absent = [f"The data hold nothing for: {'; '.join(found.absent)}."] if found.absent else []
    whole = f"; tables that name schools: {found.whole}" if found.whole else ""
    where = f"Wrote {found.folder / 'study.html'}, with tables/ and figures/ beside it{whole}."
    show([found.headline, *found.says, "", *absent, where], plain(found), as_json)
