"""What only a person can say of a model: who answers for it, on what legal ground, who was asked.

In:  `record.yaml` beside the config: a key an answer; under `models`, answers that hold for one model alone.
Out: `Answers`. Where one is missing, its place in a paper bears a mark, such as
     `[TO FILL IN team: the team that answers for the tool]`, and `check` finds it there.

The file outlives a training: the next one reads it again, and fills the papers of the next version.
"""

import re
from pathlib import Path

from pydantic import Field, field_validator

from earlywarn.config import Section, read_yaml

RECORD_FILE = "record.yaml"
MARK = re.compile(r"\[TO FILL IN (?P<key>\w+): (?P<what>[^\]]+)\]")


def _asked(what: str) -> str | None:
    answer: str | None = Field(None, description=what)
    return answer


class Answers(Section):
    """Answers as text; None where nobody has given one. The descriptions say what each asks for."""

    organisation: str | None = _asked("the full name of the school or trust that answers for the tool")
    team: str | None = _asked("the team that answers for the tool")
    senior_responsible_owner: str | None = _asked("the role, and the name if you like, of the one who answers for it")
    contact_email: str | None = _asked("an address that parents, pupils and staff can write to")
    website_url: str | None = _asked("the page where the tool is explained to the public")
    phase: str | None = _asked("private beta, public beta, production or retired")
    region: str | None = _asked("the part of England in which it is used")
    third_party_involvement: str | None = _asked("yes or no: does a supplier or another body build or run it?")
    third_party: str | None = _asked("its name")
    companies_house_number: str | None = _asked("its number at Companies House, in quotes")
    third_party_role: str | None = _asked("what it does for the tool")
    procurement_procedure_type: str | None = _asked("how it was chosen and contracted")
    data_access_terms: str | None = _asked("which data it can see, and on what terms")
    benefit: str | None = _asked("what the tool is expected to make better, and for whom")
    previous_process: str | None = _asked("how people were chosen for help before")
    integration_into_operational_process: str | None = _asked("who reads the list, when, and what may follow")
    required_training: str | None = _asked("what those who read the list are taught first")
    appeals_and_review: str | None = _asked("what someone can do who disagrees with how the list was used")
    how_people_are_told: str | None = _asked("where and when people learn that their data are used for this")
    data_collection: str | None = _asked("what the data were first collected for, and by whom")
    data_sharing_agreements: str | None = _asked("which agreements cover the data, or that none is needed and why")
    data_access_and_storage: str | None = _asked("where the data and the lists are kept, and who can open them")
    impact_assessments: str | None = _asked("which assessments were made, when, and where they can be read")
    lawful_basis: str | None = _asked("the basis in Article 6 of the UK GDPR, and the law it rests on")
    special_category_condition: str | None = _asked("the condition in Article 9 of the UK GDPR, or why none is needed")
    necessity: str | None = _asked("why no way that looks at less would do")
    consultation: str | None = _asked("whom you asked (families, pupils, staff, unions) and what they said")
    data_protection_officer: str | None = _asked("the officer's advice, with its date")
    residual_risk: str | None = _asked("what risk remains, who accepts it, and when it is looked at again")

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, answer: object) -> object:
        """YAML reads a bare no as false, and a bare number or date as such: leading zeros would be lost."""
        if isinstance(answer, bool):
            return "Yes" if answer else "No"
        if answer is None or isinstance(answer, dict):
            return answer
        if not isinstance(answer, str):
            raise ValueError("put it in quotes, so that it is read as it is written")
        return answer.strip() or None

    def said(self, key: str) -> str:
        """Return the answer, or the mark of what is asked."""
        answer: str | None = getattr(self, key)
        return answer or mark(key)


class _RecordFile(Answers):
    models: dict[str, Answers] = Field({}, description="Answers that hold for one model alone, by its name.")


def mark(key: str) -> str:
    """Return the mark of an answer that nobody has given yet.

    >>> mark("third_party")
    '[TO FILL IN third_party: its name]'
    """
    return f"[TO FILL IN {key}: {Answers.model_fields[key].description}]"


def load_answers(path: Path, model: str) -> Answers:
    """Read the answers for a model; its own come before those shared by all models."""
    shared = read_yaml(path, _RecordFile, like="the example in docs/records.md", see="docs/records.md")
    own = shared.models.get(model, Answers())
    return Answers(**{key: getattr(own, key) or getattr(shared, key) for key in Answers.model_fields})


def answers_beside(config_file: Path, model: str) -> Answers:
    """Return the answers in the `record.yaml` beside a config; none where there is no such file."""
    path = config_file.parent / RECORD_FILE
    return load_answers(path, model) if path.is_file() else Answers()
