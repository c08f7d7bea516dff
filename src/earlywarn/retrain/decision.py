"""The decision of a term as plain data: what `decision.json` holds and its page shows.

In:  the challenger's bundle, the champion and, where both can be compared, their `Pair`.
Out: a mapping that may be shared: small numbers are hidden, and nobody is named.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from earlywarn import __version__
from earlywarn.audit.words import phrase_of
from earlywarn.bundle.champion import Champion
from earlywarn.bundle.decisions import champion as version_in_use
from earlywarn.bundle.decisions import limits_not_met
from earlywarn.bundle.read import Bundle, read_version
from earlywarn.errors import BundleError
from earlywarn.evaluate.ground import EVERYONE
from earlywarn.phrases import PEOPLE, happened, lowered
from earlywarn.retrain.recommend import Found, Recommendation, recommend
from earlywarn.retrain.where import SCHOOL

FORMAT = 1
DECISION, PAGE = "decision.json", "decision.html"
# A quarter more, or a fifth fewer, with the outcome than were expected: lists still rank, but risks mislead. The
# project's own choice.
CAME_TRUE = (0.80, 1.25)

Facts = dict[str, Any]


def decide(key: str, challenger: Bundle, champion: Champion, in_use: Bundle | None, found: Mapping[str, Any]) -> Facts:
    """Return the decision about a challenger.

    in_use : the champion's bundle, where there is one that can be read.
    found  : `comparison`, `where`, `moves` and `moved` (in words, what was asked or recorded otherwise
             since the version in use was made) where both could be compared, else empty.
    """
    limits = limits_not_met(challenger)
    rule, no_gain = _beside_rules(challenger)
    looked_at = Found(
        in_use=champion.version is not None,
        not_compared=_cannot(champion, found),
        limits=limits,
        too_good=tuple(challenger.metrics.get("warnings") or ()),
        worse_groups=_worse_groups(found.get("where") or (), PEOPLE[challenger.manifest.population]),
        moved=(*(found.get("moved") or ()), *_untrue(challenger)),
        gains=(found.get("comparison") or {}).get("gains"),
        no_gain_over_rules="" if champion.version is not None else no_gain,
        fresher=_fresher(challenger, in_use),
    )
    said = recommend(looked_at)
    facts = _facts(key, challenger, challenger, in_use, champion.version, said)
    promote = _promote_line(challenger, said, limits)
    return {**facts, **found, "rule": rule, "limits_not_met": list(limits), "promote": promote}


def nothing_new(key: str, in_use: Bundle) -> Facts:
    """Return the decision where no date has closed that the model in use could not have seen."""
    last = max(in_use.manifest.trained)
    why = (
        f"The model in use was fitted on dates up to {last}, and no date has closed since whose outcomes it could not "
        "have seen: a new version could not be held against it. It stays until one has."
    )
    said = recommend(Found(in_use=True, nothing_new=why))
    return _facts(key, in_use, None, in_use, in_use.manifest.version, said)


def kept_decision(folder: Path, key: str, models: Path) -> Facts | None:
    """Return the decision that was made of the same, while the same model is in use and its bundles are whole."""
    try:
        facts: Facts = json.loads((folder / DECISION).read_text(encoding="utf-8"))
        if facts["key"] != key or _version(facts["champion"]) != version_in_use(models, facts["name"]):
            return None
        for one in filter(None, (facts["champion"], facts["challenger"])):
            if one["digest"] and read_version(models, facts["name"], one["version"]).manifest.digest != one["digest"]:
                return None
    except (OSError, ValueError, KeyError, TypeError, BundleError):
        return None
    return facts


def _version(one: Mapping[str, Any] | None) -> int | None:
    return None if one is None else one["version"]


def _facts(
    key: str, about: Bundle, challenger: Bundle | None, in_use: Bundle | None, version: int | None, said: Recommendation
) -> Facts:
    """Return what every decision says."""
    outcome, population = about.manifest.outcome, about.manifest.population
    return {
        "format": FORMAT,
        "key": key,
        "name": about.manifest.name,
        "people": PEOPLE[population],
        "outcome_words": happened(outcome),
        "challenger": None if challenger is None else _of(challenger),
        "champion": _of(in_use) if in_use else None if version is None else {"version": version, "digest": ""},
        "recommendation": {
            "says": said.says,
            "reasons": list(said.reasons),
            "rules": [{**asdict(rule), "because": list(rule.because)} for rule in said.rules],
        },
        "earlywarn": __version__,
    }


def _of(bundle: Bundle) -> Facts:
    about = bundle.manifest
    days = {"trained": about.trained, "tested": about.tested}
    return {
        "version": about.version,
        "digest": about.digest,
        "data_to": str(about.data.today),
        **{name: [str(day) for day in each] for name, each in days.items()},
    }


def _cannot(champion: Champion, found: Mapping[str, Any]) -> str:
    if champion.version is None or found.get("comparison"):
        return ""
    return champion.why_not.replace("takes no part in the contest", "cannot be compared")


def _beside_rules(bundle: Bundle) -> tuple[Facts | None, str]:
    """Return the best simple rule with the challenger's gain over it, and the sentence where none is shown."""
    metrics = bundle.metrics
    measured, gains = (metrics[part][EVERYONE] for part in ("populations", "gains"))
    known = [name for name in metrics["rules"] if measured.get(name, {}).get("auc", {}).get("value") is not None]
    if not known:
        return None, "There is no simple rule to hold it against."
    best = max(known, key=lambda name: measured[name]["auc"]["value"])
    gain, words = gains[best]["auc"], metrics["contenders"][best]
    rule = {"words": words, "auc": measured[best]["auc"], "model": measured["model"]["auc"], "gain": gain}
    no_gain = f"No gain over the best simple rule ({lowered(words)}) could be shown: a school needs no model for that."
    return rule, "" if gain["claimed"] else no_gain


def _worse_groups(rows: Sequence[Mapping[str, Any]], people: str) -> tuple[str, ...]:
    return tuple(
        f"{_named(people, row)}: it finds {round(100 * row['challenger'])} in 100 of those with the outcome, "
        f"the model in use {round(100 * row['champion'])}."
        for row in rows
        if row["shown"] == "worse"
    )


def _named(people: str, row: Mapping[str, Any]) -> str:
    if row["kind"] == SCHOOL:
        return f"School {row['group']}"
    return f"{people.capitalize()} {phrase_of(row['kind'], row['group'])}"


def _untrue(challenger: Bundle) -> tuple[str, ...]:
    """Return that risks did not come true on the test dates, where they were too high or too low beyond chance.

    One test date says nothing of it: a wave of illness makes its risks too low, and passes.
    """
    came = challenger.metrics["populations"][EVERYONE]["model"].get("observed_over_expected") or {}
    low, high = came.get("low"), came.get("high")
    if len(challenger.manifest.tested) < 2 or low is None or high is None:
        return ()
    if CAME_TRUE[0] <= high and low <= CAME_TRUE[1]:
        return ()
    had = round(100 * came["value"])
    return (f"For each 100 whom the new version expected to have the outcome on its test dates, {had} had it.",)


def _fresher(challenger: Bundle, in_use: Bundle | None) -> str:
    if in_use is None:
        return ""
    ours, theirs = max(challenger.manifest.trained), max(in_use.manifest.trained)
    return f"It is fresher: it has learnt from dates up to {ours}, the model in use from dates up to {theirs}."


def _promote_line(challenger: Bundle, said: Recommendation, limits: Sequence[str]) -> str:
    """Return the command that makes the challenger the model in use, with what a person must fill in."""
    about = challenger.manifest
    because = said.in_short or "WHY, IN YOUR WORDS"
    words = ["earlywarn", "promote", about.name, str(about.version), "--by", "YOUR NAME", "--because", because]
    if limits:
        words += ["--override", "WHY THE LIMITS DO NOT COUNT"]
    return shlex.join(words)
