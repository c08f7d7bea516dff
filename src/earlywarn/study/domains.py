"""Which scale tells most? Each alone, and what it adds beyond all the others.

In:  the questionnaires, and the rungs with the answers and without them.
Out: rungs that hold the answers to one scale or domain alone, or to all but one; `domains`, a table of what they add.

Scales of one questionnaire go together, so that part of what one tells the others tell, too: beyond all others a scale
may add nothing, and alone be what tells most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from earlywarn.config import Population
from earlywarn.evaluate.intervals import Gain
from earlywarn.features.catalogue import PEERS
from earlywarn.features.survey import part_features
from earlywarn.features.waves import Part, parts_of
from earlywarn.study.comparisons import Line, gain_table
from earlywarn.study.gain_words import AMONG, told
from earlywarn.study.ladder import Rung
from earlywarn.study.steps import Field, Step, by_auc, largest_shown
from earlywarn.study.table import Table, Value
from earlywarn.surveys.instrument import Instrument

ALONE, BEYOND = "alone", "beyond the others"
_TITLE = "Which scale of the questionnaire tells most?"
_COLUMNS = {
    "questionnaire": "the questionnaire's name",
    "domain": "the name of the scale, or of a theme of several scales",
    "label": "what it is called in words",
    "kind": "scale, or theme",
    "compared": "alone: added to all that is known without answers; beyond the others: added to the other answers, too",
    "named": "whether it is the scale that tells most: the largest gain alone, with its whole interval above 0",
}
_DESCRIBES = "This describes and tests nothing: the largest of several gains is large by luck, too."
_SHARED = "Scales of one questionnaire share what they tell: what one adds alone, others may add as well."
NO_SCALES = "Not estimable: the data hold no answers to a questionnaire, or nothing without them."


@dataclass(frozen=True)
class Domain:
    """A scale, or a theme of several, and the models that ask about it.

    alone  : knows what is known without answers, and the answers to this.
    others : knows all answers but those to this; None where there are no others.
    """

    instrument: str
    part: Part
    alone: Rung
    others: Rung | None

    @property
    def is_scale(self) -> bool:
        return len(self.part.scales) == 1


def domains_between(
    instruments: Sequence[Instrument], upper: Rung, lower: Rung, population: Population
) -> tuple[Domain, ...]:
    """Return the scales and themes that the answers are about which one rung knows and the other does not."""
    answers = replace(upper, features=tuple(one for one in upper.features if one not in lower.features))
    return tuple(found for one in instruments for found in _domains_of(one, answers, lower, population))


def named_domain(gains: Mapping[str, Gain]) -> str | None:
    """Return the scale whose gain alone is the largest, if its whole interval lies above 0."""
    return largest_shown(gains)


def rungs_of(domains: Sequence[Domain]) -> tuple[Rung, ...]:
    """Return every model that the domains ask about."""
    return tuple(rung for domain in domains for rung in (domain.alone, domain.others) if rung is not None)


def domain_table(domains: Sequence[Domain], field: Field, upper: Rung, lower: Rung) -> Table:
    """Return what each scale and theme adds, by AUC; `field` holds the two rungs and `rungs_of` the domains."""
    alone = {domain: by_auc(field, domain.alone, lower) for domain in domains}
    named = named_domain({domain.part.name: step.gain for domain, step in alone.items() if domain.is_scale})
    lines = []
    for domain, step in alone.items():
        lines.append(Line(step, _beside(domain, ALONE, domain.part.name == named)))
        if domain.others is not None:
            lines.append(Line(by_auc(field, upper, domain.others), _beside(domain, BEYOND, named=False)))
    return gain_table("domains", _TITLE, _says(alone, named, field.name), lines, _COLUMNS)


def no_domains(why: str) -> Table:
    """Return the table where nothing can be said of any scale."""
    return gain_table("domains", _TITLE, [why], [], _COLUMNS)


def _domains_of(instrument: Instrument, answers: Rung, lower: Rung, population: Population) -> Iterator[Domain]:
    parts = parts_of(instrument)
    names = {part: {one.name for one in part_features(instrument, part, PEERS[population])} for part in parts}
    for part in parts:
        own = tuple(one for one in answers.features if one.name in names[part])
        # A theme's score is made of its scales': it tells of each of them.
        kin = set().union(*(names[other] for other in parts if set(other.scales) & set(part.scales)))
        rest = tuple(one for one in answers.features if one.name not in kin)
        if own:
            alone = Rung(part.name, part.label, (*lower.features, *own))
            others = Rung(f"all but {part.name}", f"all answers but {part.label}", (*lower.features, *rest))
            yield Domain(instrument.name, part, alone, others if rest else None)


def _beside(domain: Domain, compared: str, named: bool) -> dict[str, Value]:
    return {
        "questionnaire": domain.instrument,
        "domain": domain.part.name.removeprefix("domain_"),
        "label": domain.part.label,
        "kind": "scale" if domain.is_scale else "theme",
        "compared": compared,
        "named": named,
    }


def _says(alone: Mapping[Domain, Step], named: str | None, population: str) -> tuple[str, ...]:
    if named is None:
        first = (
            f"Of no scale alone could it be shown, {AMONG[population]}, that it adds to what is known without answers."
        )
        return first, _DESCRIBES
    ((domain, step),) = ((domain, step) for domain, step in alone.items() if domain.part.name == named)
    first = f"Alone, answers about {domain.part.label} add most, {AMONG[population]}: {told(step)}."
    return first, _DESCRIBES, _SHARED
