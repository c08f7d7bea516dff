"""`serve` and `serve-token`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import PRIVATE, BundleFolder, Data, Day, Json, Private, app, commands, show

TokenFile = Annotated[Path, typer.Option(help="Who may ask, as `earlywarn serve-token` writes it.")]


@app.command()
def serve(
    bundle: BundleFolder,
    data: Data,
    as_of: Day,
    tokens: TokenFile,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1 and nowhere else; 0: any free one.")] = 8707,
    previous: Annotated[
        Path | None, typer.Option(help="Scores folder of an earlier list: says who is new, and what changed.")
    ] = None,
    exclude: Annotated[
        Path | None, typer.Option(help="File of person_ids, one a line: they are neither scored nor shown.")
    ] = None,
    wording: Annotated[Path | None, typer.Option(help="A trust's own copy of the wording file.")] = None,
    host_name: Annotated[
        list[str] | None, typer.Option(help="A name by which a proxy on this machine asks; again for each further one.")
    ] = None,
    rate: Annotated[int, typer.Option(min=1, help="How often a minute a token may ask.")] = 600,
    log: Annotated[
        Path | None, typer.Option(help="The access log; by default access.jsonl in the private folder.")
    ] = None,
    private: Private = PRIVATE,
) -> None:
    """Answer a school's programs: its lists and its people, read-only, on this machine, until Ctrl-C."""
    run = commands(as_json=False)
    door = run.Door(tokens, port, tuple(host_name or ()), rate, log)
    choice = run.ScoringChoice(previous, exclude, wording)
    with run.service(bundle, data, as_of.date(), door, choice, private) as ready:
        show(_ready_words(ready), None, as_json=False)
        run.serve(ready)
    typer.echo("Stopped.")


@app.command("serve-token")
def serve_token(
    school_id: Annotated[str, typer.Argument(help="The school whose lists and people it opens.")],
    who: Annotated[str, typer.Option("--for", help="Who holds it: the access log calls them so.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it opens anything.")],
    tokens: TokenFile,
    as_json: Json = False,
) -> None:
    """Make a token for `serve`: shown once here, and kept as a SHA-256 sum in the file."""
    secret = commands(as_json).add_token(tokens, school_id, who, until.date())
    lines = [
        secret,
        "",
        f"It opens school {school_id} for {who} until {until:%Y-%m-%d}, from the next start of the service.",
        f"It is shown this once: {tokens} keeps its sum, from which it cannot be told.",
    ]
    show(lines, {"token": secret, "school_id": school_id, "who": who, "until": f"{until:%Y-%m-%d}"}, as_json)


def _ready_words(ready: Any) -> list[str]:
    """Say what is served where, and which tokens will disappoint."""
    tokens = "1 token" if ready.tokens == 1 else f"{ready.tokens} tokens"
    lines = [
        f"{ready.name} {ready.model_version} as of {ready.as_of}: {ready.people:,} people of {ready.schools} schools, "
        f"for {tokens}.",
        f"Answering on {ready.address}, noted in {ready.log}. Ctrl-C stops it; stop it by {ready.delete_by} at the "
        "latest.",
    ]
    if ready.nobody:
        lines.append(f"Tokens of a school without anyone scored (is its school_id right?): {', '.join(ready.nobody)}.")
    if ready.past:
        lines.append(f"Tokens that open nothing, as their last day is past: {', '.join(ready.past)}.")
    return lines
