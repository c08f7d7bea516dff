"""A model beside later data: for each date what moved, what is expected of it, and how it did.

In:  a bundle that was read, the sources of data that reach beyond its training.
Out: `Watched`, one a date. Nothing is judged on a date that the model was fitted on, nor on an earlier one: what
     happened after it is the history that the model learnt from.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from earlywarn.bundle.read import Bundle
from earlywarn.cohort import cohort
from earlywarn.config import Config
from earlywarn.errors import ConfigError, LeakageError, TooFewError
from earlywarn.evaluate.measures import Bools, Floats
from earlywarn.features.build import Matrix, build_matrix
from earlywarn.features.gather import Sources
from earlywarn.labels import closes_on, find_labels
from earlywarn.model.lists import features_for_lists, populations_of
from earlywarn.monitor.compare import compare, same_place
from earlywarn.monitor.describe import describe
from earlywarn.monitor.expected import Expected, expected_performance
from earlywarn.monitor.reading import Reading
from earlywarn.monitor.realised import OfGroup, Realised, realised_performance
from earlywarn.score.people import check_date, features_of
from earlywarn.terms import as_of_dates, trust_calendar


@dataclass(frozen=True)
class Watched:
    """One date.

    against  : the training's dates that it was held against; empty for a bundle without a reference.
    closes_on: the day from which its outcomes count; None where the calendar does not reach.
    realised : empty until then; `groups` likewise.
    """

    as_of: date
    people: int
    against: tuple[date, ...]
    closes_on: date | None
    readings: tuple[Reading, ...]
    expected: tuple[Expected, ...]
    realised: tuple[Realised, ...]
    groups: tuple[OfGroup, ...]


def dates_to_watch(bundle: Bundle, sources: Sources) -> tuple[date, ...]:
    """Return the config's dates after the last that the model was fitted on, as far as the data reach."""
    calendar, last = trust_calendar(sources.calendars), max(bundle.manifest.trained)
    found = []
    for day in as_of_dates(sources.config.as_of, calendar, sources.store.today):
        if day > last and _served(bundle, sources, day):
            found.append(day)
    if not found:
        raise LeakageError(
            f"the model was fitted on dates up to {last}, and these data hold no later date that it serves: nothing "
            "can be said of how it does on what it learnt from",
            fix="give newer data, or --as-of with a later date that the model serves",
        )
    return tuple(found)


def _served(bundle: Bundle, sources: Sources, day: date) -> bool:
    try:
        check_date(day, bundle.manifest.serves, trust_calendar(sources.calendars), sources.store.today)
    except ConfigError:
        return False
    return True


def watch(bundle: Bundle, sources: Sources, as_of: date) -> Watched:
    """Watch a model on one date; refuse one that it was fitted on, or an earlier one."""
    if as_of <= (last := max(bundle.manifest.trained)):
        raise LeakageError(
            f"as_of is {as_of}, but the model was fitted on dates up to {last}: it would be judged on what it learnt",
            fix=f"choose a date after {last}",
        )
    check_date(as_of, bundle.manifest.serves, trust_calendar(sources.calendars), sources.store.today)
    people = cohort(sources.store, sources.config, as_of)
    if not len(people):
        raise TooFewError(f"nobody is on roll on {as_of}", fix="check the date, and year_groups in the config")
    for_lists = features_for_lists(bundle.names) if sources.register else ()
    matrix = build_matrix(sources, people, (*features_of(bundle, sources), *for_lists))
    rank = bundle.kept.model.raw_score(matrix.choose(bundle.names))
    risk = bundle.kept.calibration.apply(rank)
    closing = closes_on(sources.config, sources.calendars, as_of)
    closed = closing is not None and closing <= sources.store.today
    realised, groups = _realised(sources, matrix, rank, risk) if closed else ((), ())
    against, readings = _compared(bundle, sources, matrix, risk)
    expected = _expected(bundle, matrix, rank, risk, sources.config)
    return Watched(as_of, len(people), against, closing, readings, expected, realised, groups)


def _compared(
    bundle: Bundle, sources: Sources, matrix: Matrix, risk: Floats
) -> tuple[tuple[date, ...], tuple[Reading, ...]]:
    reference = bundle.reference
    if reference is None:
        return (), ()
    edges = {name: reference.edges[name] for name in bundle.names}
    now = describe(sources, matrix.people, matrix.choose(bundle.names), edges, risk, reference.score_edges)
    against = tuple(each.as_of for each in same_place(reference, now.place))
    return against, compare(reference, now)


def _expected(bundle: Bundle, matrix: Matrix, rank: Floats, risk: Floats, config: Config) -> tuple[Expected, ...]:
    people = matrix.people
    return expected_performance(
        probability=risk,
        rank=rank,
        school=people["school_id"].to_numpy(str),
        person=people["person_id"].to_numpy(str),
        as_of=people["as_of"].to_numpy(),
        populations=populations_of(matrix, config),
        places=config.fairness.places,
        tested=bundle.reference.tested if bundle.reference else (),
    )


def _realised(
    sources: Sources, matrix: Matrix, rank: Floats, risk: Floats
) -> tuple[tuple[Realised, ...], tuple[OfGroup, ...]]:
    config, before = sources.config, sources.store.today + timedelta(days=1)
    labels = find_labels(sources.store, sources.register, sources.calendars, config, matrix.people, before)
    known: Bools = labels.known
    if not known.any():
        return (), ()
    there = matrix.rows(known)
    outcome = labels.outcome[known] > 0
    return realised_performance(there.people, outcome, rank[known], risk[known], populations_of(there, config), config)
