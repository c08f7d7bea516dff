"""Writes the replays into docs/termly-cycle.md and docs/monitoring.md, between their marks.

    python -m benchmarks.cycle.page

In:  the lines of JSON that `quiet`, `staff` and `shocks` have left.
Out: both pages; everything outside the marks stays as it is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from earlywarn.features.listing import grid
from earlywarn.monitor.verdict import LEVELS

from ..lines import rows_of
from . import quiet, shocks, staff
from .quiet import Row

DOCS = Path(__file__).parents[2] / "docs"
BEGINS, ENDS = "<!-- benchmarks/cycle: begin -->", "<!-- benchmarks/cycle: end -->"
TERMS = range(1, 7)
SHOWN = {
    "quiet": "nothing",
    "changed-item": "one question is worded anew",
    "coding-habits": "two schools of twenty record half of their illness as O",
    "drift": "more absence, lower answers and fewer of them",
}

QUIET = """\
Twenty made-up trusts of 20 schools and 8,000 pupils, in which nothing changes but the year and the people: a model
learns from two years, and is then watched for six terms without a retraining, each time with what was known by then.
There are three dates a year, and the outcome is 10% or more of the sessions of the next six school weeks. An alarm is
any verdict but *fine*."""
SHOCKS = """\
One made-up trust of 20 schools and 8,000 pupils, once left alone and once with each of three shocks that begin with the
fourth term. Each term, with what was known by then, the model in use is watched, a challenger is trained and compared,
and promoted if that is the advice. A retraining judges by outcomes: its newest date is the one of the term before, so
it can see a shock one term later than monitoring does. Right is an alarm (*look*, *look at this first*) from then on,
and none before; *promote* and *hold* are none."""
ESTIMATE = """\
How near the AUC that was expected, before any outcome was known, came to the one that was realised, for everyone: on
the dates of the [replays](termly-cycle.md#six-terms-replayed) for pupils, and for staff on four dates of each of eight
trusts of 12 schools with some 500 members of staff, with the shipped config."""
DRIFT = """\
And when something drifts: the trust of the replays in which from one autumn on there is more absence (a quarter of a
standard deviation), answers are lower and fewer are given, beside the same trust left alone."""


def main() -> None:
    calm, tried, of_staff = (rows_of(study.FOUND) for study in (quiet, shocks, staff))
    write("termly-cycle.md", [QUIET, by_term(calm), alarms(calm), SHOCKS, by_shock(tried), *said(tried)])
    write("monitoring.md", [ESTIMATE, estimate(calm, of_staff), DRIFT, drifting(tried)])


def write(name: str, parts: Iterable[str]) -> None:
    page = DOCS / name
    before, rest = page.read_text(encoding="utf-8").split(BEGINS)
    _, after = rest.split(ENDS)
    made = "\n\n".join(part for part in parts if part)
    page.write_text(f"{before}{BEGINS}\n{made}\n{ENDS}{after}", encoding="utf-8", newline="\n")
    print(f"Wrote {page}")


def by_term(rows: Sequence[Row]) -> str:
    """Return the table of the quiet replays: how many trusts were told what, each term."""
    told = {term: Counter(row["level"] for row in rows if row["term"] == term) for term in TERMS}
    lines = [(str(term), *(str(count[level]) for level in LEVELS)) for term, count in told.items()]
    return grid(("term", *LEVELS), lines)


def alarms(rows: Sequence[Row]) -> str:
    """Return in how many replays there was an alarm, and what it said when it was first given."""
    trusts = {row["seed"] for row in rows}
    first: dict[int, Row] = {}
    for row in rows:
        if row["level"] != "fine":
            first.setdefault(row["seed"], row)
    told = "".join(f"\n- Term {row['term']}: {row['reasons'][0]}" for row in first.values())
    return f"There was an alarm in {len(first)} of {len(trusts)} replays{':' if told else '.'}{told and chr(10)}{told}"


def by_shock(rows: Sequence[Row]) -> str:
    """Return the table of the shocks: what was said each term, and whether that was right."""
    lines = [
        (
            SHOWN[row["scenario"]],
            str(row["term"]),
            row["level"],
            row["advice"],
            "yes" if is_right(row) else "no",
        )
        for row in rows
    ]
    return grid(("what changed in the fourth term", "term", "monitor says", "retrain recommends", "both right"), lines)


def is_right(row: Row) -> bool:
    """Tell whether verdict and advice raise an alarm where whoever knows of the shock would, and nowhere else."""
    shocked = row["scenario"] != shocks.QUIET
    looked = row["level"] == "look", row["advice"] == "look at this first"
    return looked == (shocked and row["term"] >= shocks.SHOCK, shocked and row["term"] > shocks.SHOCK)


def said(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the reasons that were given, in the first term that gave any."""
    for scenario, words in SHOWN.items():
        mine = [row for row in rows if row["scenario"] == scenario]
        alarm = "hold" if scenario == shocks.QUIET else "look at this first"
        watched = next((row for row in mine if row["level"] != "fine"), None)
        advised = next((row for row in mine if row["advice"] == alarm), None)
        changed = f"{words[0].upper()}{words[1:]}"
        if watched:
            yield _reasons(f"{changed}: monitoring", watched, "reasons")
        if advised:
            yield _reasons(f"{changed}: retraining", advised, "because")


def _reasons(words: str, row: Row, key: str) -> str:
    return f"{words} said in term {row['term']}:\n\n" + "\n".join(f"- {reason}" for reason in row[key])


def estimate(pupils: Sequence[Row], of_staff: Sequence[Row]) -> str:
    header = (
        "", "dates", "trusts", "mean absolute difference", "largest", "on average too high by",
        "the 95% interval holds what came",
    )  # fmt: skip
    return grid(header, [_line("pupils", pupils), _line("staff", of_staff)])


def _line(words: str, rows: Sequence[Row]) -> tuple[str, ...]:
    known = [row for row in rows if "auc" in row]
    apart = np.array([row["expected"][0] - row["auc"][0] for row in known])
    held = sum(row["expected"][1] <= row["auc"][0] <= row["expected"][2] for row in known)
    return (
        words,
        str(len(known)),
        str(len({row["seed"] for row in known})),
        f"{np.abs(apart).mean():.3f}",
        f"{np.abs(apart).max():.3f}",
        f"{apart.mean():+.3f}",
        f"{held} of {len(known)}",
    )


def drifting(rows: Sequence[Row]) -> str:
    """Return what was expected and what came on the dates since the shock, with and without it, as last seen."""
    header = ("trust", "as of", "AUC expected", "realised", "with the outcome, for each one expected")
    lines = []
    for scenario in (shocks.QUIET, "drift"):
        last = {one["as_of"]: one for row in rows if row["scenario"] == scenario for one in row["watched"]}
        lines += [_drift_line(SHOWN[scenario], one) for day, one in sorted(last.items()) if _is_shocked(rows, day)]
    return grid(header, lines)


def _is_shocked(rows: Sequence[Row], day: str) -> bool:
    return day >= min(row["watched"][-1]["as_of"] for row in rows if row["term"] == shocks.SHOCK)


def _drift_line(words: str, one: Row) -> tuple[str, ...]:
    came = [_interval(one[name], digits) if name in one else "still to come" for name, digits in _CAME]
    return (words, one["as_of"], _interval(one["expected"], 3), *came)


_CAME = (("auc", 3), ("observed_over_expected", 2))


def _interval(told: Sequence[float], digits: int) -> str:
    value, low, high = (f"{each:.{digits}f}" for each in told)
    return f"{value} ({low} to {high})"


if __name__ == "__main__":
    main()
