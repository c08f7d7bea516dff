"""Help that was given inside the outcome window: what share of each list it reached, and the measures without them.

In:  `helped` and `populations` of a training run.
Out: sentences, a line a list, and rows of (among, measure, with everyone, without those helped).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.disclosure import HIDDEN
from earlywarn.phrases import list_name
from earlywarn.report.contest import POPULATIONS
from earlywarn.report.words import measure_words, with_interval

SHOWN = ("auc", "recall", "precision", "observed_over_expected")


@dataclass(frozen=True)
class Helped:
    """What the report says of help given."""

    words: tuple[str, ...]
    reached: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]


def helped(facts: Mapping[str, Any]) -> Helped | None:
    """Return the section, or None where the data tell of no help."""
    found = facts.get("helped")
    if not found:
        return None
    reached = tuple(_reached(name, one, facts["people"]) for name, one in found["reached"].items())
    return Helped(tuple(found["words"]), reached, tuple(_rows(facts, found["without"])))


def _reached(name: str, one: Mapping[str, Any], people: str) -> str:
    share, others = (_percent(one[key]) for key in ("share", "others_share"))
    return (
        f"{list_name(name)}: of the {people} on the lists of the test dates, help reached {share} inside the window; "
        f"of those not on them, {others}."
    )


def _percent(whole: int | None) -> str:
    return "a share that may not be shown" if whole is None else f"{whole}%"


def _rows(facts: Mapping[str, Any], without: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    return [
        (title, words.label, with_interval(facts["populations"][key]["model"].get(name), words.kind), _left(one, name))
        for key, (title, _) in POPULATIONS.items()
        if (one := without.get(key))
        for name in SHOWN
        for words in [measure_words(name)]
    ]


def _left(one: Mapping[str, Any], name: str) -> str:
    if one["status"] != "ok":
        return HIDDEN
    return with_interval(one["measures"][name], measure_words(name).kind)
