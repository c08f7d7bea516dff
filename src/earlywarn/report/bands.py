"""What a band of likelihood means in one school: its own pupils, counted.

In:  everyone scored at the school, with calibrated risks.
Out: for each band how many pupils, how many of them listed, and how many the risks add up to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from earlywarn.report.pupil import Pupil
from earlywarn.report.words import percent
from earlywarn.score.lists import BANDS


@dataclass(frozen=True)
class BandRow:
    """One band: its pupils, those of them on a list, and the sum of their risks in words."""

    name: str
    range: str
    pupils: int
    listed: int
    expected: str


@dataclass(frozen=True)
class BandsShown:
    """The bands that have pupils, highest first, and what lists as long as these leave out."""

    rows: tuple[BandRow, ...]
    says: str


def bands_of(pupils: Sequence[Pupil], outcome_words: str) -> BandsShown:
    """Return a school's bands, and how many of those expected to have the outcome stand on its lists."""
    tops = [None, *(low for _, low in BANDS)]
    rows = [
        _row(name, _range(low, top), members)
        for (name, low), top in zip(BANDS, tops, strict=False)
        if (members := [pupil for pupil in pupils if pupil.band == name])
    ]
    return BandsShown(tuple(rows), _reach(pupils, outcome_words))


def _row(name: str, between: str, members: Sequence[Pupil]) -> BandRow:
    return BandRow(name, between, len(members), sum(pupil.listed for pupil in members), _expected(members))


def _range(low: float, top: float | None) -> str:
    if top is None:
        return f"{percent(low)} or more"
    return f"{percent(low)} to under {percent(top)}" if low else f"under {percent(top)}"


def _expected(members: Sequence[Pupil]) -> str:
    """Return a sum of risks as a number of people."""
    return _about(sum(pupil.risk for pupil in members))


def _about(people: float) -> str:
    return f"about {people:,.0f}" if people >= 0.5 else "hardly any"


def _reach(pupils: Sequence[Pupil], outcome_words: str) -> str:
    """Say how many with the outcome a list misses; the two parts add up to the whole."""
    whole = round(sum(pupil.risk for pupil in pupils))
    on_lists = round(sum(pupil.risk for pupil in pupils if pupil.listed))
    return (
        f"If the likelihoods are right, {_about(whole)} of these {len(pupils):,} pupils will have the outcome "
        f"({outcome_words}): {_about(on_lists)} on a list, and {_about(whole - on_lists)} on none."
    )
