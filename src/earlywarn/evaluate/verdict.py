"""What the contest says, in words: the sentences that a report opens with.

A gain is claimed only where the lower limit of its 95% interval is above 0; otherwise the
sentence says that none could be shown, and the smallest that these data would have shown.
"""

from collections.abc import Mapping, Sequence

from earlywarn.evaluate.compare import EVERYONE, MODEL, Contest
from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.intervals import Gain
from earlywarn.phrases import lowered

AMONG = {
    "everyone": "everyone",
    "onset": "those below the line so far",
    "already": "those at or above the line already",
}


def verdict(
    contest: Contest, words: Mapping[str, str], rules: Sequence[str], people: str, happened: str
) -> tuple[str, ...]:
    """Return the headline: a simple rule that is not beaten comes first, then what the surveys add, then places.

    words : what each contender is, in words.
    rules : the names of the simple rules among the contenders.
    people, happened : "pupils" or "staff", and what those with the outcome did.
    """
    chosen = [population for population in (EVERYONE, "onset") if population in contest.measures]
    best = {population: best_rule(contest, population, rules) for population in chosen}
    sentences = [
        _against(contest, population, rule, words[rule]) for population, rule in best.items() if rule is not None
    ]
    sentences.sort(key=lambda sentence: sentence.startswith("Among") and "is ahead" in sentence)
    surveys = [_surveys(contest, population) for population in chosen]
    lists = [population for population in ("onset", "already") if population in contest.measures] or [EVERYONE]
    return (
        *sentences,
        *filter(None, surveys),
        *filter(None, (_places(contest, name, people, happened) for name in lists)),
    )


def best_rule(contest: Contest, population: str, rules: Sequence[str]) -> str | None:
    """Return the simple rule that ranks a population best; the first of equal ones."""
    ranked = [
        (contest.measures[population][rule]["auc"].value, rule)
        for rule in rules
        if rule in contest.measures[population]
    ]
    known = [(value, rule) for value, rule in ranked if value is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def _against(contest: Contest, population: str, rule: str, words: str) -> str:
    ours = contest.measures[population][MODEL]["auc"]
    theirs = contest.measures[population][rule]["auc"]
    gain = contest.gains[population][rule]["auc"]
    heads = f"Among {AMONG[population]}"
    rule_words = f"the best simple rule ({lowered(words)})"
    numbers = f"AUC {_number(ours)} against {_number(theirs)}, {_difference(gain)}"
    if gain.claimed:
        return f"{heads}, the model is ahead of {rule_words}: {numbers}."
    return f"{heads}, no gain of the model over {rule_words} could be shown: {numbers}{_smallest(gain)}."


def _surveys(contest: Contest, population: str) -> str | None:
    gain = contest.gains[population].get("without_surveys", {}).get("auc")
    if gain is None:
        return None
    if gain.claimed:
        return f"Among {AMONG[population]}, the surveys add to what the register says: AUC {_difference(gain)}."
    return (
        f"Among {AMONG[population]}, no gain from the surveys could be shown: AUC {_difference(gain)}{_smallest(gain)}."
    )


def _places(contest: Contest, population: str, people: str, happened: str) -> str | None:
    model = contest.measures[population][MODEL]
    found, missed, listed = model["people_found"], model["people_missed"], model["listed"]
    if found.value is None or listed.value is None or missed.value is None or not listed.value:
        return None
    among = "" if population == EVERYONE else f", {AMONG[population]}"
    sure = "" if found.low is None or found.high is None else f" (95% interval {found.low:,.0f} to {found.high:,.0f})"
    return (
        f"Of the {listed.value:,.0f} {people} on the lists of the test dates{among}, "
        f"{found.value:,.0f}{sure} {happened}; {missed.value:,.0f} others did and were not listed."
    )


def _difference(gain: Gain) -> str:
    if gain.value is None:
        return "a difference that cannot be estimated"
    if gain.low is None or gain.high is None:
        return f"a difference of {gain.value:+.3f} (its interval cannot be estimated)"
    return f"a difference of {gain.value:+.3f} (95% interval {gain.low:+.3f} to {gain.high:+.3f})"


def _smallest(gain: Gain) -> str:
    if gain.smallest_shown is None:
        return ""
    return f"; the smallest gain that these data would have shown four times in five is {gain.smallest_shown:.3f}"


def _number(estimate: Estimate) -> str:
    return "not estimable" if estimate.value is None else f"{estimate.value:.3f}"
