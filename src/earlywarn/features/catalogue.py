"""Which features there are: for some data, and for the reference page.

Blocks whose tables are absent leave no trace here; `absent_blocks` names them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

import pandas as pd

from earlywarn.config import Block, Config, Population
from earlywarn.features.attendance import ATTENDANCE, CONTEXT
from earlywarn.features.feature import Feature, Theme
from earlywarn.features.gather import Sources
from earlywarn.features.people import (
    CATEGORIES,
    FLAGS,
    MOVEMENT,
    STAFF,
    Vocabulary,
    characteristic_features,
    event_features,
    learn_vocabulary,
    level_feature,
    number_feature,
)
from earlywarn.features.survey import survey_features
from earlywarn.surveys.instrument import Instrument
from earlywarn.tables.known import known_before


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


def event_kinds(sources: Sources, before: date) -> tuple[str, ...]:
    """Return the kinds of event that at least 5 people had before a day."""
    if "events" not in sources.store.present:
        return ()
    rows = sources.store.db.execute(
        f"""SELECT kind FROM {known_before("events", before)} WHERE population = ?
        GROUP BY kind HAVING count(DISTINCT person_id) >= 5 ORDER BY kind""",
        [sources.config.population],
    ).fetchall()
    return tuple(row[0] for row in rows)


def catalogue(
    config: Config,
    instruments: Sequence[Instrument],
    vocabulary: Vocabulary,
    numbers: Sequence[str],
    kinds: Sequence[str],
    *,
    marks: bool,
) -> tuple[Feature, ...]:
    """Return every feature that these sources allow, model's and audit-only alike, in a fixed order."""
    pupils = config.population == "pupils"
    found: list[Feature] = []
    if pupils and marks:
        found += [*ATTENDANCE, *CONTEXT]
    found += survey_features(instruments, PEERS[config.population])
    found += characteristic_features(vocabulary, numbers, "characteristics" if pupils else "post and tenure")
    found += MOVEMENT if pupils else STAFF
    found += event_features(kinds)
    return tuple(found)


def remade(kept: Kept, instruments: Sequence[Instrument], population: Population) -> Feature:
    """Return the feature that a bundle keeps the description of; KeyError if there is none of that name any more."""
    if kept.block == "characteristics":
        return (
            level_feature(kept.source, kept.level, kept.name, kept.theme)
            if kept.level
            else number_feature(kept.source, kept.theme)
        )
    known = (
        *(ATTENDANCE if population == "pupils" else ()),
        *(CONTEXT if population == "pupils" else ()),
        *(MOVEMENT if population == "pupils" else STAFF),
        *survey_features(instruments, PEERS[population]),
        *event_features([kept.source] if kept.source else []),
    )
    return {feature.name: feature for feature in known}[kept.name]


def for_model(features: Sequence[Feature], config: Config) -> tuple[Feature, ...]:
    """Return those of the features that the config lets the model use."""
    choice = config.features
    return tuple(
        feature
        for feature in features
        if (not choice.blocks or feature.block in choice.blocks)
        and feature.name not in choice.leave_out
        and feature.source not in choice.audit_only
    )


def absent_blocks(features: Sequence[Feature], config: Config) -> tuple[str, ...]:
    """Return the blocks of which these data have nothing."""
    found = {feature.block for feature in features}
    return tuple(block for block in _EXPECTED[config.population] if block not in found)


_EXPECTED: Mapping[Population, tuple[Block, ...]] = {
    "pupils": ("attendance", "context", "survey", "movement", "events"),
    "staff": ("staff", "survey", "events"),
}
