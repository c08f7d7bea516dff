"""Why England's pupils were absent, 2025/26: each code's share of absence and of possible sessions.

In:  `reasons.csv`, sessions by code and phase.
Out: shares. C1 and C2, new in August 2024, are counted with C, which such absences were called before.
     J1 stands apart: what it names was no absence then. Source and licence: `SOURCES.md`.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from earlywarn.simulate.england.bands import Phase

COMMON = 0.0005  # share of possible sessions from which a code is held against a simulation
PREDECESSOR = {"C1": "C", "C2": "C"}


def code_shares(phase: Phase) -> dict[str, float]:
    """Return each code's share of all absent sessions of a phase; the shares add up to 1.

    >>> round(code_shares("primary")["I"], 3), round(code_shares("secondary")["O"], 3)
    (0.528, 0.307)
    """
    sessions = _sessions(phase)
    return {code: count / sessions["absent"] for code, count in _folded(sessions).items()}


def code_rates(phase: Phase) -> dict[str, float]:
    """Return each code's share of all possible sessions of a phase."""
    sessions = _sessions(phase)
    return {code: count / sessions["possible"] for code, count in _folded(sessions).items()}


def common_codes(phase: Phase) -> tuple[str, ...]:
    """Return the codes given to 0.05% of possible sessions or more, the most common first.

    >>> common_codes("primary")
    ('I', 'O', 'C', 'G', 'M', 'U', 'R')
    """
    rates = code_rates(phase)
    return tuple(sorted((code for code in rates if rates[code] >= COMMON), key=lambda code: -rates[code]))


@cache
def _sessions(phase: Phase) -> Mapping[str, int]:
    """Return sessions by code, with "possible" and "absent" among them."""
    text = resources.files("earlywarn.simulate.england").joinpath("reasons.csv").read_text(encoding="utf-8")
    return {row["code"]: int(row[phase]) for row in csv.DictReader(text.splitlines())}


def _folded(sessions: Mapping[str, int]) -> dict[str, int]:
    """Return sessions by code alone, a new code's added to its predecessor's."""
    folded: dict[str, int] = {}
    for code, count in sessions.items():
        if code not in ("possible", "absent"):
            old = PREDECESSOR.get(code, code)
            folded[old] = folded.get(old, 0) + count
    return folded
