"""A gain in words: what was found, how sure that is, and what it does not mean.

In:  `Step`s.
Out: sentences that are true of exactly these numbers. "Could not be shown" never means that there is nothing.
"""

from earlywarn.study.steps import Step

AMONG = {"everyone": "among everyone", "onset": "among those below the line when the list was made"}
NO_CAUSE = (
    "A gain says that answers tell something beyond what else is known. It does not say that what they tell of brings "
    "the outcome about, nor that the outcome would change with it."
)
_YEARS = "Years are not drawn again: in another year it may differ by more than the interval says."
_ON_OTHERS = {
    "schools": f"What is estimated is how the two fitted models differ on other schools in the test year. {_YEARS}",
    "people": (
        "With fewer than ten schools the interval leaves out groups of people: it tells of other people of these "
        f"schools in the test year, and these schools do not speak for others. {_YEARS}"
    ),
}
_NAMES = {"auc": "AUC", "average_precision": "average precision", "brier": "Brier score"}


def told(step: Step) -> str:
    """Return both models' worth and the gain, as "AUC 0.8124 with, 0.8042 without: a gain of 0.0082 (...)"."""
    if step.gain.value is None:
        return "not estimable: too few people to show, or nobody, or everybody, had the outcome"
    if step.measure == "people_found":
        ours, theirs, gain = (f"{100 * each:.1f}" for each in (step.upper[0], step.lower[0], step.gain.value))
        found = (
            f"of 100 people with the outcome, lists of the same length hold {ours} with, {theirs} without: {gain} more"
        )
    else:
        name = _NAMES[step.measure]
        found = f"{name} {step.upper[0]:.4f} with, {step.lower[0]:.4f} without: {_amount(step.gain.value)}"
    return f"{found} ({_interval(step)})"


def _interval(step: Step) -> str:
    if step.gain.low is None or step.gain.high is None:
        return "no interval can be given"
    return f"95% interval {_gain(step, step.gain.low)} to {_gain(step, step.gain.high)}"


def verdict(step: Step, what: str) -> str:
    """Return whether a gain is claimed; `what` adds it, as "what parents answered"."""
    if step.gain.claimed:
        return f"{what.capitalize()} adds to what is known without it: {told(step)}."
    return f"It could not be shown that {what} adds to what is known without it: {told(step)}.{_could_have(step)}"


def _could_have(step: Step) -> str:
    if step.gain.smallest_shown is None:
        return ""
    return (
        f" The smallest true gain that these data would have shown four times in five is "
        f"{_gain(step, step.gain.smallest_shown)}; a smaller one may be there."
    )


def what_is_estimated(step: Step) -> str:
    """Return on whom the two fitted models are compared, as a sentence or two."""
    return _ON_OTHERS[step.clusters]


def rests_on(step: Step) -> str:
    """Return what a comparison rests on, as a sentence."""
    return (
        f"It rests on {step.n:,} test rows (people on as-of dates), {step.positives:,} of them with the outcome, "
        f"from {step.schools:,} schools."
    )


def _amount(gain: float) -> str:
    return f"a gain of {gain:.4f}" if gain > 0 else f"a difference of {gain:.4f}"


def _gain(step: Step, gain: float) -> str:
    """Return a gain in its measure's unit; of people found, of 100 with the outcome."""
    return f"{100 * gain:.1f}" if step.measure == "people_found" else f"{gain:.4f}"
