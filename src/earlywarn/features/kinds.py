"""Which kinds of event, judgement and help the data hold: each makes features of its own.

A kind counts once at least 5 people had it before a day: fewer could be named by it in a
bundle, and say nothing to a model.
"""

from dataclasses import dataclass
from datetime import date

from earlywarn.config import Population
from earlywarn.features.assessments import NUMBERS
from earlywarn.features.feature import slug
from earlywarn.tables.known import known_before
from earlywarn.tables.store import Store

FEWEST_PEOPLE = 5


@dataclass(frozen=True)
class Kinds:
    """Kinds by name, and whether there are records of staff absence.

    events  : kinds of event.
    amounts : those of them whose amounts say more than their number.
    judged  : measures of judgements that are numbers.
    help    : kinds of help.
    """

    events: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    staff_absence: bool = False


def find_kinds(store: Store, population: Population, before: date) -> Kinds:
    """Return the kinds that these people's rows have, as known before a day."""
    events = f"(SELECT * FROM {known_before('events', before)} WHERE population = '{population}')"
    with_amounts = f"(SELECT * FROM {events} WHERE kind IN (SELECT kind FROM {events} WHERE amount <> 1))"
    given = f"(SELECT * FROM {known_before('interventions', before)} WHERE population = '{population}')"
    numbers = f"({NUMBERS.format(known=known_before('assessments', before))})"
    return Kinds(
        events=_common(store, events, "kind"),
        amounts=_common(store, with_amounts, "kind"),
        judged=_common(store, numbers, "measure") if population == "pupils" else (),
        help=_common(store, given, "kind"),
        staff_absence=population == "staff" and "staff_absence" in store.present,
    )


def _common(store: Store, rows: str, column: str) -> tuple[str, ...]:
    """Return what at least 5 people have in a column; of two that would make one name, the first."""
    found = store.db.execute(
        f"""SELECT {column} FROM {rows} GROUP BY {column}
        HAVING count(DISTINCT person_id) >= {FEWEST_PEOPLE} ORDER BY {column} DESC"""
    ).fetchall()
    by_name = {slug(kind): kind for (kind,) in found if slug(kind)}
    return tuple(sorted(by_name.values()))
