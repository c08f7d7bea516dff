"""The plan of a training as lines of text: what `earlywarn train --dry-run` prints.

In:  an `Outline`.
Out: lines: what is predicted, a row a date, a row a fold, schools held out, features, and what would be fitted.
"""

from collections.abc import Sequence
from datetime import date

from earlywarn.model.outline import DateCount, FoldCount, Outline

NAMED_DATES = 3  # more than that are told by their number, the first and the last


def outline_lines(found: Outline) -> list[str]:
    """Return the plan for a terminal."""
    return [
        f"{found.name}: who {found.outcome}?",
        "",
        *_table(
            ("as-of date", "window, end not included", "closes on", "role", "people", "outcomes", ""),
            map(_date_row, found.dates),
        ),
        "",
        f"Folds of the training rows, {found.folds_go}, for tuning and calibration:",
        *_table(("learnt from", "people", "outcomes", "tried on", "people", "outcomes"), map(_fold_row, found.folds)),
        "",
        found.held_out,
        _features(found),
        *([f"Not in these data: {', '.join(found.absent)}."] if found.absent else []),
        _fits(found),
    ]


def _date_row(one: DateCount) -> tuple[str, ...]:
    window = f"{one.window_start} to {one.window_end}" if one.window_start and one.window_end else "-"
    closes = str(one.closes_on) if one.closes_on else "-"
    return (str(one.as_of), window, closes, one.role, _count(one.people), _count(one.outcomes), one.why)


def _fold_row(one: FoldCount) -> tuple[str, ...]:
    learnt = (_dates(one.train_dates), _count(one.train_people), _count(one.train_outcomes))
    return (*learnt, _dates(one.test_dates), _count(one.test_people), _count(one.test_outcomes))


def _dates(days: Sequence[date]) -> str:
    if len(days) <= NAMED_DATES:
        return ", ".join(map(str, days))
    return f"{len(days)} dates, {days[0]} to {days[-1]}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _count(people: int | None) -> str:
    return "-" if people is None else f"{people:,}"


def _table(heads: tuple[str, ...], rows: "Sequence[tuple[str, ...]] | map[tuple[str, ...]]") -> list[str]:
    """Return columns under their heads, as wide as they need; counts stand to the right."""
    lines = [heads, *rows]
    width = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    right = [head in ("people", "outcomes") for head in heads]
    return [
        "  ".join(
            cell.rjust(wide) if to_right else cell.ljust(wide)
            for cell, wide, to_right in zip(line, width, right, strict=True)
        ).rstrip()
        for line in lines
    ]


def _features(found: Outline) -> str:
    blocks = ", ".join(f"{block} {count}" for block, count in found.features.items())
    left_out = f"; for the audit only: {', '.join(found.audit_only)}" if found.audit_only else ""
    return f"Features, at most: {sum(found.features.values())} ({blocks}){left_out}."


def _fits(found: Outline) -> str:
    if found.model != "boosted trees":
        return f"To be fitted: {found.model}."
    budget = f"{_number(found.trials, 'trial')} of settings over {_number(len(found.folds), 'fold')}"
    minutes = "" if found.minutes is None else f", or {found.minutes:g} minutes"
    return f"To be fitted: {found.model}, {budget}{minutes}, seed {found.seed}."
