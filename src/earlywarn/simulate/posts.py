"""The posts of a school: how many, in which role, which subject, and how fast each turns over.

In:  a school.
Out: `Posts`, which outlive those who hold them.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.england.staff import primary_leavers, subject_leavers
from earlywarn.simulate.holders import Floats, Role, Texts
from earlywarn.simulate.schools import Phase, School

# Pupils to a teacher or leader: 20.7, 16.8 and 6.4 (school workforce census, November 2023). Teaching assistants: 11 of
# the 30 posts of a primary, 14 in a secondary, 41 of the 75 posts of a special school (NFER, February 2025).
PUPILS_A_POST: dict[Phase, float] = {"primary": 9.2, "secondary": 9.9, "special": 2.0}
ROLES: dict[Phase, dict[Role, float]] = {
    "primary": {"teacher": 0.37, "leader": 0.07, "teaching assistant": 0.37, "administration": 0.19},
    "secondary": {"teacher": 0.51, "leader": 0.08, "teaching assistant": 0.13, "administration": 0.28},
    "special": {"teacher": 0.26, "leader": 0.05, "teaching assistant": 0.55, "administration": 0.14},
}
FEWEST_POSTS = 4
# Shares of a secondary's teachers: assumed.
SUBJECTS = {"English": 0.16, "Mathematics": 0.16, "Biology": 0.07, "Chemistry": 0.06, "Physics": 0.05,
            "Modern Foreign Languages": 0.08, "Geography": 0.06, "History": 0.06, "Religious Education": 0.04,
            "Computing": 0.03, "Business Studies": 0.03, "Art and Design": 0.04, "Design and Technology": 0.04,
            "Drama": 0.02, "Music": 0.02, "Physical Education": 0.08}  # fmt: skip

# Resignations a year of middling staff. With retirements and ends of fixed terms they make 17, 18 and 15% of teachers
# who leave their school in a year (NFER, March 2025), and one in five support staff; the leaders' is assumed.
TEACHERS: dict[Phase, float] = {"primary": 0.215, "secondary": 0.235, "special": 0.185}
OTHERS: dict[Role, float] = {"leader": 0.14, "teaching assistant": 0.25, "administration": 0.245}
SCHOOLS_DIFFER = 0.25  # SD of the log among schools: assumed


@dataclass(frozen=True)
class Posts:
    """Posts of one school; all arrays have shape (n,).

    number : the post's number at its school.
    role   : a `Role`; `subject` is empty for all but teachers of a secondary.
    tempo  : resignations a year that the post sees with a holder of middling age, service and morale.
    """

    school: School
    number: NDArray[np.int64]
    role: Texts
    subject: Texts
    tempo: Floats

    def __len__(self) -> int:
        return len(self.number)

    def rows(self, place: NDArray[np.int64]) -> Self:
        """Return the posts at these places."""
        return replace(
            self,
            number=self.number[place],
            role=self.role[place],
            subject=self.subject[place],
            tempo=self.tempo[place],
        )


def make_posts(school: School, rng: np.random.Generator) -> Posts:
    """Return the posts of a school; schools differ in how fast all their posts turn over, and stay as they are."""
    posts = max(FEWEST_POSTS, round(school.capacity / PUPILS_A_POST[school.phase]))
    shares = ROLES[school.phase]
    role = np.repeat(list(shares), [max(1, round(posts * share)) for share in shares.values()])
    drawn = rng.choice(list(SUBJECTS), len(role), p=list(SUBJECTS.values()))
    subject = np.where((role == "teacher") & (school.phase == "secondary"), drawn, "")
    own = np.exp(SCHOOLS_DIFFER * rng.standard_normal() - SCHOOLS_DIFFER**2 / 2)
    return Posts(school, np.arange(len(role)), role, subject, own * _tempo(school.phase, role, subject))


def _tempo(phase: Phase, role: Texts, subject: Texts) -> Floats:
    """Return (n,) resignations a year; subjects differ as their teachers under 55 who leave do in England."""
    by_role = {"teacher": TEACHERS[phase], **OTHERS}
    by_subject = {name: rates.under_55 / primary_leavers().under_55 for name, rates in subject_leavers().items()}
    return np.array([by_role[r] * by_subject.get(s, 1.0) for r, s in zip(role.tolist(), subject.tolist(), strict=True)])
