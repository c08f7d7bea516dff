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


def brier_parts(outcome: Outcome, risk: Risk, weight: Weight) -> tuple[float, float, float]:
    """Reliability, resolution and uncertainty as Murphy gives them, one term for each distinct risk."""
    rows = [(y, r, w) for y, r, w in zip(outcome, risk, weight, strict=True) if w]
    everyone = sum(w for _, _, w in rows)
    rate = sum(w for y, _, w in rows if y) / everyone
    reliability = resolution = 0.0
    for one in {r for _, r, _ in rows}:
        people = sum(w for _, r, w in rows if r == one)
        share = sum(w for y, r, w in rows if r == one and y) / people
        reliability += people * (one - share) ** 2 / everyone
        resolution += people * (share - rate) ** 2 / everyone
    return reliability, resolution, rate * (1 - rate)


def jaccard(ours: Sequence[float], theirs: Sequence[float], weight: Weight) -> float:
    """What two lists have in common, over what they span."""
    both = sum(w * min(a, b) for a, b, w in zip(ours, theirs, weight, strict=True))
    either = sum(w * max(a, b) for a, b, w in zip(ours, theirs, weight, strict=True))
    return both / either if either else math.nan
