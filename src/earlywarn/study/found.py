"""All parts of a study, one after the other.

In:  the sources, the examples and the config.
Out: every part's tables, and the parts for which the data hold nothing, by name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from earlywarn.config import Config
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.progress import step
from earlywarn.study.ahead import ahead_tables
from earlywarn.study.benchmark import benchmark_tables
from earlywarn.study.gains import gain_tables
from earlywarn.study.instruments import instrument_tables
from earlywarn.study.outcomes import outcome_tables
from earlywarn.study.school_views import school_view_tables
from earlywarn.study.settings import study_trees
from earlywarn.study.table import Table
from earlywarn.study.timeline import timeline_tables
from earlywarn.study.within_between import within_between_tables

# Tables of this kind name schools: they are for the trust alone.
PRIVATE_PREFIX = "trust_"

Make = Callable[[], tuple[Table, ...]]


@dataclass(frozen=True)
class Found:
    """What a study found.

    tables : those that may be shared.
    whole  : those that name schools, for the trust alone.
    absent : the parts for which the data hold nothing, in words.
    """

    tables: tuple[Table, ...]
    whole: tuple[Table, ...]
    absent: tuple[str, ...]


def find(sources: Sources, examples: Examples, config: Config) -> Found:
    """Ask every part for its tables."""
    shared: list[Table] = []
    whole: list[Table] = []
    absent: list[str] = []
    for words, make in _parts(sources, examples, config).items():
        with step(f"Looking at {words}"):
            tables = make()
        if not tables:
            absent.append(words)
        for table in tables:
            (whole if table.name.startswith(PRIVATE_PREFIX) else shared).append(table)
    return Found(tuple(shared), tuple(whole), tuple(absent))


def _parts(sources: Sources, examples: Examples, config: Config) -> dict[str, Make]:
    """Return the parts in order: what each looks at, completing "Looking at ...", and how its tables are made."""
    trees = study_trees(examples, config)
    return {
        "what answers add": lambda: gain_tables(sources, examples, config, trees),
        "how early the signal shows": lambda: ahead_tables(sources, examples, config, trees),
        "the views of staff and parents by school": lambda: school_view_tables(sources, examples, config),
        "change within persons, and the reverse direction": lambda: within_between_tables(sources, config),
        "the questionnaires": lambda: instrument_tables(sources, config),
        "attendance bands and the spread between schools": lambda: outcome_tables(sources, examples, config),
        "benchmarks": lambda: benchmark_tables(sources, examples, config),
        "the calendar of the year": lambda: timeline_tables(sources, config),
    }
