"""`record check` and `record write`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import BundleFolder, Json, app, commands, plain, show

OPEN = 10  # as for a config that lacks something

record_app = typer.Typer(
    help="The papers about a model: for the public, parents, staff and a DPO.", no_args_is_help=True
)
app.add_typer(record_app, name="record")


@record_app.command()
def check(
    papers: Annotated[Path, typer.Argument(help="A bundle, a folder of papers, or one paper.")],
    as_json: Json = False,
) -> None:
    """List what only a person can fill, with its lines, and hold the record against the standard; 10 if any is open."""
    found = commands(as_json).check_record(papers)
    show(_words(found), plain(found), as_json)
    if found.open or found.problems:
        raise typer.Exit(OPEN)


@record_app.command()
def write(
    bundle: BundleFolder,
    out: Annotated[Path, typer.Option(help="Folder to write; papers written there before are replaced.")],
    answers: Annotated[Path | None, typer.Option(help="A record.yaml with what only a person can say.")] = None,
    as_json: Json = False,
) -> None:
    """Write a bundle's papers anew, with your answers; the bundle stays as it is."""
    found = commands(as_json).write_record(bundle, out, answers)
    wrote = f"Wrote {found.folder}: {', '.join(found.checked.papers)}."
    show([*_words(found.checked), "", wrote], plain(found), as_json)


def _words(found: Any) -> list[str]:
    if not (found.open or found.problems):
        return [f"Nothing is open in {', '.join(found.papers)}."]
    lines = [line for one in found.open for line in (f"{one.key}: {one.asks}", f"    {_places(one.places)}")]
    if found.open:
        answers = "1 answer is" if len(found.open) == 1 else f"{len(found.open)} answers are"
        lines += [
            "",
            f"{answers} open. Write them as `key: answer` into a record.yaml beside the config: the next training",
            "reads it, and so does `earlywarn record write BUNDLE --answers record.yaml --out DIR`.",
        ]
    if found.problems:
        lines += ["", *found.problems, "These are not the standard's fields: write the record anew from its bundle."]
    return lines


def _places(places: Any) -> str:
    """Return the lines of each paper: "card.md 22; dpia_annex.md 7, 31"."""
    lines: dict[str, list[str]] = {}
    for place in places:
        lines.setdefault(place.file, []).append(str(place.line))
    return "; ".join(f"{file} {', '.join(numbers)}" for file, numbers in lines.items())
