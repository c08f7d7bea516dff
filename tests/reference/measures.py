"""The measures once more, as a reader would work them out by hand: slow, plain, one row at a time."""

import math
from collections.abc import Sequence

Outcome = Sequence[bool]
Risk = Sequence[float]
Weight = Sequence[float]


def auc(outcome: Outcome, risk: Risk, weight: Weight) -> float:
    right = pairs = 0.0
    for had, high, one in zip(outcome, risk, weight, strict=True):
        for has, low, other in zip(outcome, risk, weight, strict=True):
            if had and not has:
                pairs += one * other
                right += one * other * ((high > low) + 0.5 * (high == low))
    return right / pairs if pairs else math.nan


def within_school_auc(outcome: Outcome, risk: Risk, school: Sequence[int], weight: Weight) -> float:
    right = pairs = 0.0
    for had, high, here, one in zip(outcome, risk, school, weight, strict=True):
        for has, low, there, other in zip(outcome, risk, school, weight, strict=True):
            if had and not has and here == there:
                pairs += one * other
                right += one * other * ((high > low) + 0.5 * (high == low))
    return right / pairs if pairs else math.nan


def average_precision(outcome: Outcome, risk: Risk, weight: Weight) -> float:
    total = reached = 0.0
    for had, threshold, own in zip(outcome, risk, weight, strict=True):
        if had and own:
            listed = [(w, y) for y, r, w in zip(outcome, risk, weight, strict=True) if r >= threshold]
            total += own * sum(w for w, y in listed if y) / sum(w for w, _ in listed)
            reached += own
    return total / reached if reached else math.nan


def listing(risk: Risk, school: Sequence[int], places: Sequence[int]) -> list[float]:
    """Each person's chance of a place when ties are broken at random."""
    shares = []
    for own, here, seats in zip(risk, school, places, strict=True):
        others = [r for r, s in zip(risk, school, strict=True) if s == here]
        ahead, tied = sum(r > own for r in others), sum(r == own for r in others)
        shares.append(min(max((seats - ahead) / tied, 0.0), 1.0))
    return shares
