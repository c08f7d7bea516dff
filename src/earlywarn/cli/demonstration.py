"""`demo`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from earlywarn.cli.app import Json, app, commands, plain, show
from earlywarn.cli.words import scoring_words, verdict_words


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier demo there is replaced.")] = Path("demo"),
    schools: Annotated[int, typer.Option(help="Schools of the made-up trust.")] = 20,
    pupils: Annotated[int, typer.Option(help="Pupils on roll.")] = 8000,
    seed: Annotated[int, typer.Option(help="Another seed is another trust.")] = 1,
    engagement_effect: Annotated[float, typer.Option(help="How far engagement truly matters; 0 for not at all.")] = 1.0,
    as_json: Json = False,
) -> None:
    """Make up a trust, train both models, audit, score, and write the packs."""
    run = commands(as_json)
    from earlywarn.simulate import Plan

    found = run.demo(out, Plan(schools=schools, pupils=pupils, seed=seed, engagement_effect=engagement_effect))
    show(_demo_words(found), plain(found), as_json)


def _demo_words(found: Any) -> list[str]:
    lines: list[str] = []
    for training, scoring in zip(found.trainings, found.scorings, strict=True):
        lines += [f"== {training.bundle.parent.name}", *verdict_words(training), ""]
        lines += [*scoring_words(scoring), ""]
    first = found.trainings[0].bundle
    return [
        *lines,
        "Where to look:",
        f"  {first / 'report.html'}  how good the model is",
        f"  {first / 'audit.html'}  for whom, with small numbers hidden",
        f"  {found.trainings[0].whole_audit / 'audit.html'}  the same with none hidden: not to be shared",
        f"  {found.scorings[0].folder / 'packs'}  what each school opens on Monday",
        f"  {found.scorings[0].folder / 'trust.html'}  the trust's schools side by side",
        f"  {found.scorings[1].folder / 'staff.html'}  staff, by school and role",
    ]
