"""Does a training find what engagement adds where there is something to find, and nothing where there is not?

In:  what `python -m benchmarks.engagement` has found so far: a row for each trust and population.
Out: tables: how often a gain is claimed at an effect of zero, and by number of schools at the default effect.
"""

from collections.abc import Iterable, Sequence

from ..engagement import POPULATIONS, Row, study_rows

ALLOWED = (3, 40)  # claims at an effect of zero, and in how many trusts
FOUND_IN = 0.8  # share of trusts in which the default effect has to be found
INTRODUCTION = """\
The gain is the AUC of the model less that of the same model without the surveys, on the latest year, with the interval
that a training reports. At zero the dates are those of the config as it ships, weeks 10 and 20; at the default effect
they are the Mondays after the waves of autumn and winter have closed, weeks 6 and 19. Weeks later the gain is smaller
and takes more schools to find: by then the marks hold part of what a wave told.

"""
COLUMNS = ("effect", "schools", "trusts", "gain claimed in", "mean gain in AUC", "mean interval", "smallest shown")


def study_tables() -> str:
    """Return the tables and their verdicts."""
    found = study_rows()
    by_population = {name: [row for row in found if row["population"] == name] for name in POPULATIONS}
    return INTRODUCTION + "\n\n".join(
        f"### What the surveys add: {name}\n\n{_table(rows)}\n\n{_verdict(rows)}"
        for name, rows in by_population.items()
    )


def _table(rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    for effect, schools in sorted({(row["effect"], row["schools"]) for row in rows}):
        here = [row for row in rows if (row["effect"], row["schools"]) == (effect, schools)]
        value, low, high = (f"{_mean(row[name] for row in here):+.4f}" for name in ("value", "low", "high"))
        shown = f"{_mean(row['smallest_shown'] for row in here):.4f}"
        claimed = _claimed(here)
        lines.append(f"| {effect:g} | {schools} | {len(here)} | {claimed} | {value} | {low} to {high} | {shown} |")
    return "\n".join(lines)


def _verdict(rows: Sequence[Row]) -> str:
    """Return in words how often nothing is taken for something, and how many schools it takes to find something."""
    nothing = [row for row in rows if row["effect"] == 0]
    by_size: dict[int, list[Row]] = {}
    for row in rows:
        if row["effect"] == 1:
            by_size.setdefault(row["schools"], []).append(row)
    enough = [size for size in sorted(by_size) if _claimed(by_size[size]) >= FOUND_IN * len(by_size[size])]
    found = f"{enough[0]} schools find it" if enough else "no number of schools that was tried finds it"
    most, trusts = ALLOWED
    return (
        f"At an effect of zero a gain is claimed in {_claimed(nothing)} of {len(nothing)} trusts "
        f"(allowed: {most} of {trusts}). At the default effect {found} 4 times in 5."
    )


def _claimed(rows: Sequence[Row]) -> int:
    return sum(row["claimed"] for row in rows)


def _mean(values: Iterable[float | None]) -> float:
    """Return the mean of what could be estimated; NaN if nothing could."""
    found = [value for value in values if value is not None]
    return sum(found) / len(found) if found else float("nan")
