"""`audit` and `audit-scores`."""

from pathlib import Path
from typing import Annotated

import typer

from earlywarn.cli.app import PRIVATE, BundleFolder, Data, Json, Private, app, commands, plain, show


@app.command()
def audit(
    bundle: BundleFolder,
    data: Data,
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier audit there is replaced.")] = Path("audit"),
    exclude: Annotated[
        Path | None, typer.Option(help="File of person_ids, one a line: they take no part in the audit.")
    ] = None,
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Audit a model for pupil premium, SEN and other groups on dates that it was not fitted on."""
    found = commands(as_json).audit(bundle, data, out, private, exclude)
    dates = ", ".join(map(str, found.dates))
    where = [
        f"Audited on {dates}.",
        f"Wrote {found.folder / 'audit.html'}; with no small number hidden: {found.whole_audit / 'audit.html'}.",
    ]
    show([*found.reading, "", *where], plain(found), as_json)


@app.command()
def audit_scores(
    file: Annotated[Path, typer.Argument(help="CSV file: a row a person, with a score and what happened afterwards.")],
    score: Annotated[str, typer.Option(help="Column of the score; higher is more at risk.")],
    outcome: Annotated[str, typer.Option(help="Column of what happened: 1 or 0, yes or no.")],
    group: Annotated[list[str], typer.Option(help="Column to audit by; give it again for each further one.")],
    school: Annotated[str | None, typer.Option(help="Column of the school: each has its own places.")] = None,
    person: Annotated[str | None, typer.Option(help="Column of the person, if people stand on several dates.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Column of the date of the score, if there are several.")] = None,
    places: Annotated[float, typer.Option(help="Share of each school's people that it can see.")] = 0.05,
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier audit there is replaced.")] = Path("audit"),
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Audit the scores of any system, a rule's or another vendor's, from a CSV file."""
    run = commands(as_json)
    from earlywarn.audit.any_scores import Columns
    from earlywarn.config import Fairness, Places

    columns = Columns(score, outcome, school=school, person=person, as_of=as_of)
    fairness = Fairness(groups=tuple(group), intersections=(), places=Places(share=places))
    found = run.audit_scores(file, columns, fairness, out, private)
    where = f"Wrote {found.folder / 'audit.html'}; with no small number hidden: {found.whole_audit / 'audit.html'}."
    show([*found.reading, "", where], plain(found), as_json)
