"""How groups, lists and gaps are called in a sentence.

In:  column names, group labels, list names and shares.
Out: words that fit after "pupils" or "staff", and numbers "in 100".
"""

from earlywarn.audit.groups import NOT_RECORDED, TIMES

_PHRASES = {
    ("pupil_premium", "yes"): "with pupil premium",
    ("pupil_premium", "no"): "without pupil premium",
    ("fsm", "yes"): "with free school meals",
    ("fsm", "no"): "without free school meals",
    ("sen", "N"): "without SEN",
    ("sen", "K"): "with SEN support",
    ("sen", "E"): "with an EHC plan",
    ("any_sen", "yes"): "with any SEN",
    ("any_sen", "no"): "without SEN",
    ("part_time", "yes"): "who work part-time",
    ("part_time", "no"): "who work full-time",
    ("eal", "yes"): "with English as an additional language",
    ("eal", "no"): "without English as an additional language",
    ("looked_after", "yes"): "who are looked after",
    ("looked_after", "no"): "who are not looked after",
    ("leadership", "yes"): "in leadership",
    ("leadership", "no"): "not in leadership",
}
_COLUMNS = {
    "pupil_premium": "pupil premium",
    "fsm": "free school meals",
    "sen": "SEN",
    "sen_need": "kind of SEN",
    "eal": "first language",
    "any_sen": "SEN",
}
_LISTS = {
    "onset": "the early-warning list (those below the threshold so far)",
    "already": "the list of those already at or above the threshold",
    "everyone": "the list of everyone",
}


def phrase_of(group_by: str, group: str) -> str:
    """Return how a group is called after "pupils" or "staff".

    >>> phrase_of("pupil_premium × sen", "yes × K")
    'with pupil premium and with SEN support'
    >>> phrase_of("year_group", "not recorded")
    'whose year group is not recorded'
    """
    parts = zip(group_by.split(TIMES), group.split(TIMES), strict=False)
    return " and ".join(_phrase(column, value) for column, value in parts)


def column_words(column: str) -> str:
    """Return how a column is called.

    >>> column_words("eal"), column_words("age_band")
    ('first language', 'age band')
    """
    return _COLUMNS.get(column, column.replace("_", " "))


def _phrase(column: str, value: str) -> str:
    name = column_words(column)
    if value == NOT_RECORDED:
        return f"whose {name} is not recorded"
    return _PHRASES.get((column, value), f"whose {name} is {value}")


def list_words(population: str) -> str:
    """Return what a list is called."""
    return _LISTS.get(population, f"the list {population!r}")


def in_100(share: float) -> int:
    """Return a share as a whole number of 100.

    >>> in_100(0.345), in_100(0.0)
    (34, 0)
    """
    return round(100 * share)


def span(low: float, high: float) -> str:
    """Return an interval of a difference of two shares as words.

    >>> span(-0.02, 0.14)
    'from 2 fewer to 14 more in 100'
    >>> span(0.05, 0.14)
    'from 5 to 14 more in 100'
    """
    if low >= 0 or high <= 0:
        ends = sorted((abs(low), abs(high)))
        return f"from {in_100(ends[0])} to {in_100(ends[1])} {'more' if high > 0 else 'fewer'} in 100"
    return f"from {in_100(-low)} fewer to {in_100(high)} more in 100"


def more_or_fewer(share: float) -> str:
    """Return a difference of two shares as people of 100.

    >>> more_or_fewer(0.034), more_or_fewer(-0.02), more_or_fewer(0.001)
    ('3 more', '2 fewer', 'the same')
    """
    people = in_100(share)
    return "the same" if people == 0 else f"{abs(people)} {'more' if people > 0 else 'fewer'}"


def joined(parts: list[str]) -> str:
    """Return the parts as a list in a sentence.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
