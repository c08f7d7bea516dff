"""What a pack or an overview says of the run behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PackAbout:
    """The same for every school of a run.

    outcome_words : completes "the likelihood of ...", as `phrases.happening` says it.
    school_names  : a name for each school_id; a school without one goes by its id.
    places_words  : how long the lists are, as a sentence.
    sure          : how sure we are, as sentences.
    delete_by     : the day by which the pack is to be deleted.
    data_to       : the last day that the data know of.
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

    def school(self, school_id: str) -> str:
        """Return what a school is called."""
        return self.school_names.get(school_id) or f"School {school_id}"
