"""report.html: what a training run found, in the order in which a sceptic asks.

In:  the facts of a run (`metrics.json`).
Out: one page. Verdict in words, places, contest, calibration, decision curve, groups, dates and folds, features,
     how it holds over time, limits, how it was made. Every number on it stands in the facts; parts that a run does
     not have are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.report.breakdown import breakdowns
from earlywarn.report.calibration import before_and_after
from earlywarn.report.charts import Chart, capital, share_bars
from earlywarn.report.contest import contests
from earlywarn.report.decision import decision_curves
from earlywarn.report.fold_plan import fold_plan
from earlywarn.report.helped import helped
from earlywarn.report.made import made_lines, pins, settings
from earlywarn.report.over_time import between, drift, fresher
from earlywarn.report.page import render
from earlywarn.report.places import lead_times, list_cards
from earlywarn.report.ways import ways_chart
from earlywarn.report.words import number


@dataclass(frozen=True)
class FeatureFacts:
    """What the model looks at, and what it had to do without."""

    used: str
    themes: Chart | None
    importance: Chart | None
    ways: Chart | None
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
        lists=list_cards(facts),
        early=lead_times(facts),
        contests=contests(facts),
        interval_words=(facts.get("intervals") or {}).get("words", ""),
        before_and_after=before_and_after(facts),
        calibrated=breakdowns(facts, "observed_over_expected", ("school", "year_group", "phase", "role")),
        decisions=decision_curves(facts),
        groups=breakdowns(facts, "auc"),
        plan=fold_plan(facts.get("dates") or (), facts.get("plan") or {}),
        features=_features(facts.get("features") or {}),
        helped=helped(facts),
        drift=drift(facts),
        fresher=fresher(facts),
        between=between(facts),
        notes=list(facts.get("notes") or ()),
        labels_empty=[(why, number(n, "count")) for why, n in (facts.get("labels_empty") or {}).items()],
        made=made_lines(facts),
        pins=pins(facts),
        settings=settings(facts),
    )


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
        ways_chart(features.get("ways") or ()),
        tuple((one["name"], one["why"]) for one in features.get("dropped") or ()),
        tuple(features.get("absent_blocks") or ()),
    )
