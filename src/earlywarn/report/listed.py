"""The lists on a page, and what they can be filtered by.

In:  pupils of one school, or of one of its year groups.
Out: frozen facts for the templates; places are always those in the whole school's list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from earlywarn.phrases import list_name
from earlywarn.report.pupil import BEFORE, NEW, Pupil
from earlywarn.report.words import counted
from earlywarn.score.lists import BANDS

# What a list says, in the order in which a school reads them.
_SAYS = {
    "onset": "Below the line today, and more likely than others to cross it. Help now comes before the habit.",
    "already": "Over the line so far this year. The order says for whom it is most likely to stay so.",
    "everyone": "One list of all pupils.",
}
LIST_ORDER = tuple(_SAYS)


@dataclass(frozen=True)
class ListShown:
    """One list on the page; `others` says how many of it were scored and not listed."""

    key: str
    title: str
    says: str
    pupils: tuple[Pupil, ...]
    others: str


@dataclass(frozen=True)
class Filter:
    """A choice above the lists; `key` names what rows carry of it."""

    key: str
    label: str
    choices: tuple[str, ...]


def lists_of(pupils: Iterable[Pupil]) -> tuple[ListShown, ...]:
    """Return the lists, those who are listed in the order of their places."""
    scored = tuple(pupils)
    shown = []
    for key, says in _SAYS.items():
        members = [pupil for pupil in scored if pupil.list == key]
        listed = tuple(pupil for pupil in members if pupil.listed)
        others = counted(len(members) - len(listed), "other pupil", "other pupils")
        if members or key != "everyone":
            shown.append(ListShown(key, list_name(key), says, listed, others))
    return tuple(shown)


def filters_of(listed: Sequence[Pupil]) -> tuple[Filter, ...]:
    """Return what these pupils differ in: year group, form within one, band, new or not."""
    years = [pupil.year for pupil in sorted(listed, key=year_order)]
    forms = sorted({pupil.form for pupil in listed if pupil.form}) if len(set(years)) == 1 else []
    bands = [band for band, _ in BANDS if any(pupil.band == band for pupil in listed)]
    news = [words for words in (NEW, BEFORE) if any(pupil.new_words == words for pupil in listed)]
    found = (
        Filter("year", "Year group", tuple(dict.fromkeys(years))),
        Filter("form", "Form", tuple(forms)),
        Filter("band", "Likelihood", tuple(bands)),
        Filter("new", "Since the last list", tuple(news)),
    )
    return tuple(one for one in found if len(one.choices) > 1)


def year_order(pupil: Pupil) -> tuple[bool, int]:
    """Order by year group, youngest first, those without one last."""
    return pupil.year_group is None, pupil.year_group or 0
