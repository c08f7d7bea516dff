"""What engagement adds: every rung of the ladder over the one below, on the same people.

In:  the sources, the examples and the config of a study.
Out: `primary`, the one test; `gains`, what each kind of knowledge adds; `domains` and `year_groups`, of which scale and
     in which years; `power`, what could have been seen. All but the first describe.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from earlywarn.config import Config
from earlywarn.evaluate.ground import EVERYONE
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.model.recipe import Trees
from earlywarn.progress import each, step
from earlywarn.study.comparisons import Line, gain_table
from earlywarn.study.domains import NO_SCALES, domain_table, domains_between, no_domains, rungs_of
from earlywarn.study.gain_words import told
from earlywarn.study.ladder import LEVEL, Rung, ladder, rung_of
from earlywarn.study.power import power_table
from earlywarn.study.primary import primary_step, primary_table, untested
from earlywarn.study.settings import TOO_FEW, folds_to_calibrate, study_trees
from earlywarn.study.steps import Field, Scored, Step, field_asked, fields_of, scored_by, steps
from earlywarn.study.table import Table
from earlywarn.study.year_groups import no_year_groups, year_group_table

_TITLE = "What does each kind of knowledge add to what is known without it?"
_COLUMNS = {"words": "what the model knows more, in words"}
_LADDER = "Each model knows all that the one below knows, and one kind more; settings, people and dates are the same."
_PARTICIPATION = (
    "Whether people answer at all is a step of its own, below what they answered: silence tells something, too, and "
    "what answers are said to add is what they tell beyond it."
)
_DESCRIBES = "These comparisons describe; the one test stands in the table `primary`."
_NO_LADDER = "Not estimable: the data hold one kind of knowledge alone, so that nothing is added to anything."


@dataclass(frozen=True)
class Climbed:
    """The ladder, what each rung says of the test rows, and what that is worth in each population."""

    rungs: tuple[Rung, ...]
    scored: Mapping[str, Scored]
    fields: Mapping[str, Field]


def gain_tables(sources: Sources, examples: Examples, config: Config, trees: Trees | None = None) -> tuple[Table, ...]:
    """Return the tables of what engagement adds; `trees` are those of `study_trees`, where they are chosen already."""
    trees = trees or study_trees(examples, config)
    if trees is None:
        return _not_estimable(config)
    climbed = climb(examples, config, trees)
    return (
        primary_table(climbed.rungs, climbed.fields, config.study),
        ladder_table(climbed),
        *_of_answers(sources, examples, config, trees, climbed),
        power_table(primary_step(climbed.rungs, climbed.fields, config.study, "auc")),
    )


def climb(examples: Examples, config: Config, trees: Trees) -> Climbed:
    """Fit every rung and measure it on the test rows."""
    rungs, folds = ladder(trees.features), folds_to_calibrate(examples)
    scored = {rung.name: scored_by(examples, rung, trees, folds) for rung in each("Fitting the ladder", rungs)}
    with step("Measuring the ladder"):
        return Climbed(rungs, scored, {field.name: field for field in fields_of(examples, scored, config)})


def ladder_table(climbed: Climbed) -> Table:
    """Return what each rung adds to the one below; then what answers, and everything, add to the records."""
    found = [
        one for field in climbed.fields.values() for upper, lower in _compared(climbed.rungs)
        for one in steps(field, upper.name, lower.name)
    ]  # fmt: skip
    says = [*_says(climbed.rungs, found), _LADDER, _PARTICIPATION, _DESCRIBES] if found else [_NO_LADDER]
    words = {rung.name: rung.words for rung in climbed.rungs}
    lines = [Line(one, {"words": words[one.rung]}) for one in found]
    return gain_table("gains", _TITLE, says, lines, _COLUMNS)


def _compared(rungs: Sequence[Rung]) -> list[tuple[Rung, Rung]]:
    """Return pairs of rungs: each with the one below, then that of the answers, and the last, with the first."""
    found = [(upper, lower) for lower, upper in pairwise(rungs)]
    far = [rung for rung in rungs if rung.name == LEVEL or rung is rungs[-1]]
    return found + [(rung, rungs[0]) for rung in far if rung is not rungs[0] and (rung, rungs[0]) not in found]


def _says(rungs: Sequence[Rung], found: Sequence[Step]) -> list[str]:
    """Return a sentence for each rung, answers first: what it adds to the one below among everyone, by AUC."""
    below = {upper.name: (upper, lower) for lower, upper in pairwise(rungs)}
    return [
        f"{below[one.rung][0].words.capitalize()}: {told(one)}."
        for one in sorted(found, key=lambda one: one.rung != LEVEL)
        if (one.population, one.measure) == (EVERYONE, "auc") and one.over == below[one.rung][1].name
    ]


def _of_answers(
    sources: Sources, examples: Examples, config: Config, trees: Trees, climbed: Climbed
) -> tuple[Table, Table]:
    """Return what answers add by scale and by year group."""
    pair = rung_of(climbed.rungs, LEVEL)
    if pair is None:
        return no_domains(NO_SCALES), no_year_groups(NO_SCALES)
    upper, lower = pair
    domains = domains_between(sources.instruments, upper, lower, config.population)
    scored = {rung.name: scored_by(examples, rung, trees) for rung in each("Fitting each scale", rungs_of(domains))}
    both = {rung.name: climbed.scored[rung.name] for rung in pair}
    with step("Measuring scales and year groups"):
        of_domains = domain_table(domains, field_asked(examples, both | scored, config), upper, lower)
        if "year_group" not in examples.people:
            return of_domains, no_year_groups("Not estimable: these people have no year groups.")
        return of_domains, year_group_table(examples, climbed.fields[EVERYONE], both, upper, lower)


def _not_estimable(config: Config) -> tuple[Table, ...]:
    return (
        untested(config.study, TOO_FEW.removeprefix("Not estimable: ").removesuffix(".")),
        gain_table("gains", _TITLE, [TOO_FEW], [], _COLUMNS),
        no_domains(TOO_FEW),
        no_year_groups(TOO_FEW),
        power_table(None),
    )
