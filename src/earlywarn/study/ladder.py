"""A ladder of models: each rung knows all that the one below knows, and one kind of thing more.

In:  the features that the data allow.
Out: `Rung`s from the school's own records upwards. What a rung adds is what its kind of knowledge tells beyond
     everything below it: answers to a survey beyond the register, beyond who a pupil is, beyond who answers at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from earlywarn.features.feature import Feature
from earlywarn.features.survey import tells_answers, tells_participation

RECORDS, CHARACTERISTICS, PARTICIPATION = "records", "characteristics", "participation"
LEVEL, CHANGE, PARENTS, STAFF = "level", "change", "parents", "staff"
_CHANGES = ("_change", "_change_first")


@dataclass(frozen=True)
class Rung:
    """One model of the ladder.

    words : what it adds, of pupils or of staff.
    features : everything that it knows, what the rungs below know included.
    """

    name: str
    words: str
    features: tuple[Feature, ...]


def _of_parents(feature: Feature) -> bool:
    return feature.theme == "home and parents' view"


def _of_change(feature: Feature) -> bool:
    return feature.name.endswith(_CHANGES)


# What each rung adds, in this order: the name, its words, and which features are its own.
_KINDS: tuple[tuple[str, str, Callable[[Feature], bool]], ...] = (
    (
        RECORDS,
        "what the school's own records say",
        lambda one: one.block not in ("survey", "characteristics", "staff_views"),
    ),
    (CHARACTERISTICS, "who people are", lambda one: one.block == "characteristics"),
    (
        PARTICIPATION,
        "whether people answer surveys",
        lambda one: tells_participation(one) and not _of_parents(one),
    ),
    (
        LEVEL,
        "what people answered in the latest survey",
        lambda one: tells_answers(one) and not _of_parents(one) and not _of_change(one),
    ),
    (
        CHANGE,
        "how people's answers have changed",
        lambda one: tells_answers(one) and not _of_parents(one) and _of_change(one),
    ),
    (PARENTS, "what parents answered", lambda one: one.block == "survey" and _of_parents(one)),
    (STAFF, "what staff of the same school answered", lambda one: one.block == "staff_views"),
)


def ladder(features: Sequence[Feature]) -> tuple[Rung, ...]:
    """Return the rungs; a kind of which the data hold nothing has none."""
    rungs: list[Rung] = []
    known: tuple[Feature, ...] = ()
    for name, words, belongs in _KINDS:
        added = tuple(feature for feature in features if belongs(feature))
        if added:
            known += added
            rungs.append(Rung(name, words, known))
    return tuple(rungs)


def rung_of(rungs: Sequence[Rung], name: str) -> tuple[Rung, Rung] | None:
    """Return a rung and the one below it; None where the data hold nothing of its kind, or nothing without it."""
    for lower, upper in pairwise(rungs):
        if upper.name == name:
            return upper, lower
    return None
