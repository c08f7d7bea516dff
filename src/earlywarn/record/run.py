"""What the papers are filled from: a run, as its bundle tells it.

Nothing else is read, so a paper can be written again from a kept bundle at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.audit.groups import TOLD
from earlywarn.audit.head_start import who_has_one
from earlywarn.audit.words import column_words
from earlywarn.bundle.manifest import About, FeatureFile
from earlywarn.bundle.read import Bundle
from earlywarn.phrases import PEOPLE, happening
from earlywarn.report.made import left_out_words

# Characteristics that the law protects, or that tell of health, origin or a family's means.
SENSITIVE = ("ethnicity", "sen", "sen_need", "looked_after", "eal", "pupil_premium", "fsm", "sex", "age_band")


@dataclass(frozen=True)
class Run:
    """A trained version of a model.

    metrics, audit : the content of `metrics.json` and `audit.json`, small numbers hidden.
    """

    about: About
    features: FeatureFile
    metrics: Mapping[str, Any]
    audit: Mapping[str, Any]

    @property
    def pupils(self) -> bool:
        return self.about.population == "pupils"

    @property
    def people(self) -> str:
        """What they are called."""
        return PEOPLE[self.about.population]

    @property
    def outcome(self) -> str:
        """The outcome as something that may happen: "missing 10% or more of ..."."""
        return happening(self.about.outcome)

    @property
    def keep_days(self) -> int:
        """How many days after its morning a list is to be deleted."""
        return int(self._chosen("report").get("keep_days", 180))

    @property
    def lists_by_person(self) -> bool:
        """Whether a list names people one by one: of pupils always, of staff where the config asks for it."""
        return self.pupils or bool(self._chosen("report").get("staff_by_person"))

    @property
    def left_out(self) -> str:
        """How many people a file of people to leave out kept out of this version; "" where there was none."""
        return left_out_words(self.metrics.get("made_from") or {})

    @property
    def head_start(self) -> str:
        """Who stands higher on the lists than the score alone would have it, because the config asks for it; or ""."""
        return who_has_one(self.metrics.get("head_start"), self.people)

    @property
    def audited(self) -> tuple[str, ...]:
        """The groups of the audit, as they are called."""
        fairness = self._chosen("fairness")
        crossed = (" by ".join(map(column_words, pair)) for pair in fairness.get("intersections") or ())
        return tuple(dict.fromkeys((*map(column_words, fairness.get("groups") or ()), *crossed)))

    @property
    def audit_only(self) -> tuple[str, ...]:
        """Columns that the audit looks at and the model does not, as they are called."""
        fairness = self._chosen("fairness")
        crossed = (column for pair in fairness.get("intersections") or () for column in pair)
        held_back = (self.metrics.get("features") or {}).get("audit_only") or ()
        columns = (*held_back, *(fairness.get("groups") or ()), *crossed)
        read = self._read_by_model
        apart = (each for each in columns if each not in read and not (each in TOLD and TOLD[each].column in read))
        return tuple(dict.fromkeys(map(column_words, apart)))

    @property
    def sensitive_in_model(self) -> tuple[str, ...]:
        """Sensitive columns that the model does look at, as they are called."""
        return tuple(dict.fromkeys(column_words(each) for each in SENSITIVE if each in self._read_by_model))

    @property
    def _read_by_model(self) -> set[str]:
        return {each for feature in self.features.features for each in (feature.source, feature.name)}

    def _chosen(self, section: str) -> Mapping[str, Any]:
        return self.about.config.get(section) or {}


def run_of(bundle: Bundle) -> Run:
    """Return what a kept bundle tells of its run."""
    about = About.model_validate(bundle.manifest.model_dump(include=set(About.model_fields)))
    features = FeatureFile(features=bundle.features, instruments=bundle.instruments)
    return Run(about, features, bundle.metrics, bundle.audit)
