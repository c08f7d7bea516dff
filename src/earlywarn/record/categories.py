"""Which data a model looks at: in the formal words of a data protection paper, and in plain ones.

In:  the run; what counts are the features that the model has, not the tables that were there.
Out: a `Category` for each kind of data, in the order of the catalogue.
"""

from dataclasses import dataclass

from earlywarn.audit.words import column_words
from earlywarn.bundle.manifest import FeatureRecord
from earlywarn.features.people import AMOUNT_OF
from earlywarn.record.run import Run


@dataclass(frozen=True)
class Category:
    """A kind of data.

    formal   : what it is, for a data protection officer.
    plain    : the same, said to a parent of a pupil, or to a member of staff.
    """

    formal: str
    plain: str


@dataclass(frozen=True)
class _Kind:
    """Features that are one kind of data: of a block and, where the block has several, of a theme."""

    block: str
    theme: str
    formal: str
    plain: str

    def holds(self, feature: FeatureRecord) -> bool:
        return feature.block == self.block and self.theme in ("", feature.theme)


_PUPILS = (
    _Kind(
        "attendance",
        "",
        "Attendance marks of each session, with the reason that the school recorded (illness among them)",
        "Which mornings and afternoons of school your child missed, and why, as the school wrote it down",
    ),
    _Kind(
        "context",
        "",
        "The mean absence of the school, the year group and the form, for comparison",
        "How that stands beside others in the same class, year and school",
    ),
    _Kind(
        "survey",
        "engagement and relationships",
        "Answers of pupils to questionnaires, as scores of scales, and whether they answered",
        "What your child said when the school asked pupils how school is for them, and if they did not answer",
    ),
    _Kind(
        "survey",
        "home and parents' view",
        "Answers of parents to questionnaires, as scores of scales, and whether they answered",
        "What you said when the school asked parents, and if you did not answer",
    ),
    _Kind(
        "staff_views",
        "",
        "Answers of the school's staff to questionnaires, as means over the school",
        "What the school's staff said as a group when they were asked about work",
    ),
    _Kind("characteristics", "", "Characteristics: {}", "From your child’s school record: {}"),
    _Kind(
        "movement",
        "",
        "Year group, dates of joining, schools attended",
        "Your child’s year group, and when they joined the school",
    ),
    _Kind("events", "", "Dated events that the school recorded: {}", "Things the school wrote down, such as {}"),
    _Kind("assessments", "", "Judgements of teachers by subject: {}", "What teachers wrote down of your child’s work"),
    _Kind("interventions", "", "Help that was given: {}", "Help your child has had at school"),
)
_STAFF = (
    _Kind(
        "survey",
        "",
        "Answers of staff to questionnaires, as scores of scales, and whether they answered",
        "What you said when staff were asked about work, and if you did not answer",
    ),
    _Kind("characteristics", "", "Characteristics of the post: {}", "Your job: {}"),
    _Kind(
        "staff",
        "post and tenure",
        "Years in post, working time, size of the team, and how many left the school before",
        "How long you have worked here, your hours, your team, and how many others left",
    ),
    _Kind(
        "staff",
        "events and help",
        "Spells of absence and their length, without the reason",
        "When you were off work, and for how long; not why",
    ),
    _Kind("events", "", "Dated events that were recorded: {}", "Things that were written down, such as {}"),
    _Kind("interventions", "", "Support that was given: {}", "Support you have had at work"),
)


def categories(run: Run) -> tuple[Category, ...]:
    """Return the kinds of data that the model looks at."""
    kinds = _PUPILS if run.pupils else _STAFF
    found = ((kind, [each for each in run.features.features if kind.holds(each)]) for kind in kinds)
    return tuple(_category(kind, features) for kind, features in found if features)


def _category(kind: _Kind, features: list[FeatureRecord]) -> Category:
    sources = dict.fromkeys(each.source.removeprefix(AMOUNT_OF) for each in features if each.source)
    named = ", ".join(map(column_words, sources))
    return Category(kind.formal.format(named), kind.plain.format(named))
