"""`simulate`, `check`, `features`: what comes in."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import PRIVATE, Data, Json, Private, app, commands, plain, show


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="Folder to write; it must be empty or new.")],
    schools: Annotated[int, typer.Option(help="Schools of the trust.")] = 20,
    pupils: Annotated[int, typer.Option(help="Pupils on roll.")] = 8000,
    years: Annotated[int, typer.Option(help="Complete school years.")] = 3,
    current_weeks: Annotated[int, typer.Option(help="School weeks of the year in progress that follow them.")] = 9,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    engagement_effect: Annotated[float, typer.Option(help="How far engagement moves later absence; 0: nothing.")] = 1.0,
    effect_domain: Annotated[
        list[str] | None, typer.Option(help="Domain of engagement that does so; all three if none is named.")
    ] = None,
    effect_lead_weeks: Annotated[int, typer.Option(help="School weeks from a wave until it acts.")] = 0,
    noisier_for: Annotated[list[str] | None, typer.Option(help="Group that answers with twice the noise.")] = None,
    reference_year: Annotated[int, typer.Option(help="England's year to be like; 2022 is 2022/23.")] = 2022,
    scenario: Annotated[str, typer.Option(help="A shock for testing, by name: docs/simulator.md lists them.")] = "",
    truth: Annotated[
        Path | None, typer.Option(help="A model's config: writes the true probabilities for its dates and outcome.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the data folder of a made-up trust, true to the published national figures."""
    run = commands(as_json)
    from earlywarn.simulate import DOMAINS, Plan

    plan = Plan(
        schools,
        pupils,
        years,
        current_weeks,
        seed=seed,
        engagement_effect=engagement_effect,
        effect_domains=tuple(effect_domain or DOMAINS),  # type: ignore[arg-type]  # the plan refuses other names
        effect_lead_weeks=effect_lead_weeks,
        noisier_for=tuple(noisier_for or ()),  # type: ignore[arg-type]
        reference_year=reference_year,
        scenario=scenario,
    )
    made = run.simulate(plan, out, truth)
    rows = ", ".join(f"{count:,} {table}" for table, count in made.rows.items())
    show([f"Wrote {made.folder}: {rows}."], plain(made), as_json)


@app.command()
def check(
    data: Data,
    config: Annotated[Path | None, typer.Option(help="A model's config: checks what that model needs.")] = None,
    private: Private = PRIVATE,
    as_json: Json = False,
) -> None:
    """Read and check a data folder: a summary per table, every broken rule with its lines and remedy."""
    found = commands(as_json).check(data, config, private)
    show(_check_words(found, private), plain(found), as_json)
    if found.stops:
        raise typer.Exit(11)


@app.command()
def features(
    doc: Annotated[Path | None, typer.Option(help="Write the reference page to this file, in Markdown.")] = None,
    as_json: Json = False,
) -> None:
    """List every feature: what it means, in what unit, which way risk runs, from which tables."""
    from earlywarn.features import listing

    if doc is not None:
        doc.write_text(listing.reference_page(), encoding="utf-8", newline="\n")
    show([f"Wrote {doc}."] if doc else listing.as_lines(), listing.as_records(), as_json)


def _check_words(found: Any, private: Path) -> list[str]:
    width = max((len(table.file) for table in found.summary), default=10)
    lines = [f"{'table':{width}}  {'rows':>12}  set aside  columns left out"] if found.summary else []
    lines += [
        f"{table.file:{width}}  {table.rows:>12,}  {table.set_aside:>9,}  {', '.join(table.left_out) or '-'}"
        for table in found.summary
    ]
    for finding in found.findings:
        lines += ["", f"[{finding.effect}] {finding}", f"  fix: {finding.fix}"]
    if any(table.set_aside for table in found.summary):
        lines += ["", f"Rows set aside are listed in {private / 'rejects.csv'}, by file and line."]
    stops = sum(finding.effect == "stops" for finding in found.findings)
    return [*lines, "", f"{stops} rule(s) to mend before training." if stops else "The tables are sound."]
