"""Which features there are: for some data, and for the reference page.

Blocks whose tables are absent leave no trace here; `absent_blocks` names them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Protocol

import pandas as pd

from earlywarn.config import Config, Population
from earlywarn.errors import ConfigError
from earlywarn.features.assessments import judgement_features
from earlywarn.features.attendance import ATTENDANCE, CONTEXT
from earlywarn.features.feature import Feature, Theme
from earlywarn.features.gather import Sources
from earlywarn.features.help import help_features
from earlywarn.features.kinds import Kinds, find_kinds
from earlywarn.features.people import (
    AMOUNT_OF,
    CATEGORIES,
    FLAGS,
    MOVEMENT,
    POST,
    STAFF,
    STAFF_ABSENCE,
    Vocabulary,
    amount_features,
    characteristic_features,
    event_features,
    learn_vocabulary,
    level_feature,
    number_feature,
)
from earlywarn.features.staff_views import STAFF_VIEWS, staff_view_features
from earlywarn.features.survey import survey_features
from earlywarn.surveys.instrument import Instrument


class Kept(Protocol):
    """What a bundle keeps of a feature, as far as making it again goes."""

    @property
    def name(self) -> str: ...
    @property
    def block(self) -> str: ...
    @property
    def theme(self) -> Theme: ...
    @property
    def source(self) -> str: ...
    @property
    def level(self) -> str: ...


PEERS = {"pupils": ("year_group", "year group"), "staff": ("team", "team")}


def vocabulary_of(config: Config, people: pd.DataFrame) -> Vocabulary:
    """Return the levels of the standard and declared categories, as `people` (the training cohort) has them."""
    declared = [column for column, kind in config.extra.items() if kind == "category"]
    return learn_vocabulary(people, [*CATEGORIES[config.population], *declared])


def number_columns(config: Config, people: pd.DataFrame) -> tuple[str, ...]:
    """Return the flags and numbers of the people table that serve as characteristics."""
    declared = [column for column, kind in config.extra.items() if kind == "number"]
    flags = [column for column in FLAGS if column in people and people[column].notna().any()]
    return (*flags, *declared)


def event_kinds(sources: Sources, before: date) -> Kinds:
    """Return the kinds of event, judgement and help that at least 5 people had before a day."""
    return find_kinds(sources.store, sources.config.population, before)


def catalogue(
    config: Config,
    instruments: Sequence[Instrument],
    vocabulary: Vocabulary,
    numbers: Sequence[str],
    kinds: Kinds,
    *,
    marks: bool,
) -> tuple[Feature, ...]:
    """Return every feature that these sources allow, model's and audit-only alike, in a fixed order."""
    pupils = config.population == "pupils"
    found: list[Feature] = []
    if pupils and marks:
        found += [*ATTENDANCE, *CONTEXT]
    found += survey_features(_own(instruments, config.population), PEERS[config.population])
    found += staff_view_features(instruments) if config.features.staff_views else ()
    found += characteristic_features(vocabulary, numbers, "characteristics" if pupils else "post and tenure")
    found += MOVEMENT if pupils else POST
    found += STAFF_ABSENCE if kinds.staff_absence else ()
    found += [*event_features(kinds.events), *amount_features(kinds.amounts)]
    found += [*judgement_features(kinds.judged), *help_features(kinds.help)]
    return _each_once(found)


def _own(instruments: Sequence[Instrument], population: Population) -> tuple[Instrument, ...]:
    """Return the questionnaires that ask about this population, each person for themselves."""
    return tuple(one for one in instruments if (one.audience == "staff") == (population == "staff"))


def _each_once(features: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return the features, if no two share a name: two questionnaires of an audience may name a scale alike."""
    names = [feature.name for feature in features]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError(
            f"two features are called {', '.join(twice[:5])}",
            fix="rename a scale or domain in one of the questionnaires, or a column under `extra`",
        )
    return tuple(features)


def remade(kept: Kept, instruments: Sequence[Instrument], population: Population) -> Feature:
    """Return the feature that a bundle keeps the description of; KeyError if there is none of that name any more."""
    if kept.block == "characteristics":
        return (
            level_feature(kept.source, kept.level, kept.name, kept.theme)
            if kept.level
            else number_feature(kept.source, kept.theme)
        )
    if kept.source:
        return {feature.name: feature for feature in _of_kind(kept.block, kept.source)}[kept.name]
    return _without_kind(tuple(instruments), population)[kept.name]


def _of_kind(block: str, kind: str) -> tuple[Feature, ...]:
    """Return the features of one kind of event, judgement or help."""
    if block == "assessments":
        return judgement_features([kind])
    if block == "interventions":
        return help_features([kind])
    is_amount = kind.startswith(AMOUNT_OF)
    return amount_features([kind.removeprefix(AMOUNT_OF)]) if is_amount else event_features([kind])


@cache
def _without_kind(instruments: tuple[Instrument, ...], population: Population) -> Mapping[str, Feature]:
    """Return the features that need to know of nothing but the questionnaires, by name."""
    of_records = (*ATTENDANCE, *CONTEXT, *MOVEMENT) if population == "pupils" else STAFF
    of_surveys = survey_features(_own(instruments, population), PEERS[population])
    every = (*of_records, *of_surveys, *(staff_view_features(instruments) if population == "pupils" else ()))
    return {feature.name: feature for feature in every}


def for_model(features: Sequence[Feature], config: Config) -> tuple[Feature, ...]:
    """Return those of the features that the config lets the model use."""
    choice = config.features
    return tuple(
        feature
        for feature in features
        if (not choice.blocks or feature.block in (*choice.blocks, STAFF_VIEWS))
        and feature.name not in choice.leave_out
        and feature.source not in choice.audit_only
    )


def absent_blocks(features: Sequence[Feature], config: Config) -> tuple[str, ...]:
    """Return what these data have nothing of: blocks, and surveys by whom they ask."""
    blocks, themes = {feature.block for feature in features}, {feature.theme for feature in features}
    asked = tuple(words for theme, words in _SURVEYS[config.population] if theme not in themes)
    expected = (*_EXPECTED[config.population], *((STAFF_VIEWS,) if config.features.staff_views else ()))
    return (*(block for block in expected if block not in blocks), *asked)


_EXPECTED: Mapping[Population, tuple[str, ...]] = {
    "pupils": ("attendance", "context", "movement", "events", "assessments", "interventions"),
    "staff": ("staff", "events", "interventions"),
}
_SURVEYS: Mapping[Population, tuple[tuple[Theme, str], ...]] = {
    "pupils": (
        ("engagement and relationships", "survey of pupils"),
        ("home and parents' view", "survey of parents"),
    ),
    "staff": (("views of the job", "survey of staff"),),
}
