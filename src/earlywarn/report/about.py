"""What a pack or an overview says of the run behind it.

Kept in a scores folder as `about.json`: packs are written again from it, without the model.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

_DATES = ("as_of", "delete_by", "data_to", "earlier")


@dataclass(frozen=True)
class PackAbout:
    """The same for every school of a run.

    outcome_words : completes "the likelihood of ...", as `phrases.happening` says it.
    school_names  : a name for each school_id; a school without one goes by its id.
    places_words  : how long the lists are, as a sentence.
    sure          : how sure we are, as sentences.
    delete_by     : the day by which the pack is to be deleted.
    data_to       : the last day that the data know of.
    earlier       : the as-of date of the list that this one is held against, if there is one.
    trust         : what the trust's page says of schools beside their scores, as plain data.
    """

    name: str
    model_version: str
    as_of: date
    outcome_words: str
    school_names: Mapping[str, str]
    places_words: str
    sure: tuple[str, ...]
    delete_by: date
    data_to: date
    earlier: date | None = None
    trust: Mapping[str, Any] = field(default_factory=dict)

    def school(self, school_id: str) -> str:
        """Return what a school is called."""
        return self.school_names.get(school_id) or f"School {school_id}"


def about_record(about: PackAbout) -> dict[str, Any]:
    """Return the same as plain data, as `about.json` keeps it."""
    days = {name: day.isoformat() for name in _DATES if (day := getattr(about, name))}
    plain = {"school_names": dict(about.school_names), "sure": list(about.sure), "trust": dict(about.trust)}
    return asdict(about) | days | plain


def about_of(record: Mapping[str, Any]) -> PackAbout:
    """Return what plain data say; they lack nothing, or it is a KeyError, TypeError or ValueError."""
    days = {name: date.fromisoformat(record[name]) for name in _DATES if record.get(name)}
    return PackAbout(**{**record, **days, "sure": tuple(record["sure"])})
