"""What a list of its real length finds, whom it misses, and how long before the line is crossed.

In:  `lists`, `populations` and `lead_time` of a training run.
Out: a card a list, and how early each is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.report import svg
from earlywarn.report.charts import Chart, Dot, dot_chart, share_bars
from earlywarn.report.words import counted, interval_words, known, number, with_interval

LISTS: Mapping[str, str] = {
    "onset": "May cross the line",
    "already": "Already over the line",
    "everyone": "One list of everyone",
}


@dataclass(frozen=True)
class LeadTime:
    """How many school weeks a list is ahead of the day on which the line is crossed."""

    title: str
    words: str
    chart: Chart


@dataclass(frozen=True)
class ListCard:
    """One list at its real length: whom it finds and whom it misses."""

    title: str
    words: str
    chart: Chart


def list_cards(facts: Mapping[str, Any]) -> tuple[ListCard, ...]:
    """Return a card for each list that the run measured."""
    lists: Mapping[str, Any] = facts.get("lists") or {}
    people = facts.get("people", "people")
    return tuple(
        ListCard(title, _found_words(lists[key], people), _found_chart(facts["populations"][key]["model"]))
        for key, title in LISTS.items()
        if lists.get(key) and facts["populations"].get(key)
    )


def _found_words(one: Mapping[str, Any], people: str) -> str:
    """Return what a list finds, as a sentence."""
    listed, missed, found = (
        number(value, "count") for value in (one.get("listed"), one.get("missed"), one["found"].get("value"))
    )
    sure = interval_words(one["found"], "count")
    return (
        f"See {listed} {people}: {found} of them had the outcome{f', {sure}' if sure else ''}; you would miss {missed}."
    )


def _found_chart(measures: Mapping[str, Any]) -> Chart:
    shown = {"precision": "Of those listed, had the outcome", "recall": "Of those with the outcome, were listed"}
    dots = []
    for key, label in shown.items():
        estimate = measures.get(key) or {}
        value, low, high = (known(estimate.get(part)) for part in ("value", "low", "high"))
        dots.append(Dot(label, value, low, high, with_interval(estimate, "share"), class_="model"))
    return dot_chart("", "", dots, axis=svg.WHOLE)


def lead_times(facts: Mapping[str, Any]) -> tuple[LeadTime, ...]:
    """Return how early each list is, where the run could tell."""
    ahead: Mapping[str, Any] = facts.get("lead_time") or {}
    return tuple(_lead_time(title, ahead[key]) for key, title in LISTS.items() if ahead.get(key))


def _lead_time(title: str, ahead: Mapping[str, Any]) -> LeadTime:
    steps = [
        (f"{counted(int(step['weeks']), 'school week', 'school weeks')} or more", "", float(step["share"]))
        for step in ahead.get("found_at_least") or ()
        if known(step.get("share")) is not None
    ]
    return LeadTime(title, ahead["words"], share_bars("", "", steps, whole=True))
