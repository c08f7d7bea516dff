"""The calendar of the latest two school years as tables: what is asked and collected when, and what comes too late.

In:  the sources and the config.
Out: `timeline`, a row an entry, and `timeline_warnings`, a row a survey that comes too late.
"""

from collections.abc import Sequence
from datetime import date

from earlywarn.config import Config
from earlywarn.features.gather import Sources
from earlywarn.study.table import Table, Value
from earlywarn.study.year_calendar import AskedWave, Entry, too_late, year_calendar
from earlywarn.terms import as_of_dates, school_year, trust_calendar, year_name

_YEARS = 2
_NOTHING_LATE = "Every survey closes in time for a list that it should inform."


def timeline_tables(sources: Sources, config: Config) -> tuple[Table, ...]:
    """Return the timeline of the latest two school years, and its warnings."""
    calendar = trust_calendar(sources.calendars)
    this_year = school_year(sources.store.today)
    years = tuple(range(this_year - _YEARS + 1, this_year + 1))
    planned = as_of_dates(config.as_of, calendar, calendar.days[-1].astype(object))
    lists = [day for day in planned if school_year(day) in years]
    waves = [wave for wave in _waves(sources) if school_year(wave.opens_on) in years]
    collections = _collections(sources)
    entries = {
        year: year_calendar(config.population, year, calendar, lists, waves, collections) for year in years
    }  # fmt: skip
    return _timeline(entries), _warnings(too_late(config.population, lists, waves))


def _waves(sources: Sources) -> list[AskedWave]:
    """Return every wave that is planned, of whatever audience: staff asked in the same week matter to pupils' waves."""
    found = sources.store.db.execute(
        "SELECT wave_id, audience, opens_on, closes_on FROM waves ORDER BY opens_on, closes_on, wave_id"
    ).fetchall()
    return [AskedWave(*each) for each in found]


def _collections(sources: Sources) -> list[date]:
    return [day for (day,) in sources.store.db.execute("SELECT DISTINCT collected_on FROM assessments").fetchall()]


def _timeline(entries: dict[int, tuple[Entry, ...]]) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "school_year": year_name(year),
            "starts": str(each.starts),
            "ends": str(each.ends),
            "kind": each.kind,
            "what": each.words,
        }
        for year, several in entries.items()
        for each in several
    ]
    return Table(
        "timeline",
        "What happens when in the school year?",
        (_in_short(entries),),
        {
            "school_year": "the school year, from August",
            "starts": "first day",
            "ends": "last day",
            "kind": "half-term, survey, data collection, list (an as-of date) or notice",
            "what": "what it is",
        },
        tuple(rows),
    )


def _in_short(entries: dict[int, tuple[Entry, ...]]) -> str:
    """Return how many surveys and lists each year has."""
    counts = [
        f"{year_name(year)} has {_count(several, 'survey', 'survey')} and {_count(several, 'list', 'list')}"
        for year, several in entries.items()
    ]
    return f"{'; '.join(counts)}."


def _count(entries: Sequence[Entry], kind: str, word: str) -> str:
    count = sum(each.kind == kind for each in entries)
    return f"{count} {word}{'' if count == 1 else 's'}"


def _warnings(found: Sequence[str]) -> Table:
    return Table(
        "timeline_warnings",
        "Does a survey come too late for what it should inform?",
        tuple(found) or (_NOTHING_LATE,),
        {"warning": "which survey comes too late for which list or day of notice, and what to do"},
        tuple({"warning": each} for each in found),
    )
