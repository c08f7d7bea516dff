"""One recommendation, by a small table of rules that is read from the top: the first that holds decides.

In:  what was found of the challenger and, where a model is in use, of both on the same new dates (`Found`).
Out: `Recommendation`: promote, hold, or look at this first, with the reasons and every rule's answer.

It recommends; a person decides (`earlywarn promote`). A difference counts where its 95% interval lies on one side of 0.
What is as good is promoted because it is fresher: the challenger in use has learnt from the new dates as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from earlywarn.evaluate.verdict import AMONG

Says = Literal["promote", "hold", "look at this first"]
Gains = Mapping[str, Mapping[str, Mapping[str, Any]]]

# By how much less the challenger may rank, at worst, and still count as good: of 100 pairs of one person with and one
# without the outcome, one more in the wrong order. The project's own choice.
MARGIN = 0.01
JUDGED = (("everyone", "auc"), ("everyone", "recall"), ("onset", "auc"))
_CALLED = {"auc": "AUC", "recall": "share of those with the outcome who are listed"}


@dataclass(frozen=True)
class Found:
    """What the rules look at; words are sentences, and empty where there is nothing to say.

    in_use       : whether a model is in use.
    nothing_new  : why nothing can be compared: no date that the model in use could not have seen.
    not_compared : why the model in use cannot be compared at all.
    limits       : limits of the config that are not met, or cannot be told.
    too_good     : what may know the outcome.
    worse_groups : groups that are found less often than by the model in use, beyond chance.
    moved        : another way of asking or recording since the version in use was made; risks that did not come true.
    gains        : population -> measure -> gain over the model in use, above 0 where the challenger is better.
    no_gain_over_rules : that no gain over the best simple rule could be shown, where no model is in use.
    fresher      : up to when each version has learnt.
    """

    in_use: bool
    nothing_new: str = ""
    not_compared: str = ""
    limits: tuple[str, ...] = ()
    too_good: tuple[str, ...] = ()
    worse_groups: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    gains: Gains | None = None
    no_gain_over_rules: str = ""
    fresher: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule of the table: what it asks, what it says where it holds, and why it does; it holds if there is a why."""

    asks: str
    says: Says
    because: tuple[str, ...]


@dataclass(frozen=True)
class Recommendation:
    """What is recommended, why, and every rule in the order in which it was asked.

    in_short : why to promote it, in a few words for the log; "" where that is not recommended.
    """

    says: Says
    reasons: tuple[str, ...]
    rules: tuple[Rule, ...]
    in_short: str


def recommend(found: Found) -> Recommendation:
    """Return what the first rule that holds says; the reasons are those of every rule that says the same."""
    rules = _rules(found)
    says = next(rule.says for rule in rules if rule.because)
    reasons = tuple(why for rule in rules if rule.says == says for why in rule.because)
    return Recommendation(says, reasons, rules, _in_short(found) if says == "promote" else "")


def _in_short(found: Found) -> str:
    if not found.in_use:
        return "the first version; ahead of the best simple rule"
    if any(gain["claimed"] for _, _, gain in _judged(found.gains)):
        return "better than the version in use on the same new dates"
    return "as good as the version in use on the same new dates, and fresher"


def _rules(found: Found) -> tuple[Rule, ...]:
    """Return the table; its last rule always holds."""
    return (
        Rule("Has no date closed that the model in use could not have seen?", "hold", _one(found.nothing_new)),
        Rule("Can it not be compared with the model in use?", "look at this first", _one(found.not_compared)),
        Rule("Is a limit of the config not met, or not known to be met?", "look at this first", found.limits),
        Rule("Is something too good to be true?", "look at this first", found.too_good),
        Rule("Is a group found less often than before, beyond chance?", "look at this first", found.worse_groups),
        Rule(
            "Was something asked or recorded otherwise, or did risks not come true?", "look at this first", found.moved
        ),
        Rule("Is it worse, beyond chance?", "hold", _worse(found.gains)),
        Rule(f"May it be worse by more than {MARGIN:.2f} in AUC?", "hold", _maybe_worse(found.gains)),
        Rule("Is no gain over the best simple rule shown?", "hold", _one(found.no_gain_over_rules)),
        Rule("None of these?", "promote", _good(found)),
    )


def _one(sentence: str) -> tuple[str, ...]:
    return (sentence,) if sentence else ()


def _worse(gains: Gains | None) -> tuple[str, ...]:
    return tuple(
        f"It does worse among {AMONG[population]}: {_numbers(measure, gain)}."
        for population, measure, gain in _judged(gains)
        if gain["high"] is not None and gain["high"] < 0
    )


def _maybe_worse(gains: Gains | None) -> tuple[str, ...]:
    return tuple(
        f"It cannot be shown to be as good among {AMONG[population]}: {_numbers(measure, gain)}."
        for population, measure, gain in _judged(gains)
        if measure == "auc" and not _as_good(gain)
    )


def _as_good(gain: Mapping[str, Any]) -> bool:
    """Tell whether it is worse by at most the margin, for sure; two models that score alike have no interval."""
    lowest = gain["value"] if gain["low"] is None else gain["low"]
    return lowest is not None and lowest >= -MARGIN


def _good(found: Found) -> tuple[str, ...]:
    if not found.in_use:
        return ("No model is in use yet; this one keeps its limits and is ahead of the best simple rule.",)
    better = tuple(
        f"It is better among {AMONG[population]}: {_numbers(measure, gain)}."
        for population, measure, gain in _judged(found.gains)
        if gain["claimed"]
    )
    as_good = f"It is as good: {_all_numbers(found.gains)}."
    return (*(better or (as_good,)), found.fresher)


def _all_numbers(gains: Gains | None) -> str:
    return "; ".join(
        f"{_numbers(measure, gain)}, among {AMONG[population]}"
        for population, measure, gain in _judged(gains)
        if measure == "auc"
    )


def _judged(gains: Gains | None) -> Sequence[tuple[str, str, Mapping[str, Any]]]:
    """Return the gains that are judged, as far as the model has such a population."""
    there = gains or {}
    return [(population, measure, there[population][measure]) for population, measure in JUDGED if population in there]


def _numbers(measure: str, gain: Mapping[str, Any]) -> str:
    if gain["value"] is None:
        return f"the difference in {_CALLED[measure]} cannot be estimated"
    value, low, high = (None if gain[part] is None else _signed(gain[part]) for part in ("value", "low", "high"))
    interval = "" if low is None else f" (95% interval {low} to {high})"
    return f"a difference in {_CALLED[measure]} of {value}{interval}"


def _signed(value: float) -> str:
    """Return a number with its sign, and no minus before nothing.

    >>> _signed(-0.0001), _signed(-0.012)
    ('+0.000', '-0.012')
    """
    return f"{round(value, 3) + 0.0:+.3f}"
