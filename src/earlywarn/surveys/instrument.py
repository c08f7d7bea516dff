"""A questionnaire: its items, scales and answer range, read from YAML.

An instrument file lies under `configs/instruments/` and is named after its
`name`. Unknown keys are refused, and every item belongs to one scale.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from earlywarn.errors import ConfigError

Audience = Literal["pupil", "parent", "staff"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scale(_Part):
    """A set of items that measure one thing."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    domain: Annotated[str, Field(description="Theme of the scale, e.g. school environment.")]
    label: Annotated[str, Field(description="What a reader is shown, e.g. 'belonging at school'.")]
    high_means: Annotated[str, Field(description="What a high score means, as a sentence.")]
    risk: Annotated[Literal[-1, 0, 1], Field(description="-1: a high score goes with lower risk.")] = 0


class Item(_Part):
    """One question.

    Its wording never changes: a question that is put in other words is another item, with
    another id, `since` the first wave that asks it, and the old one has an `until`.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    scale: str
    wording: str
    reversed: bool = False
    since: Annotated[date | None, Field(description="Asked in waves that open on this day or later.")] = None
    until: Annotated[date | None, Field(description="Asked in waves that open on this day or earlier.")] = None

    @model_validator(mode="after")
    def _is_asked_at_some_time(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"item {self.id!r} is asked since {self.since} but until {self.until}")
        return self

    def asked_on(self, opens_on: date) -> bool:
        """Whether a wave that opens on a day asks it."""
        return (self.since is None or self.since <= opens_on) and (self.until is None or opens_on <= self.until)


class Instrument(_Part):
    """A questionnaire with its answer range.

    `answers` is the lowest and the highest answer; every answer is a whole
    number between them.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    audience: Audience
    title: str
    source: Annotated[str, Field(description="Where structure and wording come from.")]
    answers: tuple[int, int]
    scales: Annotated[tuple[Scale, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_item_has_its_scale(self) -> Self:
        if (low := self.answers[0]) >= (high := self.answers[1]):
            raise ValueError(f"answers run from {low} to {high}: the first must be lower")
        scales = {scale.name for scale in self.scales}
        for item in self.items:
            if item.scale not in scales:
                raise ValueError(f"item {item.id!r} names scale {item.scale!r}; scales are {sorted(scales)}")
        if len({item.id for item in self.items}) < len(self.items):
            raise ValueError("two items share an id")
        for scale in scales - {item.scale for item in self.items}:
            raise ValueError(f"scale {scale!r} has no item")
        return self


def load_instrument(path: Path) -> Instrument:
    """Read one questionnaire; a mistake in it is a `ConfigError` that names the file."""
    try:
        return Instrument.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigError(
            f"{path}: not a valid questionnaire: {error}",
            fix="see the questionnaires under configs/instruments for the expected form",
        ) from None


def load_instruments(*folders: Path) -> Mapping[str, Instrument]:
    """Read every questionnaire of the folders; of two with one name the first folder's counts."""
    found: dict[str, Instrument] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            instrument = load_instrument(path)
            found.setdefault(instrument.name, instrument)
    return found
