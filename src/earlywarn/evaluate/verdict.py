"""What the contest says, in words: the sentences that a report opens with.

Whatever is simple and not beaten comes first: the rules, the school's average, logistic regression and last term's
champion. A gain is claimed only where the lower limit of its 95% interval is above 0; otherwise the
sentence says that none could be shown, and the smallest that these data would have shown.
"""

from collections.abc import Mapping, Sequence

from earlywarn.evaluate.compare import EVERYONE, MODEL, Contest
from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.intervals import Gain
from earlywarn.phrases import lowered

# Contenders beside the rules that a model must beat to be worth having.
SIMPLE = ("logistic", "champion")
AMONG = {
    "everyone": "everyone",
    "onset": "those below the line so far",
    "already": "those at or above the line already",
}


def verdict(
    contest: Contest, words: Mapping[str, str], rules: Sequence[str], people: str, happened: str
) -> tuple[str, ...]:
    """Return the headline: simple contenders that are not beaten come first, then what the surveys add, then places.

    words : what each contender is, in words.
    rules : the names of the simple rules among the contenders; logistic regression and last term's champion,
            where they take part, count as simple beside them.
    people, happened : "pupils" or "staff", and what those with the outcome did.
    """
    chosen = [population for population in (EVERYONE, "onset") if population in contest.measures]
    lists = [population for population in ("onset", "already") if population in contest.measures] or [EVERYONE]
    sentences = (
        *(_not_beaten(contest, population, words, rules) for population in chosen),
        *(_ahead(contest, population, words, rules) for population in chosen),
        *(_surveys(contest, population) for population in chosen),
        *(places_words(contest, population, people, happened) for population in lists),
    )
    return tuple(sentence for sentence in sentences if sentence)


def best_rule(contest: Contest, population: str, rules: Sequence[str]) -> str | None:
    """Return the simple rule that ranks a population best; the first of equal ones."""
    ranked = [
        (contest.measures[population][rule]["auc"].value, rule)
        for rule in rules
        if rule in contest.measures[population]
    ]
    known = [(value, rule) for value, rule in ranked if value is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def _not_beaten(contest: Contest, population: str, words: Mapping[str, str], rules: Sequence[str]) -> str | None:
    """Return which simple contenders the model is not shown to beat, the strongest of them with its numbers."""
    measures, gains = contest.measures[population], contest.gains[population]
    simple = [name for name in (*rules, *SIMPLE) if name in gains and measures[name]["auc"].value is not None]
    unbeaten = [name for name in simple if not gains[name]["auc"].claimed]
    if not unbeaten:
        return None
    unbeaten.sort(key=lambda name: -(measures[name]["auc"].value or 0.0))
    first, *others = unbeaten
    gain, best = gains[first]["auc"], best_rule(contest, population, rules)
    theirs = {name: _named(name, words[name], rules, best) for name in unbeaten}
    numbers = _numbers(contest, population, first)
    worse = gain.high is not None and gain.high < 0
    said = (
        f"Among {AMONG[population]}, the model does worse than {theirs[first]}: {numbers}."
        if worse
        else f"Among {AMONG[population]}, no gain of the model over {theirs[first]} could be shown: "
        f"{numbers}{_smallest(gain)}."
    )
    if not others:
        return said
    also = [f"{theirs[name]} ({_number(measures[name]['auc'])})" for name in others]
    return f"{said} Nor could one be shown over {_either(also)}."


def _ahead(contest: Contest, population: str, words: Mapping[str, str], rules: Sequence[str]) -> str | None:
    """Return by how much the model is ahead of the best simple rule, if it is."""
    best = best_rule(contest, population, rules)
    if best is None or not contest.gains[population][best]["auc"].claimed:
        return None
    named = _named(best, words[best], rules, best)
    return f"Among {AMONG[population]}, the model is ahead of {named}: {_numbers(contest, population, best)}."


def _named(name: str, words: str, rules: Sequence[str], best: str | None) -> str:
    if name not in rules:
        return lowered(words)
    return f"the {'best ' if name == best else ''}simple rule ({lowered(words)})"


def _numbers(contest: Contest, population: str, name: str) -> str:
    ours, theirs = (contest.measures[population][who]["auc"] for who in (MODEL, name))
    gain = contest.gains[population][name]["auc"]
    return f"AUC {_number(ours)} against {_number(theirs)}, {_difference(gain)}"


def _surveys(contest: Contest, population: str) -> str | None:
    gain = contest.gains[population].get("without_surveys", {}).get("auc")
    if gain is None:
        return None
    if gain.claimed:
        return f"Among {AMONG[population]}, the surveys add to what the register says: AUC {_difference(gain)}."
    return (
        f"Among {AMONG[population]}, no gain from the surveys could be shown: AUC {_difference(gain)}{_smallest(gain)}."
    )


def places_words(contest: Contest, population: str, people: str, happened: str) -> str | None:
    """Return what visiting everyone on the model's lists would have reached, and whom it would have passed by."""
    model = contest.measures[population][MODEL]
    found, missed, listed = model["people_found"], model["people_missed"], model["listed"]
    if found.value is None or listed.value is None or missed.value is None or not listed.value:
        return None
    among = "" if population == EVERYONE else f", {AMONG[population]},"
    sure = "" if found.low is None or found.high is None else f" (95% interval {found.low:,.0f} to {found.high:,.0f})"
    visit = "Talking to" if people == "staff" else "Visiting the families of"
    return (
        f"{visit} the {listed.value:,.0f} {people} on the lists of the test dates{among} would have reached "
        f"{found.value:,.0f}{sure} who {happened}, and passed by {missed.value:,.0f} others who did."
    )


def _either(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


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
