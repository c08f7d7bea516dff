"""`forget`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from earlywarn.cli.app import Json, app, commands, plain, show
from earlywarn.errors import ConfigError


@app.command()
def forget(
    folders: Annotated[list[Path], typer.Option("--in", help="Folder to look in; again for each further one.")],
    people: Annotated[
        list[str] | None, typer.Argument(metavar="PERSON", help="A person_id. Shells keep these: see --from.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--from", help="File with one person_id a line.")] = None,
    population: Annotated[Literal["pupils", "staff"], typer.Option(help="Whose person_ids they are.")] = "pupils",
    exclude: Annotated[Path | None, typer.Option(help="File of people to leave out; they are added to it.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Remove what is past its delete-by date.")] = False,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="With --overdue: today, if it is not today.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say where, and change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take people out of scores, packs and private files, or remove what is past its delete-by date."""
    if overdue and (people or file or exclude):
        raise ConfigError("people are named, and --overdue is given", fix="call it once for each")
    run = commands(as_json)
    if overdue:
        gone = run.forget_overdue(folders, on.date() if on else None, dry_run)
        show(_overdue_words(gone, dry_run), plain(gone), as_json)
        return
    found = run.forget(people or (), folders, population, file, exclude, dry_run)
    show(_words(found), plain(found), as_json)


# What becomes of people in a holding of each kind.
_BECOMES = {
    "scores folder": "taken out, and its packs written again",
    "scores by person": "taken out",
    "moves": "removed whole; it said who came and went at one retraining",
    "features": "removed whole; the next training computes them again",
    "pack": "removed whole; `earlywarn pack` writes it again",
    "half made": "left by a run that was stopped: removed whole",
}


def _words(found: Any) -> list[str]:
    whether = f"{found.nowhere:,} found nowhere in these folders" if found.nowhere else "all found"
    lines = [f"{_counted(found.people, 'person', 'people')} looked for; {whether}."]
    lines += [f"  {one.path} ({_what(one)}): {_BECOMES[one.kind]}" for one in found.places]
    if not found.done:
        return [*lines, "Nothing was changed: this is what would be done."]
    if found.exclude:
        lines.append(f"Added {found.added:,} to {found.exclude}, which holds their person_ids and nothing else.")
    return [*lines, "", *_what_is_left(found.exclude)]


def _what_is_left(exclude: Path | None) -> list[str]:
    """Say what this command cannot do."""
    file = exclude or "FILE"
    made_by = "" if exclude else "; --exclude FILE adds them to it"
    return [
        "What is left to do:",
        f"- The next run: `exclude: {file}` in each config keeps them out of training, `score --exclude {file}` keeps "
        f"them out of lists{made_by}.",
        "- The input tables are yours: take them out of the export, or the exclude file is all that keeps them out.",
        "- Copies that were passed on, printed or backed up are not reached from here.",
        "- Models hold nobody, and none can say whom it learnt from. For one that did not learn from them: train "
        "again with the exclude file, and promote that version.",
    ]


def _overdue_words(gone: Any, dry_run: bool) -> list[str]:
    if not gone:
        return ["Nothing is past its delete-by date."]
    lines = [f"  {one.path} ({one.kind}): to be deleted by {one.delete_by}" for one in gone]
    said = "Past their delete-by date; nothing was removed:" if dry_run else "Removed, past their delete-by date:"
    return [said, *lines]


def _what(place: Any) -> str:
    return f"{place.kind}, {_counted(place.rows, 'row', 'rows')}" if place.rows else str(place.kind)


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
