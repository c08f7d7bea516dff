"""Why a gap is there and what could be done, in sentences for a reader who is no statistician.

In:  the parts of an audit, and the gaps that its reading tells.
Out: sentences; differences are said as people missed of 100, a gap in recall the other way round.
"""

from collections.abc import Iterator, Sequence

from earlywarn.audit.carriers import Carrier, Noise
from earlywarn.audit.details import Detail
from earlywarn.audit.groups import NOT_RECORDED
from earlywarn.audit.parts import Parts
from earlywarn.audit.remedies import WAYS, Remedy
from earlywarn.audit.rows import GapRow, Key
from earlywarn.audit.subjects import MODEL
from earlywarn.audit.why import Part
from earlywarn.audit.words import joined, list_words, more_or_fewer, phrase_of

# Why more of a group are missed, and why fewer.
_BECAUSE = {
    "base_rates": (
        "because fewer of them had the outcome, so that fewer stand high on the list",
        "because more of them had the outcome, so that more stand high on the list",
    ),
    "rating": (
        "because the model rates them too low: the same score meant a higher risk",
        "because the model rates them too high: the same score meant a lower risk",
    ),
    "telling_apart": (
        "because the model tells less well which of them it will be, or the lists of their schools are fuller",
        "because the model tells better which of them it will be, or the lists of their schools have more room",
    ),
}
_NOTHING = 0.005  # half a person in 100: smaller parts are not told
_WORTH = 0.05  # log-odds: what a theme must carry to be told
_MOST_THEMES = 3


def words_of(parts: Parts, told: Sequence[GapRow], noun: str) -> dict[str, list[str]]:
    """Return what the parts say of the told gaps, for `audit.json`: why, at which schools, what could be done."""
    return {
        "why": list(why_sentences(parts, told, noun)),
        "schools": list(school_sentences(parts.details, told, noun)),
        "remedies": list(remedy_sentences(parts.remedies, noun)),
    }


def why_sentences(parts: Parts, told: Sequence[GapRow], noun: str) -> tuple[str, ...]:
    """Return why the told gaps in recall are there, as far as chance alone would hardly have made them.

    () where nothing is known of why.
    """
    if not parts.why:
        return ()
    gaps = [gap for gap in told if gap.key.measure == "recall" and _hardly_chance(gap)]
    said = tuple(sentence for gap in gaps for sentence in _of_gap(parts, gap, noun))
    return said or (
        "On the list that matters most every difference in those missed may be chance: there is nothing to explain "
        "that these data could show. The parts stand behind the numbers of each group.",
    )


def _hardly_chance(gap: GapRow) -> bool:
    return gap.alarm or (gap.low is not None and gap.high is not None and not gap.low <= 0 <= gap.high)


def _of_gap(parts: Parts, gap: GapRow, noun: str) -> Iterator[str]:
    mine = {part.part: part for part in parts.why if part.key == gap.key}
    group, against = (f"{noun} {phrase_of(gap.key.group_by, each)}" for each in (gap.key.group, gap.against))
    clauses = [_clause(part) for part in mine.values() if part.part in _BECAUSE and abs(part.value or 0) >= _NOTHING]
    if gap.value is not None and clauses:
        yield f"{_missed(gap.value, group, against)}: {'; '.join(clauses)}."
    if "silence" in mine:
        yield from _silence(mine["silence"], group)
    yield from _themes([one for one in parts.carriers if _same(one.key, gap.key)], group, against)
    yield from _noise([one for one in parts.noise if one.key == gap.key], group)


def _missed(recall_gap: float, group: str, against: str) -> str:
    """Return a gap in recall as people missed."""
    how = more_or_fewer(-recall_gap)
    told = f"as many are missed as of 100 {against}" if how == "the same" else f"{how} are missed than of 100 {against}"
    return f"Of 100 {group} with the outcome {told}"


def _clause(part: Part) -> str:
    """Return one part of a gap: how many more or fewer are missed, and because of what."""
    assert part.value is not None
    more = part.value < 0
    because = _BECAUSE[part.part][0 if more else 1]
    chance = part.low is None or part.high is None or part.low <= 0 <= part.high
    return f"{more_or_fewer(-part.value)} {because}{' (may be chance)' if chance else ''}"


def _silence(part: Part, group: str) -> Iterator[str]:
    if part.value is not None:
        much = "none" if abs(part.value) < _NOTHING else more_or_fewer(-part.value)
        yield (
            f"Silence in the survey carries {much} of it: what would be left if {group} were found as often as the "
            f"others, both of those who answered and of those who did not."
        )


def _same(key: Key, other: Key) -> bool:
    return (key.population, key.group_by, key.group) == (other.population, other.group_by, other.group)


def _themes(carriers: Sequence[Carrier], group: str, against: str) -> Iterator[str]:
    """Name the themes that speak less for the group, among those who had the outcome."""
    less = [one for one in carriers if one.value is not None and one.value <= -_WORTH]
    if less:
        named = [f"{one.theme} ({one.value:.1f})".replace("-", "−") for one in less[:_MOST_THEMES]]
        yield (
            f"What speaks less for {group} than for {against}, among those who had the outcome, in log-odds: "
            f"{joined(named)}."
        )


def _noise(rows: Sequence[Noise], group: str) -> Iterator[str]:
    """Say what a noisier survey would change, as far as the data could show it."""
    said = [
        f"{more_or_fewer(-row.value)} if {'all' if row.share == 1 else 'half'} of their answers were somebody else's"
        for row in rows
        if row.value is not None and row.low is not None and row.high is not None and not row.low <= 0 <= row.high
    ]
    if said:
        yield f"A noisier survey of {group} would change how many of 100 are missed: {joined(said)}."
    elif rows:
        yield f"If the answers of {group} were somebody else's, no more would be missed that these data could show."


def school_sentences(details: Sequence[Detail], told: Sequence[GapRow], noun: str) -> Iterator[str]:
    """Say in how many schools a told gap points the same way."""
    counts = {(each.key, each.at): each.value for each in details if each.kind == "schools"}
    for gap in (gap for gap in told if gap.key.measure == "recall" and NOT_RECORDED not in gap.key.group):
        compared, missed = (counts.get((gap.key, at)) for at in ("compared", "missed more"))
        if compared is not None and missed is not None:
            yield (
                f"In {missed:.0f} of the {compared:.0f} schools where it can be compared, more {noun} "
                f"{phrase_of(gap.key.group_by, gap.key.group)} are missed than "
                f"{phrase_of(gap.key.group_by, gap.against)}."
            )


def remedy_sentences(remedies: Sequence[Remedy], noun: str) -> Iterator[str]:
    """Say for each group what each way would leave of the gap, and its cost in people found."""
    for now in remedies:
        if now.key.contender == MODEL and now.gap is not None:
            key = now.key
            others = [row for row in remedies if _same(row.key, key) and row != now and row.gap is not None]
            missed = _missed(now.gap, *(f"{noun} {phrase_of(key.group_by, each)}" for each in (key.group, now.against)))
            said = "; ".join(f"{WAYS[row.key.contender]}: {_left(row)}" for row in others)
            yield f"On {list_words(key.population)}. {missed}, with the model as it is. What else could be had: {said}."


def _left(row: Remedy) -> str:
    assert row.gap is not None
    change = round(row.more or 0)
    cost = "as many found in all" if change == 0 else f"{abs(change)} {'more' if change > 0 else 'fewer'} found in all"
    return f"{more_or_fewer(-row.gap)} missed, {cost}"
