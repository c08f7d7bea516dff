"""What monitoring says, and what to do about it: plain, and of these numbers alone.

In:  readings, estimates, dates.
Out: sentences; `says` tells what was seen, `do` what to do.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from earlywarn.audit.words import joined, phrase_of
from earlywarn.bundle.read import Bundle
from earlywarn.evaluate.estimate import Estimate
from earlywarn.monitor.expected import Expected
from earlywarn.monitor.reading import Reading
from earlywarn.monitor.realised import OfGroup
from earlywarn.phrases import PEOPLE, lowered

SHOWN = 4

DO_STOP = (
    "Stop giving out its lists. Use the rule that the model's report names, and retrain when the next outcomes are "
    "known; if data were exported or recorded otherwise, mend that first."
)
DO_STOP_RISKS = (
    "Stop showing its probabilities. See whether absence, or leaving, itself changed this much, or the way in which "
    "it is recorded; then retrain."
)
DO_COMPARE = "Hold its lists against the simple rule that its report names, see what else moved, and retrain."
DO_RECALIBRATE = "The order of the list may still be right; the probabilities are not. Retrain with these outcomes."
DO_AUDIT = "Run `earlywarn audit` on these data, and retrain with these outcomes."
_DO_FEATURES = (
    "See whether these numbers still mean what they did: another export, another way of recording, or other people. "
    "If the people changed, retrain when their outcomes are known."
)
_DO_RISK = "See which features moved with it. Until outcomes are known, give more weight to the order than to the risk."
_DO_ITEM = (
    "Ask whether it was worded, placed or scaled anew. If so, give the new question an id of its own in the "
    "questionnaire, with an `until` on the old one, and retrain."
)
_DO_ANSWERS = "See whether the wave was run otherwise than before: on another day, by other means, for other years."
_DO_RESPONSE = "Ask the schools how the wave was run. Of those who did not answer, the model knows attendance alone."
_DO_CODE = (
    "Ask the school how it uses these codes now. A change of habit is not a change of attendance: take reasons that "
    "name these codes with care there, and retrain when the new habit has a year behind it."
)


def headline(level: str, reasons: int, latest: date) -> str:
    """Return the verdict in a sentence."""
    count = f"{reasons} {'reason' if reasons == 1 else 'reasons'}"
    return {
        "fine": f"Fine: nothing up to {latest} gives a reason to doubt the model.",
        "look": f"Look: there {'is' if reasons == 1 else 'are'} {count} to look closer before its lists are relied on.",
        "stop using": f"Stop using: of {count} to look closer, at least one says that the model should not be used."
        if reasons > 1
        else "Stop using: there is a reason why the model should not be used.",
    }[level]


def expected_low(expected: Expected, tested: float) -> str:
    return (
        f"By its own risks the model will reach an AUC of {expected.value:.3f} ({expected.low:.3f} to "
        f"{expected.high:.3f}); it was tested at {tested:.3f}."
    )


def realised_low(auc: Estimate, tested: float) -> str:
    return f"The model reached an AUC of {_interval(auc, 3)} among {auc.n:,} people; it was tested at {tested:.3f}."


def level_off(over: Estimate) -> str:
    return f"For each person who was expected to have the outcome there were {_interval(over, 2)}."


def level_stays_off(then: Estimate, now: Estimate) -> str:
    return f"{level_off(now)[:-1]}, and {_interval(then, 2)} on the date before."


def off_once(as_of: date, over: Estimate) -> str:
    return (
        f"As of {as_of}: {lowered(level_off(over))} A wave of illness can do that, and passes; it is a reason to look "
        "if the next date's outcomes say the same. Until then, give more weight to the order than to the risk."
    )


def group_off(group: OfGroup, over: Estimate, everyone: float) -> str:
    return (
        f"Of people {phrase_of(group.group_by, group.group)}, {_interval(over, 2)} had the outcome for each one "
        f"expected, among everyone {everyone:.2f}."
    )


def _interval(estimate: Estimate, decimals: int) -> str:
    value, low, high = (f"{each:.{decimals}f}" for each in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def no_reference(format_number: int) -> str:
    return (
        f"This bundle is of format {format_number}, which keeps nothing of what the data looked like: what moved "
        "cannot be seen, and expectations leave out how well its risks are calibrated. A model trained now keeps it."
    )


def waiting(dates: Sequence[tuple[date, date | None]]) -> str:
    told = [f"{as_of} ({f'known from {closes}' if closes else 'beyond the calendar'})" for as_of, closes in dates]
    return f"Outcomes are still to come for {joined(told)}: there, only expectations can be given."


def moved(bundle: Bundle, readings: Iterable[Reading]) -> Iterator[tuple[str, str]]:
    """Yield what moved further than it should have, and what to do: a reason for each kind of thing, or school."""
    alarms = [reading for reading in readings if reading.alarm]
    people = PEOPLE[bundle.manifest.population]
    yield from _features([one for one in alarms if one.kind == "feature"], bundle)
    for one in alarms:
        match one.kind:
            case "risk":
                yield f"The model gives {people} other risks than before: {_from_to(one)} on average.", _DO_RISK
            case "item":
                yield _item(one, bundle), _DO_ITEM
            case "answers":
                yield _answers(one), _DO_ANSWERS
            case "response":
                yield _response(one), _DO_RESPONSE
    for school in sorted({one.school for one in alarms if one.kind == "code"}):
        codes = [one for one in alarms if one.kind == "code" and one.school == school]
        told = joined([f"{one.name} {_from_to(one)}" for one in codes])
        yield f"School {school} uses codes otherwise than before, and than other schools: {told}.", _DO_CODE


def _features(alarms: Sequence[Reading], bundle: Bundle) -> Iterator[tuple[str, str]]:
    if not alarms:
        return
    means = {record.name: record.means for record in bundle.features}
    most = sorted(alarms, key=lambda one: -one.moved / one.limit)[:SHOWN]
    told = joined([f'"{lowered(means[one.name])}" ({one.name})' for one in most])
    count = f"{len(alarms)} of {len(means)} features"
    which = f", most of all {told}" if len(alarms) > SHOWN else f": {told}"
    yield f"{count} moved further than from year to year{which}.", _DO_FEATURES


def _item(reading: Reading, bundle: Bundle) -> str:
    questionnaire, item = reading.name.split(" ")
    wordings = {one.id: one.wording for asked in bundle.instruments for one in asked.items}
    called = f'The item {item} of {questionnaire} ("{wordings[item]}")' if item in wordings else f"The item {item}"
    if reading.now is None:
        return f"{called} is not asked any more."
    if reading.before is None:
        return f"{called} is asked anew: the model does not know it."
    side = "higher" if reading.moved > 0 else "lower"
    return (
        f"{called} is answered {abs(reading.moved):.2f} standard deviations {side} than the others would lead one to "
        f"expect: {reading.before:.1f} before, {reading.now:.1f} now, out of 10."
    )


def _answers(reading: Reading) -> str:
    side = "higher" if reading.moved > 0 else "lower"
    return f"All of {reading.name} is answered {side} than before: by {abs(reading.moved):.2f} standard deviations."


def _response(reading: Reading) -> str:
    where = f" at school {reading.school}" if reading.school else ""
    side = "More" if reading.moved > 0 else "Fewer"
    return f"{side} answered {reading.name}{where} than before: {_from_to(reading)}."


def _from_to(reading: Reading) -> str:
    return f"{100 * (reading.before or 0):.0f}% before, {100 * (reading.now or 0):.0f}% now"
