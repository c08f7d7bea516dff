"""What the service answers, as the OpenAPI document describes it.

Fields of a person bear the names that they have in `scores.parquet`, and hold the same values.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ListName = Literal["onset", "already", "everyone"]


class Answer(BaseModel):
    """A part of an answer: frozen."""

    model_config = ConfigDict(frozen=True)


class Problem(Answer):
    """Why there is no other answer, and what to do."""

    problem: str
    fix: str


class Health(Answer):
    """The service is up."""

    status: Literal["ok"]


class Reason(Answer):
    """One of the features that moved a score most; contributions are log-odds before calibration."""

    feature: str
    theme: str
    contribution: float
    sentence: str


class Person(Answer):
    """A person as scored; reasons, what goes well and what is not known are told of those who are listed."""

    person_id: str
    school_id: str
    as_of: date = Field(description="What was known before this day was used, and nothing later.")
    year_group: int | None = Field(None, description="Of pupils; 0 is reception.")
    form: str | None = None
    role: str | None = Field(None, description="Of staff.")
    subject: str | None = None
    list: ListName
    listed: bool = Field(description="Among the places of the list. Not to be listed is no clean bill.")
    rank_in_school: int = Field(description="The rank on this list; equal scores share one.")
    tied: bool = Field(description="Shares the last place with others.")
    risk: float = Field(ge=0, le=1, description="The calibrated likelihood of the outcome.")
    band: str
    too_early: bool = Field(description="Few sessions so far this school year: too early to tell.")
    unlike_training: bool = Field(description="Unlike the people the model learnt from: read with care.")
    unlike_why: str = ""
    reasons: tuple[Reason, ...]
    going_well: tuple[str, ...]
    not_known: tuple[str, ...]
    new: bool | None = Field(None, description="Not on the earlier list; null without one.")
    since: tuple[str, ...] = Field((), description="What changed since the earlier list.")
    model_version: str
    delete_by: date = Field(description="The day by which every copy of this is to be deleted.")


class ListAbout(Answer):
    """A list of the school, in numbers."""

    name: ListName
    title: str
    listed: int
    scored: int


class About(Answer):
    """What stands behind the lists."""

    model: str
    model_version: str
    as_of: date
    data_to: date = Field(description="The last day that the data know of.")
    delete_by: date
    earlier: date | None = Field(description="The morning of the list that this one is held against.")
    school_id: str
    school: str
    outcome: str = Field(description="What the likelihood is of.")
    lists: tuple[ListAbout, ...]
    places: str
    sure: tuple[str, ...] = Field(description="How lists like these did when they were tested.")
    advice: str
    safeguarding: str


class ListPage(Answer):
    """Those who are listed, in the order of their places, a page at a time."""

    list: ListName
    title: str
    as_of: date
    delete_by: date
    listed: int
    page: int
    pages: int
    people: tuple[Person, ...]
