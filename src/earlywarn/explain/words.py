"""The wording of reasons: one YAML file per language, which a trust can change without code.

In:  `wording/en.yaml`, or a trust's own copy of it.
Out: for each feature its `Spoken` wording, for a value its sentence.

A text holds placeholders in braces. What stands in [brackets] is the comparison with
others: it is left out where fewer than ten people could be compared. Placeholders are
{value}, {at_most} and {at_least} ("3% or less", of the others), {peers} ("Year 9"),
{year} (the person's own) and {label} (a survey scale or a kind of event).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator

from earlywarn.config import Section, read_yaml
from earlywarn.explain.amounts import UnitWords
from earlywarn.explain.peers import Against, Group
from earlywarn.features.feature import Feature
from earlywarn.features.waves import Part, parts_of
from earlywarn.surveys.instrument import Audience, Instrument

SHIPPED = Path(__file__).parent / "wording" / "en.yaml"
PLACEHOLDERS = frozenset({"value", "at_most", "at_least", "peers", "year", "label"})
Scales = Mapping[str, tuple[Audience, Part]]

Judged = Literal["latest", "change", "gap_peers"]

_COMPARISON = re.compile(r"\[([^\[\]]*)\]")
_CAUSE = re.compile(r"\b(because|due to|caused?|leads? to|as a result)\b", re.IGNORECASE)


def _checked(text: str) -> str:
    """Refuse a text that names a cause, or a placeholder we cannot fill."""
    if found := _CAUSE.search(text):
        raise ValueError(f"{text!r} says {found[0]!r}: a reason is what goes with a score, never its cause")
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            raise ValueError(f"{text!r} names {{{name}}}; known are {sorted(PLACEHOLDERS)}")
    if "[" in _COMPARISON.sub("", text) or "]" in _COMPARISON.sub("", text):
        raise ValueError(f"{text!r} has a bracket that is not closed or not opened")
    return text


Text = Annotated[str, AfterValidator(_checked)]


class Texts(Section):
    """What is said of a value above, and of one below, what it is held against; `none` is said of nothing at all."""

    more: Text | None = None
    less: Text | None = None
    none: Text | None = None


class Wording(Section):
    """What is said of one feature: as a reason, as something going well, and against whom it is held.

    `itself` is for values that are comparisons already (a change, a gap) or hold for everyone.
    """

    reason: Texts = Texts()
    going_well: Texts = Texts()
    against: Against = "peers"


class SurveyWords(Section):
    """What is said of one audience's answers; which side is a reason follows from the scale."""

    score: Texts
    change: Texts
    change_first: Texts
    gap_school: Texts
    gap_peers: Texts
    answered: Wording
    answered_share: Wording
    answered_waves: Wording
    answered_days_ago: Wording
    answered_at_school: Wording
    answer_spread: Wording
    same_answers: Wording


class Phrases(Section):
    """Words that belong to no feature."""

    groups: dict[Group, str]
    everyone_staff: str
    reception: str
    no_year_group: str
    or_less: str
    or_fewer: str
    or_more: str
    ten_is_best: str
    ten_is_most: str
    near_tie: dict[int, str]
    adds_little: str
    remainder_pupils: str
    remainder_staff: str
    nothing_stands_out: str
    nothing_else: str
    not_answered: dict[Audience, str]
    not_asked: dict[Audience, str]
    joined_lately: Text
    no_last_year: str
    no_sessions: str
    few_sessions: Text


class UnlikeWords(Section):
    """Why a person is unlike those that the model learnt from."""

    phase: Text
    phases: dict[str, str]
    year_group: Text
    little_known: str


class Book(Section):
    """The wording in one language."""

    units: dict[str, UnitWords]
    phrases: Phrases
    unlike: UnlikeWords
    features: dict[str, Wording]
    survey: dict[Audience, SurveyWords]
    distance: Wording
    judged: dict[Judged, Wording]
    help: dict[Literal["year", "now"], Wording]
    events: dict[Literal["6w", "year"], Wording]
    event_kinds: dict[str, str]
    other_event_kind: Text
    fallback: Texts


@dataclass(frozen=True)
class Spoken:
    """A feature's wording, with the name of its scale or kind of event."""

    wording: Wording
    label: str = ""


def load_book(path: Path | None = None) -> Book:
    """Read a wording file, the shipped English one by default; a mistake in it is a `ConfigError`."""
    return read_yaml(path or SHIPPED, Book, like=f"a copy of {SHIPPED}", see="docs/reasons.md")


def scales_of(instruments: Sequence[Instrument]) -> Scales:
    """Return the scales and domains by the name that their features start with."""
    return {f"{each.audience}_{part.name}": (each.audience, part) for each in instruments for part in parts_of(each)}


def spoken(feature: Feature, book: Book, scales: Scales) -> Spoken:
    """Return the wording of a feature; without one, its meaning and value are said plainly."""
    if feature.name in book.features:
        return Spoken(book.features[feature.name])
    if feature.block == "survey" and (found := _of_survey(feature, book, scales)):
        return found
    if feature.block == "events":
        return _of_events(feature, book)
    if feature.block == "assessments":
        return Spoken(book.judged[_judged(feature)], feature.source)
    if feature.block == "interventions":
        return Spoken(book.help["now" if feature.name.endswith("_now") else "year"], feature.source)
    return Spoken(_by_risk(book.fallback, feature.risk, "peers"), feature.means)


_DISTANCE = "parent_pupil_distance_"
_OF_PARTS = ("score", "change", "change_first", "gap_school", "gap_peers")
_OF_ANSWERING = (
    "answered", "answered_share", "answered_waves", "answered_days_ago", "answered_at_school", "answer_spread",
    "same_answers",
)  # fmt: skip


def _of_survey(feature: Feature, book: Book, scales: Scales) -> Spoken | None:
    if feature.name.startswith(_DISTANCE):
        return Spoken(book.distance, feature.name.removeprefix(_DISTANCE).replace("_", " "))
    for ending in _OF_PARTS:
        name = feature.name if ending == "score" else feature.name.removesuffix(f"_{ending}")
        if name in scales and feature.name == (name if ending == "score" else f"{name}_{ending}"):
            audience, part = scales[name]
            against: Against = "peers" if ending == "score" else "itself"
            end = book.phrases.ten_is_best if part.risk < 0 else book.phrases.ten_is_most  # is much workload good?
            texts = getattr(book.survey[audience], ending)
            return Spoken(_by_risk(texts, part.risk, against), _noted(part.label, end))
    if (asked := audience_of(feature)) is None:
        return None
    for ending in _OF_ANSWERING:
        if feature.name.endswith(f"_{ending}"):
            return Spoken(getattr(book.survey[asked], ending))
    return None


def _noted(label: str, note: str) -> str:
    """Return a label with a note in brackets, in those that it has already if it does.

    >>> _noted("belonging", "10 is best"), _noted("engagement (effort, enjoyment)", "10 is best")
    ('belonging (10 is best)', 'engagement (effort, enjoyment; 10 is best)')
    """
    return f"{label[:-1]}; {note})" if label.endswith(")") else f"{label} ({note})"


def audience_of(feature: Feature) -> Audience | None:
    """Return whose answers a feature is made of."""
    return _AUDIENCE.get(feature.theme) if feature.block == "survey" else None


_AUDIENCE: dict[str, Audience] = {
    "engagement and relationships": "pupil",
    "home and parents' view": "parent",
    "views of the job": "staff",
}


def _of_events(feature: Feature, book: Book) -> Spoken:
    kind = feature.source
    label = book.event_kinds.get(kind) or book.other_event_kind.format(label=kind.replace("_", " "))
    return Spoken(book.events["6w" if feature.name.endswith("_6w") else "year"], label)


def _judged(feature: Feature) -> Judged:
    if feature.name.endswith("_change"):
        return "change"
    return "gap_peers" if feature.name.endswith("_gap_peers") else "latest"


def _by_risk(texts: Texts, risk: int, against: Against) -> Wording:
    """Make the side that goes with risk the reason; where neither is known to, both are."""
    if not risk:
        return Wording(reason=texts, against=against)
    more, less = Texts(more=texts.more), Texts(less=texts.less)
    reason, going_well = (more, less) if risk > 0 else (less, more)
    return Wording(reason=reason, going_well=going_well, against=against)


def fill(text: str, told: Mapping[str, str], *, compared: bool) -> str:
    """Return a text with its placeholders filled, without the comparison where there is none.

    >>> fill("Missed {value}[; half of {peers} missed {at_most}].", {"value": "12%"}, compared=False)
    'Missed 12%.'
    """
    kept = _COMPARISON.sub(r"\1" if compared else "", text)
    return kept.format_map(told)


def year_words(number: float, book: Book) -> str:
    """Return a year group in words; NaN is one that is not recorded."""
    if math.isnan(number):
        return book.phrases.no_year_group
    return book.phrases.groups["year group"].format(number=int(number)) if number > 0 else book.phrases.reception
