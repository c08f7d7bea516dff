"""What an audit says, in sentences for a reader who is no statistician.

In:  the rows and gaps of an audit, shared or not.
Out: sentences: whether there is an alarm; who is missed more and how sure that is; what the data
     cannot tell; whether the model is fairer than the rule it replaces.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from earlywarn.audit.gaps import MODEL, compared
from earlywarn.audit.groups import TIMES
from earlywarn.audit.rows import NOT_ESTIMABLE, AuditRow, GapRow, Key
from earlywarn.audit.words import in_100, joined, list_words, more_or_fewer, phrase_of, span
from earlywarn.phrases import lowered

# The list on which the reading dwells: the early warning that schools lack, or else the only one.
_MAIN = ("onset", "everyone")
_WITH_CHARACTERISTICS = "with_characteristics"
_NOT_RULES = (MODEL, "logistic", _WITH_CHARACTERISTICS, "without_engagement")

Rows = Mapping[Key, AuditRow]


@dataclass(frozen=True)
class About:
    """What the sentences need to know beside the numbers.

    name          : the model's.
    outcome_words : fits after "pupils who", e.g. "missed 10% or more of the sessions to July".
    noun          : "pupils" or "staff".
    contenders    : contender -> what a reader calls it, e.g. "absence rate so far".
    """

    name: str
    outcome_words: str
    noun: str = "pupils"
    contenders: Mapping[str, str] | None = None


def read(rows: Sequence[AuditRow], gaps: Sequence[GapRow], comparisons: int, about: About) -> tuple[str, ...]:
    """Return the reading of an audit, the verdict first; `comparisons` is the size of the family."""
    by_key = {row.key: row for row in rows}
    main, telling = main_list(rows), told(rows, gaps)
    elsewhere = sum(gap.alarm and gap.key.contender == MODEL and gap not in telling for gap in gaps)
    return (
        verdict(gaps, comparisons, about),
        *_each(telling, "recall", by_key, comparisons, about),
        *_each(telling, "false_alarms", by_key, comparisons, about),
        *_elsewhere(elsewhere, main),
        *_fairer(telling, {gap.key: gap for gap in gaps}, by_key, about),
        *_cannot_tell(rows, main, about),
        *_not_shown(rows, main, about),
    )


def told(rows: Sequence[AuditRow], gaps: Sequence[GapRow]) -> list[GapRow]:
    """Return the model's gaps on the main list that are told in words, alarms first."""
    model = [gap for gap in gaps if gap.key.contender == MODEL]
    worth = _worth_telling(model, main_list(rows), {row.key: row for row in rows})
    return sorted(worth, key=lambda gap: not gap.alarm)


LARGEST_TOLD = 3  # groups of a grouping that are told even without an alarm


def _worth_telling(gaps: Sequence[GapRow], main: str, rows: Rows) -> list[GapRow]:
    """Return the gaps on the main list that are told in words: alarms, and those of the largest single groups."""
    here = [gap for gap in gaps if gap.key.population == main]
    sizes: dict[tuple[str, str], list[int]] = {}
    for gap in here:
        sizes.setdefault((gap.key.group_by, gap.key.measure), []).append(rows[gap.key].n or 0)
    least = {key: sorted(each)[-LARGEST_TOLD:][0] for key, each in sizes.items()}
    return [
        gap
        for gap in here
        if gap.alarm
        or (TIMES not in gap.key.group_by and (rows[gap.key].n or 0) >= least[gap.key.group_by, gap.key.measure])
    ]


def read_beside(first: Sequence[GapRow], second: Sequence[GapRow], about: About) -> str:
    """Say what changes when the school's own decisions are taken out of the outcome."""
    before, after = ({gap.key for gap in gaps if gap.alarm} for gaps in (first, second))
    opening = (
        "With suspensions, part-time timetables and study leave, which are partly the school's own decision, "
        "taken out of what counts as absent and possible, "
    )
    if before == after:
        return opening + ("there is still no alarm." if not before else "the same alarms stand.")
    gone, new = ([_named(key, about) for key in _ordered(keys)] for keys in (before - after, after - before))
    changes = [f"{words}: {'; '.join(keys)}" for words, keys in (("alarms that go", gone), ("new alarms", new)) if keys]
    return opening + "the alarms change. " + ". ".join(f"{change[0].upper()}{change[1:]}" for change in changes) + "."


def main_list(rows: Sequence[AuditRow]) -> str:
    """Return the list on which the reading dwells."""
    there = dict.fromkeys(row.key.population for row in rows)
    return next((name for name in (*_MAIN, *there) if name in there), "")


def verdict(gaps: Sequence[GapRow], comparisons: int, about: About) -> str:
    """Return whether there is an alarm, and what its absence does not prove."""
    if not comparisons:
        return "No groups could be compared: too few people, or nobody's group is recorded. This proves nothing."
    alarms = [gap for gap in gaps if gap.alarm]
    if alarms:
        return _alarmed(alarms, comparisons, about)
    smallest = sorted(gap.smallest_shown for gap in compared(gaps) if gap.smallest_shown is not None)
    limit = (
        f": half of the comparisons would have missed one of {in_100(smallest[len(smallest) // 2])} in 100"
        if smallest
        else ""  # no difference had an interval
    )
    return (
        f"No alarm: chance could have made every difference found in {comparisons} comparisons of groups. This does "
        f"not prove that the groups fare alike{limit}."
    )


_ALARMS = (
    ("recall", True, "missed more often than those they are compared with"),
    ("false_alarms", True, "listed in vain more often"),
    ("recall", False, "missed less often, so that the others are missed more"),
    ("false_alarms", False, "listed in vain less often, so that the others are more"),
)


def _alarmed(alarms: Sequence[GapRow], comparisons: int, about: About) -> str:
    """Return how many alarms there are, and which way they point: for whom is it worse?"""
    parts = [
        f"{said}: {joined([*whom])}"
        for measure, worse, said in _ALARMS
        if (whom := _whom(alarms, measure, worse, about))
    ]
    worse_off = any(gap.worse for gap in alarms)
    opening = "There is cause for concern: of" if worse_off else "Of"
    raised = "1 raises an alarm" if len(alarms) == 1 else f"{len(alarms)} raise an alarm"
    sentences = ". ".join(part[0].upper() + part[1:] for part in parts)
    return f"{opening} {comparisons} comparisons {raised}. {sentences}."


def _whom(alarms: Sequence[GapRow], measure: str, worse: bool, about: About) -> dict[str, None]:
    return dict.fromkeys(
        f"{about.noun} {phrase_of(gap.key.group_by, gap.key.group)}"
        for gap in alarms
        if gap.key.measure == measure and gap.worse == worse
    )


def _elsewhere(alarms: int, main: str) -> Iterator[str]:
    """Say how many alarms the sentences above leave to the tables."""
    if alarms:
        these = "1 more alarm stands" if alarms == 1 else f"{alarms} more alarms stand"
        yield f"{these} in the tables: on other lists than {list_words(main)}."


def _named(key: Key, about: About) -> str:
    what = "whom the list misses" if key.measure == "recall" else "false alarms"
    return f"{what}: {about.noun} {phrase_of(key.group_by, key.group)}, on {list_words(key.population)}"


def _ordered(keys: set[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: tuple(vars(key).values()))


def _each(told: Sequence[GapRow], measure: str, rows: Rows, comparisons: int, about: About) -> Iterator[str]:
    """Give each gap in a measure its sentence, and how sure it is."""
    for gap in told:
        row, reference = rows[gap.key], rows[replace(gap.key, group=gap.against)]
        if gap.key.measure == measure and row.value is not None and reference.value is not None:
            yield f"{_of_100(row, reference, about)} {_sure(gap, comparisons)}"


def _of_100(row: AuditRow, reference: AuditRow, about: About) -> str:
    """Return the sentence that compares two groups in people."""
    assert row.value is not None and reference.value is not None
    group, other = (phrase_of(each.key.group_by, each.key.group) for each in (row, reference))
    on = list_words(row.key.population)
    if row.key.measure == "recall":
        ours, theirs = in_100(1 - row.value), in_100(1 - reference.value)
        said = f"who {about.outcome_words}, {ours} were not on {on}"
    else:
        ours, theirs = in_100(row.value), in_100(reference.value)
        said = f"on {on}, {ours} were listed in vain: it did not happen"
    return f"Of 100 {about.noun} {group} {said}; of 100 {about.noun} {other}, {theirs}."


def _sure(gap: GapRow, comparisons: int) -> str:
    """Return how sure a difference is; differences are worded as more people missed, or more false alarms."""
    if gap.low is None or gap.high is None or gap.smallest_shown is None:
        return f"How sure this is cannot be said ({gap.why})."
    low, high = _worded(gap, gap.low, gap.high)
    words = f"95% interval {span(low, high)}"
    if gap.alarm:
        return f"This is an alarm: even among {comparisons} comparisons, chance is an unlikely reason ({words})."
    if low > 0 or high < 0:
        return f"Alone, this would hardly be chance ({words}); among {comparisons} comparisons it may be."
    return (
        f"This difference may be chance ({words}); one of less than {in_100(gap.smallest_shown)} in 100 "
        f"these data would probably not have shown."
    )


def _worded(gap: GapRow, low: float, high: float) -> tuple[float, float]:
    """Return the limits as more people missed (the other way round than recall), or more false alarms."""
    return (-high, -low) if gap.key.measure == "recall" else (low, high)


def _cannot_tell(rows: Sequence[AuditRow], main: str, about: About) -> Iterator[str]:
    """Name the groups of the main list for which nobody can say whom it misses."""
    silent = [
        f"{about.noun} {phrase_of(row.key.group_by, row.key.group)} ({row.why})"
        for row in rows
        if _whom_it_misses(row, main) and row.status == NOT_ESTIMABLE
    ]
    if silent:
        yield f"What these data cannot tell: whom the list misses among {joined(silent)}. That is not a gap of 0."


def _not_shown(rows: Sequence[AuditRow], main: str, about: About) -> Iterator[str]:
    """Name the groups whose numbers stay inside the school."""
    hidden = [
        f"{about.noun} {phrase_of(row.key.group_by, row.key.group)}"
        for row in rows
        if _whom_it_misses(row, main) and row.status == "suppressed" and TIMES not in row.key.group_by
    ]
    if hidden:
        yield f"Not shown here, because someone could be recognised from numbers so small: {joined(hidden)}."


def _whom_it_misses(row: AuditRow, main: str) -> bool:
    return (row.key.population, row.key.contender, row.key.measure) == (main, MODEL, "recall")


def _fairer(told: Sequence[GapRow], gaps: Mapping[Key, GapRow], rows: Rows, about: About) -> Iterator[str]:
    """Set the model's gaps in people missed beside those of the best rule, and of the model with characteristics."""
    compared_here = [gap for gap in told if gap.key.measure == "recall" and gap.value is not None]
    sentences = [_beside_others(gap, gaps, rows, about) for gap in compared_here]
    if any(sentences):
        yield "Is the model fairer than the rule it replaces? The differences side by side, without a test of them:"
        yield from filter(None, sentences)


def _beside_others(gap: GapRow, gaps: Mapping[Key, GapRow], rows: Rows, about: About) -> str:
    """Return one gap of the model beside those of the others; "" where there is none to compare with."""
    named = {MODEL: "with the model"}
    if rule := best_rule(rows, gap.key.population, gap.key.group_by):
        named[rule] = f"with the best simple rule ({lowered((about.contenders or {}).get(rule, rule))})"
    named[_WITH_CHARACTERISTICS] = "if the model were given the characteristics too"
    others = {contender: gaps.get(replace(gap.key, contender=contender)) for contender in named}
    said = [
        f"{more_or_fewer(-other.value)} {named[contender]}"
        for contender, other in others.items()
        if other is not None and other.value is not None
    ]
    group, against = (phrase_of(gap.key.group_by, each) for each in (gap.key.group, gap.against))
    missed = (
        f"on {list_words(gap.key.population)}, of 100 {about.noun} {group} the number missed, against those {against}"
    )
    return f"{missed[0].upper()}{missed[1:]}, is {'; '.join(said)}." if len(said) > 1 else ""


def best_rule(rows: Rows, population: str, group_by: str) -> str:
    """Return the rule that finds most people on a list, by the numbers that are shown; "" without a rule."""
    found: dict[str, list[float]] = {}
    for key, row in rows.items():
        here = (key.population, key.group_by, key.measure) == (population, group_by, "recall")
        if here and key.contender not in _NOT_RULES and row.numerator is not None and row.denominator is not None:
            sums = found.setdefault(key.contender, [0.0, 0.0])
            sums[0], sums[1] = sums[0] + row.numerator, sums[1] + row.denominator
    return max(found, key=lambda rule: found[rule][0] / max(found[rule][1], 1), default="")
