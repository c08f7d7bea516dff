"""Writes the study of a hundred trusts into docs/lead-indicators.md, between its two marks.

    python -m benchmarks.lead.page

In:  the lines of JSON that `recovery` has left.
Out: the page with its tables; everything outside the marks stays as it is.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from earlywarn.evaluate.intervals import Gain
from earlywarn.features.listing import grid
from earlywarn.study.domains import named_domain

from ..lines import rows_of
from .recovery import FOUND, SCALES, Row
from .schools import EVERYONE, HORIZONS, ONSET, WHAT_IS_PLANTED

PAGE = Path(__file__).parents[2] / "docs" / "lead-indicators.md"
BEGINS, ENDS = "<!-- benchmarks/lead: begin -->", "<!-- benchmarks/lead: end -->"
COUNTRIES = {"none": "no effect", "usual": "the default effect"}

INTRODUCTION = """\
Made-up trusts of 60 schools and 24,000 pupils each learn from one year and are tested on the next, on the Mondays after
the pupils' waves of autumn and winter have closed. The one test is what the level of the pupils' answers adds to the
AUC for everyone, beyond records, characteristics and who answers at all; onset stands beside it. *True* is the
difference of the same two fitted models on 400 other schools of the same country in the same year. That is measured,
too, with an error as large as what sets the trusts' true differences apart; the last column holds each interval against
their mean, which is all but free of it. The trusts without an effect have no school in common. Settings of the trees
were tuned once, on schools that no trust has.
`benchmarks/lead` holds the script, `benchmarks/results/lead_recovery.jsonl` every number."""

NAMED = """\
With twice the default effect, planted in one domain that begins to act some weeks after a wave: which domain, and which
horizon, does the study name? It names the one whose gain is largest, if its interval lies above 0."""


def main() -> None:
    rows: list[Row] = rows_of(FOUND)
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGINS)
    _, after = rest.split(ENDS)
    made = "\n\n".join([INTRODUCTION, *_tested(rows), *_named(rows)])
    PAGE.write_text(f"{before}{BEGINS}\n{made}\n{ENDS}{after}", encoding="utf-8", newline="\n")
    print(f"Wrote {PAGE}")


def _tested(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table of the one test: how often a gain is claimed, and how often the interval holds what is true."""
    header = (
        "planted", "among", "trusts", "gain, mean", "true, mean", "half width of the interval",
        "smallest gain it could have shown", "a gain is claimed", "the interval holds what is true",
        "it holds the mean of what is true",
    )  # fmt: skip
    lines = [
        _line(words, population, chosen)
        for country, words in COUNTRIES.items()
        for population in (EVERYONE, ONSET)
        if (chosen := [row for row in rows if (row["country"], row["population"]) == (country, population)])
    ]
    if lines:
        yield grid(header, lines)


def _line(words: str, population: str, rows: Sequence[Row]) -> tuple[str, ...]:
    told = [row["true"] for row in rows if row["true"] is not None]
    true = float(np.mean(told)) if told else 0.0
    held, held_mean = sum(holds(row, row["true"]) for row in rows), sum(holds(row, true) for row in rows)
    return (
        words,
        population,
        str(len(rows)),
        _mean([row["value"] for row in rows]),
        _mean(told) if told else "0 by construction",
        _mean([(row["high"] - row["low"]) / 2 for row in rows if row["low"] is not None and row["high"] is not None]),
        _mean([row["smallest_shown"] for row in rows]),
        f"{sum(claims(row) for row in rows)} times",
        f"{held} times" if told else "-",
        f"{held_mean} times",
    )


def claims(row: Row) -> bool:
    return row["low"] is not None and row["low"] > 0


def holds(row: Row, true: float | None) -> bool:
    """Tell whether the interval holds what is true; one that could not be estimated does not."""
    low, high = row["low"], row["high"]
    return true is not None and low is not None and high is not None and low <= true <= high


def _mean(values: Sequence[float | None]) -> str:
    return f"{np.mean([value for value in values if value is not None]):.4f}"


def _named(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table of what is named where a domain and a horizon were planted."""
    planted = [row for row in rows if row["country"] == "planted"]
    seeds = sorted({row["seed"] for row in planted})
    if not seeds:
        return
    by_seed = {seed: [row for row in planted if row["seed"] == seed] for seed in seeds}
    lines = []
    for domain, weeks in WHAT_IS_PLANTED:
        mine = [found for found in by_seed.values() if found[0]["planted"] == f"{domain} after {weeks}"]
        lines.append(_named_line(domain, weeks, mine))
    right = sum(_finds(each) for each in by_seed.values()), sum(_nears(each) for each in by_seed.values())
    lines.append(("all", "", str(len(seeds)), f"{right[0]} times", "", f"{right[1]} times", ""))
    yield NAMED
    yield grid(
        (
            "domain planted", "acts after", "trusts", "that domain is named", "domains named",
            "its horizon, or a neighbour of it, is named", "horizons named",
        ),
        lines,
    )  # fmt: skip


def _named_line(domain: str, weeks: int, mine: Sequence[Sequence[Row]]) -> tuple[str, ...]:
    domains, horizons = (Counter(named(found, of) for found in mine) for of in (SCALES, tuple(map(str, HORIZONS))))
    return (
        domain,
        f"{weeks} weeks",
        str(len(mine)),
        f"{sum(map(_finds, mine))} times",
        _counted(domains),
        f"{sum(map(_nears, mine))} times",
        _counted(horizons),
    )


def _counted(named_so: Counter[str]) -> str:
    return ", ".join(f"{name or 'none'} {count}" for name, count in named_so.most_common())


def named(found: Sequence[Row], questions: Sequence[str]) -> str:
    """Return the question that the study names; "" if none."""
    asked = {row["question"]: row for row in found if row["question"] in questions}
    gains = {name: Gain(row["value"], row["low"], row["high"], row["smallest_shown"]) for name, row in asked.items()}
    return named_domain(gains) or ""


def _finds(found: Sequence[Row]) -> bool:
    return found[0]["planted"].split(" after ")[0] == named(found, SCALES)


def _nears(found: Sequence[Row]) -> bool:
    """Tell whether the horizon that is named is the first in which the planted effect acts, or a neighbour of it."""
    asked = tuple(map(str, HORIZONS))
    horizon = named(found, asked)
    weeks = int(found[0]["planted"].split(" after ")[1])
    planted = min(range(len(HORIZONS)), key=lambda place: abs(HORIZONS[place] - weeks))
    return horizon != "" and abs(asked.index(horizon) - planted) <= 1


if __name__ == "__main__":
    main()
