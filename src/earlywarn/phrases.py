"""How an outcome, or a contender, is said: once, and the same on every page."""

from earlywarn.config import Outcome, Population

_WHEN = {
    "rest_of_year": "from the date to the end of the school year",
    "next_term": "in the next term",
    "next_half_term": "in the next half-term",
}
PEOPLE: dict[Population, str] = {"pupils": "pupils", "staff": "staff"}
_LISTS = {"onset": "May cross the line", "already": "Already at or above the line", "everyone": "Everyone"}


def list_name(key: str) -> str:
    """Return what a list is called: a key that no list has is its own name.

    >>> list_name("onset"), list_name("other")
    ('May cross the line', 'other')
    """
    return _LISTS.get(key, key)


def happened(outcome: Outcome) -> str:
    """Return what happened to those with the outcome: "pupils who ...".

    "Persistently absent" is said only of a whole year's total.

    >>> happened(Outcome(window="next_term"))
    'missed 10% or more of their sessions in the next term'
    """
    return _say(outcome, "missed", "resigned", "had", "were persistently absent: they missed")


def happening(outcome: Outcome) -> str:
    """Return the outcome as something that may happen: "the probability of ...".

    >>> happening(Outcome(window="weeks", weeks=8, threshold=0.7))
    'missing 70% or more of their sessions in the next 8 school weeks'
    """
    return _say(outcome, "missing", "resigning", "having", "being persistently absent: missing")


def lowered(words: str) -> str:
    """Return words as they stand inside a sentence.

    >>> lowered("This year's absence")
    "this year's absence"
    """
    return words[:1].lower() + words[1:]


def _say(outcome: Outcome, missed: str, resigned: str, had: str, persistently: str) -> str:
    when = f"in the next {outcome.weeks} school weeks" if outcome.weeks else _WHEN[outcome.window]
    if outcome.lead_weeks:
        when += f", starting {outcome.lead_weeks} school weeks on"
    if outcome.kind == "leaves":
        return f"{resigned} {when}"
    if outcome.kind == "recorded":
        return f"{had} the recorded outcome {outcome.recorded} {when}"
    if outcome.label == "year_total":
        return f"{persistently} {outcome.threshold:.0%} or more of the whole school year's sessions"
    return f"{missed} {outcome.threshold:.0%} or more of their sessions {when}"
