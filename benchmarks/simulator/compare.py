"""A table of figures that both England and the simulator have, and how far apart they are.

In:  `Comparison`: England's figures, and how one run's are counted; then the runs' counts.
Out: `Judged`: the simulator's figures, their standard errors and differences; a markdown table and a sentence.

Counts are added up over runs (each another trust) before anything is divided, and a figure's standard error is the
jackknife's over runs: what would change had another trust been drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .gather import Run

Floats = NDArray[np.float64]

PERSISTENT, SEVERE = 0.1, 0.5


def shares(counts: Floats) -> Floats:
    """Return the first of the last axis over the second, in per cent; NaN where there is nothing."""
    return 100 * ratio(counts)


def ratio(counts: Floats) -> Floats:
    """Return the first of the last axis over the second; NaN where there is nothing."""
    of = counts[..., 1]
    return np.asarray(np.divide(counts[..., 0], of, out=np.full(of.shape, np.nan), where=of > 0))


def weighted(found: Floats, weight: Floats, axis: int) -> Floats:
    """Return the mean over an axis; a figure that is NaN weighs nothing."""
    here = np.where(np.isnan(found), 0, weight)
    return np.asarray(np.nansum(found * here, axis=axis) / here.sum(axis=axis))


@dataclass(frozen=True)
class Comparison:
    """One table.

    england : (rows, columns) what is published; NaN where nothing is.
    count   : sums of one run, of any shape, that may be added up over runs.
    finish  : added sums to (rows, columns) figures in England's unit.
    within  : (rows, columns) the largest difference that is near enough; NaN where none was set beforehand.
    error   : (rows, columns) the largest standard error with which a difference is judged.
    relative: differences are parts of England's figure, in per cent.
    per_cent: figures are per cent, so that differences are points.
    places  : decimals that are shown.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    england: Floats
    count: Callable[[Run], Floats]
    finish: Callable[[Floats], Floats] = shares
    within: float | Floats = np.nan
    error: float | Floats = 0.3
    relative: bool = False
    per_cent: bool = True
    places: int = 1
    says: str = ""


@dataclass(frozen=True)
class Judged:
    """A comparison, the figures found and their standard errors, (rows, columns) each."""

    asked: Comparison
    found: Floats
    error: Floats

    @property
    def off_error(self) -> Floats:
        """Return (rows, columns) the standard error of `off`, in its unit."""
        return 100 * self.error / self.asked.england if self.asked.relative else self.error

    @property
    def off(self) -> Floats:
        """Return (rows, columns) how far what was found is from England."""
        off = self.found - self.asked.england
        return 100 * off / self.asked.england if self.asked.relative else off


def judge(asked: Comparison, counts: Sequence[Floats]) -> Judged:
    """Return what the added counts of two or more runs say."""
    stacked = np.array(counts, np.float64)
    runs, total = len(stacked), stacked.sum(axis=0)
    without_one = np.array([asked.finish(total - one) for one in stacked])
    error = np.sqrt((runs - 1) * without_one.var(axis=0))
    return Judged(asked, asked.finish(total), error)


@dataclass(frozen=True)
class Verdict:
    """Whether the cells of a table for which one limit was set are near enough.

    largest, where : the largest difference, and its row and column.
    error          : the largest standard error of these cells; `sure` if all are as small as was asked.
    met            : no difference is above the limit.
    """

    asked: Comparison
    limit: float
    largest: float
    where: str
    error: float
    sure: bool
    met: bool

    @property
    def near(self) -> str:
        """Return the largest difference in words."""
        return f"{self.largest:.{max(self.asked.places, 1)}f}{_unit(self.asked)} ({self.where})"

    @property
    def wanted(self) -> str:
        """Return the limit in words."""
        unit = _unit(self.asked)
        return f"{self.limit:g}{unit.removesuffix('s') if self.limit == 1 else unit}"


def verdicts(judged: Judged) -> tuple[Verdict, ...]:
    """Return one verdict for each limit that was set; none where none was."""
    off = np.abs(judged.off)
    within = np.where(np.isnan(off), np.nan, np.broadcast_to(judged.asked.within, off.shape))
    return tuple(_verdict(judged, np.where(within == limit, off, np.nan)) for limit in _limits(within))


def _limits(within: Floats) -> list[float]:
    return [float(limit) for limit in np.unique(within[~np.isnan(within)])]


def _verdict(judged: Judged, off: Floats) -> Verdict:
    """Return the verdict on the cells whose difference is given; the others are NaN."""
    here = ~np.isnan(off)
    limit = float(np.broadcast_to(judged.asked.within, off.shape)[here][0])
    enough = np.broadcast_to(judged.asked.error, off.shape)[here]
    error = judged.off_error[here]
    largest, where = _largest(judged, off)
    sure, met = bool((error <= enough).all()), bool(largest <= limit)
    return Verdict(judged.asked, limit, largest, where, float(error.max()), sure, met)


def in_words(judged: Judged) -> str:
    """Return how near the table is, which cell is farthest, and whether that is near enough."""
    found = verdicts(judged)
    if found:
        return " ".join(_sentence(one) for one in found)
    off = np.abs(judged.off)
    if np.isnan(off).all():
        return "Nothing is published to hold this against."
    largest, where = _largest(judged, off)
    return f"Largest difference {largest:.{max(judged.asked.places, 1)}f}{_unit(judged.asked)} ({where})."


def _sentence(one: Verdict) -> str:
    unsure = "" if one.sure else ", more than was allowed"
    return (
        f"Largest difference {one.near}, standard error at most {one.error:.2g}{unsure}; "
        f"asked for {one.wanted}: **{'met' if one.met else 'missed'}**."
    )


def _largest(judged: Judged, off: Floats) -> tuple[float, str]:
    """Return the largest difference and where it is."""
    row, column = np.unravel_index(int(np.nanargmax(off)), off.shape)
    return float(off[row, column]), f"{judged.asked.rows[row]}, {judged.asked.columns[column]}"


def _unit(asked: Comparison) -> str:
    if asked.relative:
        return "% of England's"
    return " points" if asked.per_cent else ""


def markdown(judged: Judged) -> str:
    """Return the table: every figure with its standard error, and England's in brackets."""
    asked = judged.asked
    lines = ["| | " + " | ".join(asked.columns) + " |", "|---" * (1 + len(asked.columns)) + "|"]
    for row, name in enumerate(asked.rows):
        cells = [_cell(judged, row, column) for column in range(len(asked.columns))]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(judged: Judged, row: int, column: int) -> str:
    found, england = judged.found[row, column], judged.asked.england[row, column]
    if np.isnan(found):
        return ""
    places = judged.asked.places
    text = f"{found:.{places}f} ± {judged.error[row, column]:.{places + 1}f}"
    return text if np.isnan(england) else f"{text} ({england:.{places}f})"
