"""Is the questionnaire any good? How its scales hang together, for whom, in which wave, and how it was answered.

In:  the sources: pupils' and parents' answers, or those of staff.
Out: five tables (`docs/reliability.md` says how to read them); nothing without answers.

What may be shared: counts and shares of groups are hidden as `disclosure` has it, and no school stands alone.
"""

from earlywarn.config import Config
from earlywarn.features.gather import Sources
from earlywarn.progress import each
from earlywarn.study.instrument_alike import congruence_table
from earlywarn.study.instrument_manner import between_table, quality_table
from earlywarn.study.instrument_people import answered_waves
from earlywarn.study.instrument_scales import items_table, reliability_table
from earlywarn.study.table import Table

_TABLES = (reliability_table, items_table, congruence_table, quality_table, between_table)


def instrument_tables(sources: Sources, config: Config) -> tuple[Table, ...]:
    """Return the tables `reliability`, `items`, `congruence`, `answer_quality` and `between_schools`."""
    waves = answered_waves(sources)
    if not waves:
        return ()
    return tuple(table(waves) for table in each("Measuring the questionnaires", _TABLES))
