"""report.html: what a training run found, in the order in which a sceptic asks.

In:  the facts of a run (`metrics.json`).
Out: one page. Verdict in words, places, contest, calibration, dates, features, limits, how it was made.
Every number on it stands in the facts; parts that a run does not have are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.report import svg
from earlywarn.report.charts import Chart, Dot, capital, dot_chart, share_bars
from earlywarn.report.contest import contests
from earlywarn.report.fold_plan import fold_plan
from earlywarn.report.page import render
from earlywarn.report.words import day, known, number, with_interval

LISTS: Mapping[str, str] = {
    "onset": "May cross the line",
    "already": "Already over the line",
    "everyone": "One list of everyone",
}


@dataclass(frozen=True)
class ListCard:
    """One list at its real length: whom it finds and whom it misses."""

    title: str
    words: str
    chart: Chart


@dataclass(frozen=True)
class FeatureFacts:
    """What the model looks at, and what it had to do without."""

    used: str
    themes: Chart | None
    importance: Chart | None
    dropped: tuple[tuple[str, str], ...]
    absent_blocks: tuple[str, ...]


def render_model_report(facts: Mapping[str, Any]) -> str:
    """Return the report of one training run."""
    headline = list(facts["headline"]) or ["This run has no verdict."]
    return render(
        "report.html",
        name=facts["name"],
        outcome_words=facts["outcome_words"],
        warnings=list(facts.get("warnings") or ()),
        verdict=headline[0],
        further=headline[1:],
        lists=_lists(facts),
        contests=contests(facts),
        interval_words=(facts.get("intervals") or {}).get("words", ""),
        plan=fold_plan(facts.get("dates") or ()),
        features=_features(facts.get("features") or {}),
        notes=list(facts.get("notes") or ()),
        labels_empty=[(why, number(n, "count")) for why, n in (facts.get("labels_empty") or {}).items()],
        made=_made(facts),
        settings=[(key.replace("_", " "), _plain(value)) for key, value in (facts.get("settings") or {}).items()],
    )


def _lists(facts: Mapping[str, Any]) -> tuple[ListCard, ...]:
    lists: Mapping[str, Any] = facts.get("lists") or {}
    people = facts.get("people", "people")
    return tuple(
        ListCard(title, _found_words(lists[key], people), _found_chart(facts["populations"][key]["model"]))
        for key, title in LISTS.items()
        if lists.get(key) and facts["populations"].get(key)
    )


def _found_words(one: Mapping[str, Any], people: str) -> str:
    """Return what a list finds, as a sentence."""
    listed, missed = number(one.get("listed"), "count"), number(one.get("missed"), "count")
    found = with_interval(one.get("found"), "count")
    return f"Of {listed} {people} on the list, {found} had the outcome. {missed} with the outcome were not on it."


def _found_chart(measures: Mapping[str, Any]) -> Chart:
    shown = {"precision": "Of those listed, had the outcome", "recall": "Of those with the outcome, were listed"}
    dots = []
    for key, label in shown.items():
        estimate = measures.get(key) or {}
        value, low, high = (known(estimate.get(part)) for part in ("value", "low", "high"))
        dots.append(Dot(label, value, low, high, with_interval(estimate, "share"), class_="model"))
    return dot_chart("", "", dots, axis=svg.WHOLE)


def _features(features: Mapping[str, Any]) -> FeatureFacts | None:
    if not features:
        return None
    themes = [(capital(one["theme"]), "", float(one["share"])) for one in features.get("themes") or ()]
    important = [(one["means"], one["theme"], float(one["share"])) for one in features.get("importance") or ()]
    weight = "Each bar is the share of all that moves the model's scores up or down."
    return FeatureFacts(
        number(features.get("used"), "count"),
        share_bars("By theme", weight, themes) if themes else None,
        share_bars("What weighs most", weight, important) if important else None,
        tuple((one["name"], one["why"]) for one in features.get("dropped") or ()),
        tuple(features.get("absent_blocks") or ()),
    )


def _made(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the lines of "how it was made" that the run can fill."""
    made_from: Mapping[str, Any] = facts.get("made_from") or {}
    calibration: Mapping[str, Any] = facts.get("calibration") or {}
    trials = facts.get("trials")
    lines = [
        ("Version", str(facts.get("version") or "")),
        ("Data from", day(made_from["first_day"]) if made_from.get("first_day") else ""),
        ("Data up to", day(made_from["today"]) if made_from.get("today") else ""),
        ("Schools", _count(made_from.get("schools"))),
        ("Training rows", _of(made_from, "training_rows", "training_outcomes")),
        ("Test rows", _of(made_from, "test_rows", "test_outcomes")),
        ("Calibration", ", ".join(filter(None, (calibration.get("method"), calibration.get("learnt_on"))))),
        ("Trials of settings", str(len(trials)) if trials else ""),
        ("Seed", _count(facts.get("seed"))),
    ]
    return [(label, said) for label, said in lines if said]


def _of(made_from: Mapping[str, Any], rows: str, outcomes: str) -> str:
    if made_from.get(rows) is None:
        return ""
    return f"{_count(made_from[rows])}, {_count(made_from.get(outcomes))} with the outcome"


def _count(value: object) -> str:
    return "" if value is None else number(value, "count")


def _plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
