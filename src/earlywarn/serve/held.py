"""What the service holds: each school's people and lists, by school, in memory only.

In:  what is shown of a scoring (`report.contents`).
Out: one `School` for each school_id. A request is given its token's school and never sees another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from earlywarn.phrases import list_name
from earlywarn.report.about import PackAbout
from earlywarn.report.contents import PackContents, table_of
from earlywarn.serve.answers import About, ListAbout, ListName, ListPage, Person

ADVICE = "A list is advice to a person, never a decision: who stands on none has no clean bill."
SAFEGUARDING = (
    "Anything that worries you about a child's safety goes to the designated safeguarding lead first, today, not "
    "through this list."
)
_ONE_LIST: tuple[ListName, ...] = ("everyone",)
_TWO_LISTS: tuple[ListName, ...] = ("onset", "already")


@dataclass(frozen=True)
class School:
    """One school: its people by id, and its lists in the order of places."""

    about: About
    people: Mapping[str, Person]
    lists: Mapping[ListName, tuple[Person, ...]]


@dataclass(frozen=True)
class Held:
    """Everything that the service can show."""

    about: PackAbout
    names: tuple[ListName, ...]
    schools: Mapping[str, School]

    def school(self, school_id: str) -> School:
        """Return a school; one of which nobody was scored has empty lists."""
        return self.schools.get(school_id) or _school(school_id, (), self.about, self.names)


def held(contents: PackContents) -> Held:
    """Return what is shown, sorted by school."""
    people: defaultdict[str, list[Person]] = defaultdict(list)
    for row in table_of(contents.scores).to_pylist():
        person = Person.model_validate(row)
        people[person.school_id].append(person)
    names = _ONE_LIST if (contents.scores["list"] == "everyone").any() else _TWO_LISTS
    schools = {school_id: _school(school_id, found, contents.about, names) for school_id, found in people.items()}
    return Held(contents.about, names, schools)


def page_of(school: School, name: ListName, page: int, size: int) -> ListPage | None:
    """Return a page of a list, empty after the last; None for a list that the model does not keep."""
    if name not in school.lists:
        return None
    listed, about = school.lists[name], school.about
    return ListPage(
        list=name,
        title=list_name(name),
        as_of=about.as_of,
        delete_by=about.delete_by,
        listed=len(listed),
        page=page,
        pages=ceil(len(listed) / size),
        people=listed[(page - 1) * size : page * size],
    )


def _school(school_id: str, people: Iterable[Person], about: PackAbout, names: tuple[ListName, ...]) -> School:
    everyone = sorted(people, key=lambda one: (one.rank_in_school, -one.risk, one.person_id))
    lists = {name: tuple(one for one in everyone if one.list == name and one.listed) for name in names}
    scored = Counter(one.list for one in everyone)
    counts = tuple(
        ListAbout(name=name, title=list_name(name), listed=len(lists[name]), scored=scored[name]) for name in names
    )
    return School(_about(school_id, about, counts), {one.person_id: one for one in everyone}, lists)


def _about(school_id: str, about: PackAbout, lists: tuple[ListAbout, ...]) -> About:
    return About(
        model=about.name,
        model_version=about.model_version,
        as_of=about.as_of,
        data_to=about.data_to,
        delete_by=about.delete_by,
        earlier=about.earlier,
        school_id=school_id,
        school=about.school(school_id),
        outcome=about.outcome_words,
        lists=lists,
        places=about.places_words,
        sure=about.sure,
        advice=ADVICE,
        safeguarding=SAFEGUARDING,
    )
