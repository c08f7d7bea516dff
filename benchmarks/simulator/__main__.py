"""Writes docs/simulator.md: what the simulator does, and how near it is to England, from runs of many trusts.

    python -m benchmarks.simulator [SEEDS]

Speed and the study of engagement take longer and are measured apart: their tables are taken from
`benchmarks/results/`, see `speed` and `study`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from earlywarn.simulate import england
from earlywarn.simulate.plan import REFERENCE_YEARS, Plan

from ..simulator_staff import staff_table
from . import between, marks, pupils, speed, study, words
from .compare import Comparison, Judged, in_words, judge, markdown, verdicts
from .gather import gather

PAGE = Path(__file__).parents[2] / "docs" / "simulator.md"
SEEDS = 60
SCHOOLS, PUPILS, YEARS = 100, 40_000, 2
OTHER_YEARS_SHARE = 4  # one seed in so many for the other reference years


def main(seeds: int) -> None:
    tables = (*pupils.comparisons(england.REFERENCE_YEAR), *marks.comparisons())
    judged = compared(tables, england.REFERENCE_YEAR, seeds, even_schools=True)
    judged += compared(between.comparisons(), england.REFERENCE_YEAR, seeds, even_schools=False)
    for year in REFERENCE_YEARS:
        if year != england.REFERENCE_YEAR:
            judged += compared(pupils.comparisons(year), year, max(seeds // OTHER_YEARS_SHARE, 2), even_schools=True)
    PAGE.write_text(page(judged, seeds), encoding="utf-8", newline="\n")


def compared(tables: Sequence[Comparison], reference_year: int, seeds: int, *, even_schools: bool) -> list[Judged]:
    """Return the comparisons over trusts of seeds 1, 2, ..; one trust is in memory at a time.

    even_schools : schools stand at even steps of their distribution instead of being drawn from it, so that
                   chance in a few special schools does not hide how near a cell is. Not for how schools differ.
    """
    counts = []
    for seed in range(1, seeds + 1):
        plan = Plan(SCHOOLS, PUPILS, YEARS, current_weeks=0, seed=seed, reference_year=reference_year)
        run = gather(plan, even_schools=even_schools)
        counts.append([table.count(run) for table in tables])
    return [judge(table, [one[place] for one in counts]) for place, table in enumerate(tables)]


def page(judged: Sequence[Judged], seeds: int) -> str:
    """Return the text of docs/simulator.md."""
    parts = [
        words.TITLE,
        words.OPTIONS,
        words.options_table(),
        words.scenarios_table(),
        words.TRUTH,
        words.PROCESS,
        words.BESIDE,
        f"{seeds} trusts of {PUPILS:,} pupils in {SCHOOLS} schools over {YEARS} years each, reference year 2022/23. "
        "Where cells are judged, school effects are averaged out: a trust's schools stand at even steps of theirs.",
        summary(judged),
        *(f"### {one.asked.title}\n\n{markdown(one)}\n\n{' '.join([in_words(one), one.asked.says])}" for one in judged),
        "## Staff",
        staff_table(seeds),
        "## What engagement adds, and whether a training finds it",
        study.study_tables(),
        "## Speed",
        speed.speed_table(),
        words.GAPS,
        f"*Made by `python -m benchmarks.simulator {seeds}`. England: Department for Education, under the Open "
        "Government Licence v3.0, and others; every source stands in `src/earlywarn/simulate/england/SOURCES.md`.*",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def summary(judged: Sequence[Judged]) -> str:
    """Return one line for each limit that was set beforehand."""
    lines = ["| what | asked for | largest difference | |", "|---|---|---|---|"]
    for one in (verdict for each in judged for verdict in verdicts(each)):
        lines.append(f"| {one.asked.title} | {one.wanted} | {one.near} | {'met' if one.met else '**missed**'} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
