"""Shocks on which a method can be tried: what is out of the ordinary, and for whom.

In:  nothing.
Out: `SCENARIOS`, by name. The other modules of the simulator ask `Plan.shock` what holds in a school year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Scenario:
    """What is out of the ordinary; the defaults are: nothing.

    says          : one line for a reader.
    always        : it holds in every year, not from the last complete one on.
    absence       : SDs by which everyone's propensity to be absent is raised.
    response      : logits by which fewer answer surveys.
    answers       : SDs by which every scale of the pupils' answers is lower.
    coding        : share of schools (at least one) that record half of their illness as O.
    changed_item  : an item of the pupils' questionnaire that was worded anew: harder to agree with, and vaguer.
    biased_for    : group of pupils who answer lower than they feel, less steadily and less often.
    equal_groups  : every pupil draws absence from one distribution, whatever the group, phase or year group.
    late_for      : group of pupils whose marks tell little, until the end of February, of how often they will be away.
    """

    says: str = ""
    always: bool = False
    absence: float = 0.0
    response: float = 0.0
    answers: float = 0.0
    coding: float = 0.0
    changed_item: str = ""
    biased_for: Literal["", "pupil_premium", "sen"] = ""
    equal_groups: bool = False
    late_for: Literal["", "pupil_premium", "sen"] = ""


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "drift": Scenario(
            says="From the last complete year on there is more absence, lower answers and fewer of them.",
            absence=0.25,
            answers=0.3,
            response=0.5,
        ),
        "coding-habits": Scenario(
            says="One school in ten records half of its illness as O, from the last year on.",
            coding=0.1,
        ),
        "changed-item": Scenario(
            says="One item of the pupils' questionnaire is worded anew from the last year on.",
            changed_item="emo_happy",
        ),
        "biased-survey": Scenario(
            says="Pupils with special needs answer lower than they feel, less steadily and less often.",
            always=True,
            biased_for="sen",
        ),
        "equal-groups": Scenario(
            says="Every group of pupils has the same distribution of absence, and the same engagement.",
            always=True,
            equal_groups=True,
        ),
        "late-warning": Scenario(
            says="Groups are equal, but the absence of pupils on pupil premium shows late: from late February.",
            always=True,
            equal_groups=True,
            late_for="pupil_premium",
        ),
        "late-warning-sen": Scenario(
            says="Groups are equal, but the absence of pupils with special needs shows late: from late February.",
            always=True,
            equal_groups=True,
            late_for="sen",
        ),
    }
)
