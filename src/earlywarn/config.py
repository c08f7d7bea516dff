"""The configuration of one model: a YAML file as frozen sections.

Only what differs between trusts or runs stands in the YAML; features are
Python. Unknown keys are refused, and a contradiction is quoted from both sides.
"""

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from earlywarn.errors import ConfigError

Population = Literal["pupils", "staff"]
ColumnKind = Literal["category", "number"]
Block = Literal[
    "attendance", "context", "survey", "characteristics", "movement", "events", "assessments", "interventions", "staff"
]

AUDIT_ONLY = ("pupil_premium", "fsm", "sen", "sen_need", "eal", "ethnicity", "looked_after", "sex", "age_band")


class Section(BaseModel):
    """A part of the configuration: frozen, and a typo in a key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(Section):
    """A term as planned, for data without a calendar table."""

    name: str
    starts: date
    ends: date
    half_term: tuple[date, date] | None = Field(None, description="First and last day of the half-term holiday.")

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.starts > self.ends:
            raise ValueError(f"term {self.name!r} starts on {self.starts} but ends on {self.ends}")
        return self


class AsOf(Section):
    """The mornings on which the model pretends to stand: dates, or a rule on the school calendar."""

    dates: tuple[date, ...] = ()
    weeks_of_year: tuple[Annotated[int, Field(ge=1, le=45)], ...] = Field(
        (), description="Places in each school year: the Monday of its n-th school week."
    )
    every_weeks: Annotated[int | None, Field(ge=1, le=20, description="A date every n school weeks.")] = None

    @model_validator(mode="after")
    def _one_way_of_saying_when(self) -> Self:
        said = [name for name in ("dates", "weeks_of_year", "every_weeks") if getattr(self, name)]
        if len(said) != 1:
            raise ValueError(f"give one of dates, weeks_of_year or every_weeks; given: {said or 'none'}")
        if len(set(self.dates)) < len(self.dates):
            raise ValueError("a date is given twice")
        return self


class Outcome(Section):
    """What is predicted, and over which window."""

    kind: Literal["absence_rate", "leaves", "recorded"] = "absence_rate"
    recorded: str | None = Field(None, description="For `recorded`: the outcome's name in the outcomes table.")
    label: Literal["window_rate", "year_total"] = "window_rate"
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.10
    window: Literal["rest_of_year", "next_term", "next_half_term", "weeks"] = "rest_of_year"
    weeks: Annotated[int | None, Field(ge=1, le=60, description="Length of a `weeks` window, in school weeks.")] = None
    lead_weeks: Annotated[int, Field(ge=0, le=40)] = 0

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.window == "weeks") != (self.weeks is not None):
            raise ValueError(f"window is {self.window!r} but weeks is {self.weeks}: `weeks` goes with window: weeks")
        if (self.kind == "recorded") != (self.recorded is not None):
            raise ValueError(f"kind is {self.kind!r} but recorded is {self.recorded!r}: `recorded` names the outcome")
        if self.label == "year_total" and (self.kind, self.window) != ("absence_rate", "rest_of_year"):
            raise ValueError(
                f"label year_total is the whole year's absence rate; it goes with kind: absence_rate and "
                f"window: rest_of_year, not {self.kind} and {self.window}"
            )
        return self


class FeatureChoice(Section):
    """Which blocks of features the model may use."""

    blocks: tuple[Block, ...] = Field((), description="Empty: every block whose tables are there.")
    leave_out: tuple[str, ...] = Field((), description="Names of features to leave out.")
    audit_only: tuple[str, ...] = Field(AUDIT_ONLY, description="Characteristics used for the audit, not by the model.")
    staff_views: bool = Field(False, description="For pupils: also what staff of the same school answered, as means.")


class ModelSettings(Section):
    """How the model is tuned and fitted."""

    trials: Annotated[int, Field(ge=1, le=1000)] = 20
    minutes: Annotated[float | None, Field(gt=0, description="A budget in time: such a run is not reproducible.")] = (
        None
    )
    seed: int = 1
    folds: Annotated[int, Field(ge=2, le=10, description="Folds at most; by school where dates cannot serve.")] = 5
    monotone: bool = True


class Places(Section):
    """How many people a school can see, for each list."""

    share: Annotated[float, Field(gt=0, le=1)] = 0.05
    at_least: Annotated[int, Field(ge=1)] = 5
    count: Annotated[int | None, Field(ge=1, description="A fixed number a school and list; overrides share.")] = None


class Limit(Section):
    """How much worse a group may fare than the one it is compared with, before a model may be promoted."""

    measure: Literal["recall", "false_alarms"] = Field("recall", description="People missed, or people listed in vain.")
    group_by: str = Field(description="A column of `groups`, or a pair written `pupil_premium × sen`.")
    group: str = Field(description="A value of that column: yes or no, or as it stands in the table.")
    list: Literal["onset", "already", "everyone"] = Field("everyone", description="On which list.")
    at_most: Annotated[float, Field(ge=0, lt=1, description="0.10: ten more in 100 missed, or listed in vain.")]
    certainty: Annotated[float, Field(ge=0.5, lt=1, description="How sure it must be that the gap is under it.")] = 0.8

    @field_validator("group", mode="before")
    @classmethod
    def _yes_is_a_word(cls, group: object) -> object:
        """YAML reads a bare yes as true, and a bare 7 as a number; the audit calls them "yes" and "7"."""
        if isinstance(group, bool):
            return "yes" if group else "no"
        return str(group) if isinstance(group, int) else group


class HeadStart(Section):
    """Places by group: people of groups that are missed more move up the lists."""

    group_by: str = Field(description="A column of `groups`.")
    makes_up: Literal["half", "whole"] = Field("half", description="How much of the gap in people missed.")


class Fairness(Section):
    """For whom the model is audited, and what is asked of it."""

    groups: tuple[str, ...] = ("pupil_premium", "sen", "any_sen")
    intersections: tuple[tuple[str, str], ...] = (("pupil_premium", "sen"),)
    places: Places = Places()
    limits: tuple[Limit, ...] = Field((), description="What a model must keep to be promoted.")
    remedies: bool = Field(False, description="Try what could be done about gaps; takes several more fits.")
    head_start: HeadStart | None = Field(
        None, description="Give groups that are missed more a head start on the lists; lists and record say so."
    )

    @model_validator(mode="after")
    def _head_start_is_for_an_audited_group(self) -> Self:
        if self.head_start is not None and self.head_start.group_by not in self.groups:
            raise ValueError(
                f"head_start is for {self.head_start.group_by!r}, but groups audit {', '.join(self.groups)}: "
                f"add it there, or take head_start away"
            )
        return self

    @model_validator(mode="after")
    def _limits_are_on_audited_groups(self) -> Self:
        audited = (*self.groups, *(" × ".join(pair) for pair in self.intersections))
        for limit in self.limits:
            if limit.group_by not in audited:
                raise ValueError(
                    f"a limit is on {limit.group_by!r}, but groups and intersections audit {', '.join(audited)}: "
                    f"add it there, or take the limit away"
                )
        return self


class ReportChoice(Section):
    """What is written for people."""

    staff_by_person: bool = Field(False, description="Write staff lists by person; the record says that it was done.")
    keep_days: Annotated[int, Field(ge=1)] = 180


class Study(Section):
    """What `earlywarn study` tests, said before the data are opened; everything else that it shows describes."""

    adds: Literal["participation", "level", "change", "parents", "staff"] = Field(
        "level", description="The kind of answers whose gain over everything known without it is the one test."
    )
    population: Literal["everyone", "onset"] = Field("everyone", description="Among whom.")
    measure: Literal["auc", "average_precision", "brier", "people_found"] = Field(
        "auc", description="What the gain is measured by; `people_found` is recall at the places."
    )
    horizons: tuple[Annotated[int, Field(ge=0, le=52)], ...] = Field(
        (2, 6, 12, 18, 24, 30, 36), description="School weeks ahead at which four weeks of absence are predicted."
    )


class Config(Section):
    """One model: who, when, what, from which features, audited for whom."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    population: Population = "pupils"
    data: Path | None = None
    data_to: date | None = Field(None, description="Today; by default the latest day the data know of.")
    exclude: Path | None = Field(None, description="A file of person_ids to leave out, one a line.")
    year_groups: tuple[int, ...] = tuple(range(1, 12))
    extra: dict[str, ColumnKind] = Field(
        {}, description="Columns of the pupils or staff table beyond the standard ones."
    )
    fixed: tuple[str, ...] = Field((), description="Columns that have been true since joining, in undated rows.")
    terms: tuple[Term, ...] = Field((), description="Term dates, where there is no calendar table.")
    history: Literal["year", "none"] = "year"
    settle_days: Annotated[int, Field(ge=0, le=60)] = 10
    onset_min_sessions: Annotated[int, Field(ge=1)] = 20
    as_of: AsOf
    outcome: Outcome = Outcome()
    features: FeatureChoice = FeatureChoice()
    model: ModelSettings = ModelSettings()
    fairness: Fairness = Fairness()
    report: ReportChoice = ReportChoice()
    study: Study = Study()

    @model_validator(mode="after")
    def _outcome_fits_the_population(self) -> Self:
        if self.population == "staff" and self.outcome.kind == "absence_rate":
            raise ValueError("population is staff but outcome.kind is absence_rate: staff have `leaves` or `recorded`")
        if self.population == "pupils" and self.outcome.kind == "leaves":
            raise ValueError(
                "population is pupils but outcome.kind is leaves: pupils have `absence_rate` or `recorded`"
            )
        return self

    @model_validator(mode="after")
    def _staff_answer_for_themselves(self) -> Self:
        if self.population == "staff" and self.features.staff_views:
            raise ValueError(
                "population is staff but features.staff_views is true: it adds staff's answers to a model of pupils; "
                "staff's own answers are the block `survey`"
            )
        return self


SomeSection = TypeVar("SomeSection", bound=Section)


def load_config(path: Path) -> Config:
    """Read one YAML file; every mistake in it is named at once, with its place."""
    return read_yaml(path, Config, like="configs/pupil-absence.yaml", see="docs/configuration.md")


def read_yaml(path: Path, section: type[SomeSection], *, like: str, see: str) -> SomeSection:
    """Read a YAML file as a section; `like` names a file to start from, `see` the page that explains the keys."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file", fix="give the path of a YAML file; examples lie in configs/"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as YAML: {error}", fix="mend the line that it names") from None
    if not isinstance(found, dict):
        first, second = list(section.model_fields)[:2]
        raise ConfigError(f"{path}: expected keys such as `{first}:` and `{second}:`", fix=f"start from {like}")
    try:
        return section.model_validate(found)
    except ValidationError as error:
        lines = "".join(f"\n    {_place(path, problem)}: {_mistake(problem, section)}" for problem in error.errors())
        raise ConfigError(f"{path}: {error.error_count()} mistake(s):{lines}", fix=f"see {see}") from None


def _mistake(problem: Any, top: type[Section]) -> str:
    """Return what is wrong; for an unknown key, the known one that is nearest to it."""
    if problem["type"] != "extra_forbidden":
        return str(problem["msg"]).removeprefix("Value error, ")
    section: Any = top
    for part in problem["loc"][:-1]:
        section = section.model_fields[part].annotation if isinstance(part, str) else None
        if not (isinstance(section, type) and issubclass(section, Section)):
            return "unknown key"
    near = get_close_matches(str(problem["loc"][-1]), section.model_fields, n=1)
    meant = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(section.model_fields)}"
    return f"unknown key; {meant}"


def _place(path: Path, problem: Any) -> str:
    """Return where a mistake stands: the keys down to it, and the line of the last one that is there."""
    where = ".".join(map(str, problem["loc"])) or "the file"
    line = _line_of(path.read_text(encoding="utf-8"), problem["loc"])
    return f"{where} (line {line})" if line else where


def _line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Return the line of a key, counted from 1; of what holds it where it is missing; None for the file itself."""
    node, line = yaml.compose(text, Loader=yaml.SafeLoader), None
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [(name, value) for name, value in node.value if name.value == str(key)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            found = [(each, each) for each in node.value[key : key + 1]]
        else:
            found = []
        if not found:
            break
        name, node = found[0]
        line = int(name.start_mark.line) + 1
    return line
