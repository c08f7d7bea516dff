"""The law of time: what happens, or becomes known, on or after the as-of date changes no feature and no cohort."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from earlywarn import cohort as cohort_module
from earlywarn.cohort import KEY, cohort
from earlywarn.features import gather, staff_views
from earlywarn.features import help as help_module
from earlywarn.features.build import build_matrix
from earlywarn.features.catalogue import catalogue
from earlywarn.features.feature import TABLES, Feature, Floats
from earlywarn.features.gather import Sources
from earlywarn.features.kinds import Kinds
from earlywarn.features.seen import Seen
from earlywarn.labels import count_sessions
from earlywarn.register import Block, Slice
from earlywarn.tables import known as known_module
from earlywarn.terms import SchoolCalendar
from edge_world import INSTRUMENTS, TODAY, Edges, Post, Pupil, World, build, known, same, sources

AS_OF = (date(2024, 11, 18), date(2025, 1, 6), date(2024, 8, 1))
KINDS = {
    "pupils": Kinds(events=("contact",), amounts=("contact",), judged=("grade",), help=("mentoring",)),
    "staff": Kinds(events=("contact",), help=("mentoring",), staff_absence=True),
}
LEVELS = {"pupils": {"sen": ("E", "K", "N")}, "staff": {"subject": ("art", "maths", "pe")}}
NEAR = st.integers(-3, 2)
MAYBE_NEAR = st.none() | NEAR
LAG = st.integers(0, 3)


def everything(sources: Sources) -> tuple[Feature, ...]:
    """Return the whole catalogue, whatever these data happen to hold."""
    population = sources.config.population
    numbers = ("pupil_premium",) if population == "pupils" else ()
    kinds = KINDS[population]
    return catalogue(
        sources.config, [*INSTRUMENTS.values()], LEVELS[population], numbers, kinds, marks=population == "pupils"
    )


@pytest.fixture(autouse=True, scope="module")
def few_staff_are_enough() -> Iterator[None]:
    """Let the views of a school's staff be told of the six that the made-up world has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff_views, "RESPONDENTS_FROM", 1)
        yield


def told(world: World, as_of: date) -> Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Return the cohort and the features of pupils and of staff."""
    found = {}
    with tempfile.TemporaryDirectory() as folder, sources(Path(folder), world, as_of) as both:
        for population, mine in both.items():
            people = cohort(mine.store, mine.config, as_of)
            matrix = build_matrix(mine, people, everything(mine))
            names = [*KEY, "joined_on", "left_on", "dated", *(["year_group"] if population == "pupils" else [])]
            found[population] = people[names], pd.DataFrame(matrix.values, columns=list(matrix.names))
    return found


def changed(world: World, as_of: date) -> set[str]:
    """Return the features, or "cohort", that the future of a world changes."""
    found: set[str] = set()
    whole, past = told(world, as_of), told(known(world, as_of), as_of)
    for population, (people, values) in whole.items():
        people_then, values_then = past[population]
        if not people.equals(people_then):
            found.add("cohort")
        else:
            found |= {name for name in values if not same(values[name].to_numpy(), values_then[name].to_numpy())}
    return found


PUPILS = st.builds(
    Pupil, dated=st.booleans(), joined=MAYBE_NEAR, left=MAYBE_NEAR, moved=MAYBE_NEAR, rewritten=MAYBE_NEAR, lag=LAG
)
POSTS = st.builds(
    Post,
    dated=st.booleans(),
    left=MAYBE_NEAR,
    notice=MAYBE_NEAR,
    rewritten=MAYBE_NEAR,
    spell=st.none() | st.tuples(st.integers(-5, -1), st.integers(0, 3)),
)
WHO = st.integers(0, 5)
EDGES = st.builds(
    Edges,
    # The last one stays, so that there is always a cohort.
    pupils=st.lists(PUPILS, min_size=5, max_size=5).map(lambda drawn: (*drawn, Pupil())),
    posts=st.lists(POSTS, min_size=4, max_size=4).map(lambda drawn: (*drawn, Post())),
    marks=st.lists(
        st.tuples(WHO, NEAR, st.sampled_from(["AM", "PM"]), LAG, st.sampled_from(["/", "N", "I", "X", "L", "E"])),
        max_size=16,
    ).map(tuple),
    silent=st.frozensets(NEAR, max_size=3),
    waves=st.lists(NEAR, max_size=3, unique=True).map(tuple),
    events=st.lists(st.tuples(WHO, NEAR, LAG), max_size=6).map(tuple),
    sums=st.lists(st.tuples(WHO, NEAR, LAG), max_size=3).map(tuple),
    judged=st.lists(st.tuples(WHO, NEAR), max_size=4, unique=True).map(tuple),
    added=st.lists(st.tuples(st.integers(-3, 20), st.integers(-30, 3)), max_size=3, unique_by=lambda day: day[0]).map(
        tuple
    ),
    helped=st.lists(st.tuples(WHO, NEAR, st.none() | st.integers(-2, 3)), max_size=4).map(tuple),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.generate,))
@given(EDGES, st.sampled_from(AS_OF))
def test_the_future_changes_nothing(edges: Edges, as_of: date) -> None:
    assert changed(build(edges, as_of), as_of) == set()


# Something of every kind on the very day, known on the very day, or not yet over.
FULL = Edges(
    pupils=(
        Pupil(), Pupil(rewritten=0), Pupil(left=0), Pupil(moved=0), Pupil(joined=-1, lag=1), Pupil(dated=False, left=2),
    ),
    posts=(Post(), Post(notice=0), Post(rewritten=0), Post(left=0), Post(spell=(-4, 0)), Post(spell=(0, 1))),
    marks=tuple((who, day, "AM", -day, "G") for who in range(3) for day in (-3, 0)),
    waves=(-1, 0),
    events=((0, 0, 0), (1, -1, 1)),
    sums=((0, -1, 1), (1, 0, 0)),
    judged=((0, -2), (1, 0)),
    added=((-2, 0), (5, -7), (12, -12)),
    helped=((0, -3, 0), (1, 0, None), (2, -3, -1)),
)  # fmt: skip
MONDAY = AS_OF[0]


def a_day_late(kept: Callable[..., str]) -> Callable[..., str]:
    """Return the same relation with `<=` in the place of `<`."""
    return lambda table, as_of, *fixed: kept(table, as_of + timedelta(days=1), *fixed)


def leak_tables(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gather, "known_before", a_day_late(known_module.known_before))


def leak_people(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cohort_module, "people_as_known", a_day_late(known_module.people_as_known))


def leak_notice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cohort_module, "known_before", a_day_late(known_module.known_before))


def leak_corrections(patch: pytest.MonkeyPatch) -> None:
    as_known, month, long_ago = Block.as_known, timedelta(days=30), date(2000, 1, 1)
    patch.setattr(
        Block,
        "as_known",
        lambda self, before, anywhere: as_known(self, before + month, anywhere=anywhere).between(long_ago, before),
    )


def leak_the_day_itself(patch: pytest.MonkeyPatch) -> None:
    as_known, between = Block.as_known, Slice.between
    day = timedelta(days=1)
    patch.setattr(Block, "as_known", lambda self, before, anywhere: as_known(self, before + day, anywhere=anywhere))
    patch.setattr(Slice, "between", lambda self, start, end: between(self, start, end + day))


def leak_open_waves(patch: pytest.MonkeyPatch) -> None:
    def every_wave(sources: Sources, as_of: date) -> dict[str, list[object]]:
        names = {wave.instrument.name for wave in sources.waves}
        return {name: [wave for wave in sources.waves if wave.instrument.name == name] for name in names}

    patch.setattr(gather, "_closed_waves", every_wave)


def leak_the_end_of_spells(patch: pytest.MonkeyPatch) -> None:
    rows = gather.known_before
    patch.setattr(
        gather,
        "known_before",
        lambda table, as_of: "(SELECT * FROM staff_absence)" if table == "staff_absence" else rows(table, as_of),
    )


def leak_by_day(patch: pytest.MonkeyPatch) -> None:
    """Take an event by the day it happened, not the day it was known."""
    rows = gather.known_before
    patch.setattr(
        gather,
        "known_before",
        lambda table, as_of: (
            f"(SELECT * FROM events WHERE date < DATE '{as_of}')" if table == "events" else rows(table, as_of)
        ),
    )


def leak_into_the_end_of_help(patch: pytest.MonkeyPatch) -> None:
    whole = "(SELECT * FROM interventions)"
    patch.setattr(help_module, "known_before", lambda table, as_of: whole)


def leak_judgements(patch: pytest.MonkeyPatch) -> None:
    """Read judgements of the day itself, from a relation and up to a date that are both a day late."""
    judged = gather.judgements_known
    patch.setattr(gather, "judgements_known", lambda store, as_of: judged(store, as_of + timedelta(days=1)))


def leak_the_plan(patch: pytest.MonkeyPatch) -> None:
    """Count school days that nobody had planned yet."""
    honest = SchoolCalendar.sessions_left

    def from_today(calendar: SchoolCalendar, as_of: date) -> int | None:
        long_known = np.full(len(calendar.days), np.datetime64("2000-01-01"))
        return honest(replace(calendar, known_on=long_known), as_of)

    patch.setattr(SchoolCalendar, "sessions_left", from_today)


def leak_the_label(patch: pytest.MonkeyPatch) -> None:
    """Count absences inside the outcome window."""
    _plant(patch, lambda seen, sources: absent_share(seen, sources, seen.as_of, seen.as_of + timedelta(days=28)))


def leak_a_mean_of_the_whole_year(patch: pytest.MonkeyPatch) -> None:
    """Give everyone the school's mean of a year that is not over."""

    def mean(seen: Seen, sources: Sources) -> Floats:
        year = absent_share(seen, sources, seen.as_of - timedelta(days=60), seen.as_of + timedelta(days=200))
        return np.full(seen.size, np.nanmean(year), np.float32)

    _plant(patch, mean)


def absent_share(seen: Seen, sources: Sources, start: date, end: date) -> Floats:
    """Return sessions missed in a time, as known today."""
    if sources.register is None or seen.school_id not in sources.register.blocks:
        return np.zeros(seen.size, np.float32)
    block = sources.register.blocks[seen.school_id]
    rows = block.people.get_indexer(pd.Index(seen.people["person_id"]))
    possible, absent = count_sessions(block.as_known(TODAY, anywhere=False).rows(rows).between(start, end))
    return (absent / np.maximum(possible, 1)).astype(np.float32)


def _plant(patch: pytest.MonkeyPatch, value: Callable[[Seen, Sources], Floats]) -> None:
    """Add a feature to the catalogue that reaches past what it is given."""

    def with_planted(sources: Sources) -> tuple[Feature, ...]:
        planted = Feature("planted", "events and help", "events", "share", "?", "?", lambda seen: value(seen, sources))
        return (*catalogued(sources), planted)

    catalogued = everything
    patch.setitem(globals(), "everything", with_planted)


@pytest.mark.parametrize(
    ("leak", "caught"),
    [
        (leak_tables, {"contact_events_6w", "pupil_belonging", "staff_workload", "absence_spells_term"}),
        (leak_by_day, {"contact_events_6w", "contact_amount_year"}),
        (leak_the_plan, {"year_still_to_come", "needed_to_cross_10"}),
        (leak_the_label, {"planted"}),
        (leak_a_mean_of_the_whole_year, {"planted"}),
        (leak_judgements, {"judged_grade", "judged_grade_change", "judged_grade_gap_peers"}),
        (leak_into_the_end_of_help, {"help_mentoring_now"}),
        (leak_people, {"cohort"}),
        (leak_notice, {"cohort"}),
        (leak_corrections, {"absence_rate_2w"}),
        (leak_the_day_itself, {"absence_rate_2w", "possible_sessions_this_year"}),
        (
            leak_open_waves,
            {
                "pupil_belonging",
                "pupil_domain_school",
                "parent_pupil_distance_school",
                "staff_workload",
                "staff_workload_at_school",
            },
        ),
        (leak_the_end_of_spells, {"absence_days_year", "absence_spells_year"}),
    ],
)
def test_a_planted_leak_is_caught(
    leak: Callable[[pytest.MonkeyPatch], None], caught: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leak(monkeypatch)
    assert caught <= changed(build(FULL, MONDAY), MONDAY)


def test_the_law_is_about_something() -> None:
    """Every feature of the catalogue is known of somebody here, and every block is there."""
    found = told(build(FULL, MONDAY), MONDAY)
    assert [name for _, values in found.values() for name in values if values[name].isna().all()] == []
    with tempfile.TemporaryDirectory() as folder, sources(Path(folder), build(FULL, MONDAY), MONDAY) as both:
        assert {feature.block for mine in both.values() for feature in everything(mine)} == set(TABLES)


def test_the_same_world_is_sound_without_a_leak() -> None:
    assert changed(build(FULL, MONDAY), MONDAY) == set()
