"""Writes docs/models.md: what a model of ours can be trusted with, from the studies that have been run.

    python -m benchmarks.models.page

In:  the lines of JSON that the studies have left in `results/`; a study that was not run is left out.
Out: the page.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..lines import rows_of
from . import calibrated, coverage, observable, speed
from .country import EVERYONE, ONSET
from .recipes import LARGE, SMALL

PAGE = Path(__file__).parents[2] / "docs" / "models.md"
POPULATIONS = (EVERYONE, ONSET)
NEAR_ENOUGH = {SMALL: 0.02, LARGE: 0.01}  # of AUC, below the best that can be seen
ERROR_ALLOWED = 0.01  # of calibration error, above that of the true probabilities
HOLDS = (0.90, 0.99)  # share of the intervals that hold what is true

TITLE = """\
# What the model can be trusted with

Nobody knows the true probability that a pupil will be absent. On made-up schools we do: there a model can be held
against the best that can be seen, its probabilities against the true ones, and its intervals against what they are
about. What is found here is found in a world whose rules we wrote ([the simulator](simulator.md)); how good a model
is for you, only your own data can say, and every training run reports it.

All schools are of one country in the same years: they differ in everything else, but share waves of illness and days
of snow. The config is the one that ships, `configs/pupil-absence.yaml`: who will miss 10% or more of the weeks from
week 10, and from week 20, to the end of the year? *Onset* are those below 10% so far. Settings of the trees are tuned
once for each size, on schools that serve for nothing else.
"""

OBSERVABLE = """\
## How near to the best that can be seen

A model learns from one year of a trust and is judged on 160 fresh schools in the same year. Trusts have 20 schools and
8,000 pupils, or 260 and 104,000. The best that can be seen is the same learner on a million pupils, with trees twice as
large and twice as many. The ceiling is the AUC of the true probabilities, given everything that is hidden on the
morning: no model can reach it.
"""

CALIBRATED = """\
## How near to the true probabilities

The whole chain, as a training has it, on trusts of 20 schools and 8,000 pupils: fitted on one year, calibrated on
people whom the fit did not see, and held against the next year of the same schools, which has the same waves of
illness and the same snow. The expected calibration error is the mean distance between what was said and what happened
over ten groups of equal size. Chance alone makes it differ from 0, even for the true probabilities; what counts is
how much more ours has.
"""

COVERAGE = """\
## Whether the intervals keep their promise

Each trust fits the recipe on one year, with the surveys and without. On its own pupils of the next year, in week 20, it
takes the 95% interval of the difference in AUC, as a training reports it, and that of the difference from the rule that
ranks by the absence rate to date. The true difference is that of the same fitted models on 2,000 fresh schools of that
year. Trusts of 20 schools have no school in common; two of 60 share one or two.
"""


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


def page() -> str:
    """Return the text of docs/models.md."""
    parts = [TITLE]
    for introduction, file, section in (
        (OBSERVABLE, observable.FOUND, observable_section),
        (CALIBRATED, calibrated.FOUND, calibrated_section),
        (COVERAGE, coverage.FOUND, coverage_section),
    ):
        if found := rows_of(file):
            parts += [introduction, section(found)]
    parts += speed.sections()
    parts.append(
        "*Made by `python -m benchmarks.models.page` from what the studies in `benchmarks/models/` have found.*"
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def observable_section(rows: Sequence[Any]) -> str:
    """Return the AUC by size, how far below the best each is, and whether that is near enough."""
    lines = [_line("learnt from", "trusts", *POPULATIONS), "|---" * 4 + "|"]
    found = {
        (pupils, population): np.array(
            [row["auc"] for row in rows if (row["pupils"], row["population"]) == (pupils, population)]
        )
        for pupils in (SMALL, LARGE, observable.MILLION, observable.CEILING)
        for population in POPULATIONS
    }
    for pupils, name in (
        (SMALL, "8,000 pupils"),
        (LARGE, "100,000 pupils"),
        (observable.MILLION, "a million pupils: the best that can be seen"),
        (observable.CEILING, "the true probabilities: the ceiling"),
    ):
        here = [found[pupils, population] for population in POPULATIONS]
        if len(here[0]):
            trusts = str(len(here[0])) if pupils else ""
            lines.append(_line(name, trusts, *(f"{aucs.mean():.4f}{_spread(aucs)}" for aucs in here)))
    return "\n".join(lines) + "\n\n" + "\n".join(_near(found))


def _near(found: dict[tuple[int, str], Any]) -> list[str]:
    """Return one sentence a size and population that has a limit."""
    said = []
    for pupils, limit in NEAR_ENOUGH.items():
        for population in POPULATIONS:
            best, ours = found[observable.MILLION, population], found[pupils, population]
            if len(best) and len(ours):
                gap = float(best.mean() - ours.mean())
                said.append(
                    f"- {pupils:,} pupils, {population}: {gap:.4f} below the best; asked for less than {limit:g}: "
                    f"{_verdict(gap < limit)}."
                )
    return said


def calibrated_section(rows: Sequence[Any]) -> str:
    """Return the mean errors, and by how much ours is above that of the true probabilities."""
    lines = [
        _line("", "trusts", "calibrated", "uncalibrated", "true probabilities", "above them", "observed over expected"),
        "|---" * 7 + "|",
    ]
    said = []
    for population in POPULATIONS:
        here = [row for row in rows if row["population"] == population]
        means = {name: np.mean([row[name] for row in here]) for name in ("model", "uncalibrated", "truth")}
        above = np.array([row["model"] - row["truth"] for row in here])
        ratio = np.array([row["observed_over_expected"] for row in here])
        figures = (f"{mean:.4f}" for mean in means.values())
        lines.append(
            _line(
                population, str(len(here)), *figures, f"{above.mean():+.4f}{_spread(above)}",
                f"{ratio.mean():.2f}{_spread(ratio, 2)}",
            )
        )  # fmt: skip
        said.append(
            f"- {population}: {above.mean():.4f} above the true probabilities; asked for less than {ERROR_ALLOWED:g}: "
            f"{_verdict(bool(above.mean() < ERROR_ALLOWED))}."
        )
    return "\n".join(lines) + "\n\n" + "\n".join(said)


def coverage_section(rows: Sequence[Any]) -> str:
    """Return in how many trusts the interval holds the true difference, by size, contender and population."""
    columns = (
        "schools", "the model against", "for", "trusts", "intervals that hold the truth", "mean width",
        "mean difference", "true",
    )  # fmt: skip
    groups: dict[tuple[int, str, str], list[Any]] = {}
    for row in rows:
        groups.setdefault((row["schools"], row["contender"], row["population"]), []).append(row)
    lines = [_line(*columns), "|---" * len(columns) + "|"]
    lines += [_coverage_line(*key, here) for key, here in sorted(groups.items(), reverse=True)]
    judged = [
        float(np.mean([coverage.holds(row) for row in here]))
        for (schools, contender, _), here in groups.items()
        if (schools, contender) == (max(coverage.SCHOOLS), coverage.SILENT)
    ]
    return "\n".join(lines) + "\n\n" + _promise(judged)


def _coverage_line(schools: int, contender: str, population: str, rows: Sequence[Any]) -> str:
    held = sum(map(coverage.holds, rows))
    width = np.mean([row["high"] - row["low"] for row in rows if row["low"] is not None])
    value, true = (np.mean([row[name] for row in rows]) for name in ("value", "true"))
    figures = f"{width:.4f}", f"{value:+.4f}", f"{true:+.4f}"
    against = contender.replace("_", " ")
    return _line(str(schools), against, population, str(len(rows)), f"{held} of {len(rows)}", *figures)


def _promise(shares: Sequence[float]) -> str:
    """Return in words whether the two fitted models' intervals hold the truth as often as was asked."""
    (low, high), fewest, most = HOLDS, min(shares), max(shares)
    return (
        f"- With and without the surveys, at {max(coverage.SCHOOLS)} schools: of 100 intervals {100 * fewest:.0f} to "
        f"{100 * most:.0f} hold the true difference; asked for {100 * low:.0f} to {100 * high:.0f}: "
        f"{_verdict(low <= fewest and most <= high)}."
    )


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _spread(values: Any, places: int = 4) -> str:
    """Return the standard error of the mean, where there is more than one value."""
    return f" ± {values.std(ddof=1) / np.sqrt(len(values)):.{places}f}" if len(values) > 1 else ""


def _verdict(met: bool) -> str:
    return "**met**" if met else "**missed**"


if __name__ == "__main__":
    main()
