"""Who answered a questionnaire: the answers of each wave, with the school and the groups of those who gave them.

In:  the sources.
Out: `Answered`, one a wave, oldest first, by questionnaire.

People are as the school knew them when the wave had closed; of someone at two schools, the one joined last counts.
Answers of whom the table of people does not hold are left out: nobody knows their school.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.evaluate.intervals import Clusters, clusters_of
from earlywarn.evaluate.measures import Labels
from earlywarn.features.gather import Sources
from earlywarn.surveys.answers import Flags, Floats, Wave
from earlywarn.surveys.instrument import Instrument
from earlywarn.tables.known import people_as_known

NOT_RECORDED = "not recorded"
# What is read of each person, besides the school and its phase: the year group, and groups that are compared.
_READ: Mapping[str, Mapping[str, str]] = {
    "pupils": {
        "year_group": "p.year_group",
        "pupil_premium": "CASE p.pupil_premium WHEN true THEN 'yes' WHEN false THEN 'no' END",
        "any_sen": "CASE WHEN p.sen = 'N' THEN 'no' WHEN p.sen IS NOT NULL THEN 'yes' END",
        "sex": "p.sex",
    },
    "staff": {"year_group": "NULL::INTEGER", "role": "p.role", "sex": "p.sex"},
}


@dataclass(frozen=True)
class Answered:
    """One wave and who answered it; all arrays have one row a person.

    answers : (people, items) 0 to 10, high as the scale means high; scores: (people, scales) 0 to 10.
    phase   : of the school; year_group: "" of staff.
    groups  : name of a column -> labels, `phase` among them.
    """

    wave: Wave
    person: Labels
    school: Labels
    year_group: Labels
    groups: Mapping[str, Labels]
    answers: Floats
    scores: Floats

    @property
    def phase(self) -> Labels:
        return self.groups["phase"]

    @property
    def clusters(self) -> Clusters:
        """Schools, or groups of people where there are fewer than ten."""
        return clusters_of(self.school, self.person)

    def items(self, of_scale: Flags) -> Floats:
        """Return the answers to a scale's items that the wave held."""
        return self.answers[:, of_scale & self.wave.asked]


def answered_waves(sources: Sources) -> Mapping[Instrument, tuple[Answered, ...]]:
    """Return the waves that have closed, oldest first, by questionnaire."""
    found: dict[str, list[Answered]] = {}
    for wave in sources.waves:
        if wave.closes_on < sources.store.today and len((here := _answered(sources, wave)).person):
            found.setdefault(wave.instrument.name, []).append(here)
    return {waves[0].wave.instrument: tuple(waves) for _, waves in sorted(found.items())}


def _answered(sources: Sources, wave: Wave) -> Answered:
    people = _people(sources, wave)
    row = wave.people.get_indexer(pd.Index(people["person_id"]))
    people, row = people[row >= 0], row[row >= 0]
    names = [name for name in people.columns if name not in ("person_id", "school_id", "year_group")]
    return Answered(
        wave,
        people["person_id"].to_numpy(str),
        people["school_id"].to_numpy(str),
        people["year_group"].to_numpy(str),
        {name: few_joined(people[name].to_numpy(str)) for name in names},
        wave.answers[row],
        wave.scores[row],
    )


def _people(sources: Sources, wave: Wave) -> pd.DataFrame:
    """Return a row a person: school, year group, phase and groups, as known when the wave had closed."""
    population = sources.config.population
    read = [f"coalesce(({sql})::VARCHAR, '{NOT_RECORDED}') AS {name}" for name, sql in _READ[population].items()]
    return sources.store.db.execute(
        f"""SELECT p.person_id, p.school_id, {", ".join(read)}, s.phase::VARCHAR AS phase
        FROM {people_as_known(population, wave.closes_on + timedelta(days=1), sources.config.fixed)} AS p
        JOIN schools AS s USING (school_id)
        QUALIFY row_number() OVER (PARTITION BY p.person_id ORDER BY p.joined_on DESC, p.school_id) = 1
        ORDER BY p.person_id"""
    ).df()


def few_joined(labels: Labels) -> Labels:
    """Return the labels; who is not recorded is counted with the largest group where they are too few to be shown.

    >>> few_joined(np.array(["N"] * 12 + ["not recorded"])).tolist().count("N")
    13
    """
    unknown = labels == NOT_RECORDED
    if not 0 < unknown.sum() < RESPONDENTS_FROM or unknown.all():
        return labels
    names, sizes = np.unique(labels[~unknown], return_counts=True)
    return np.where(unknown, names[sizes.argmax()], labels)
