"""Help that was given inside the outcome window: what of each list it reached, and the measures without those helped.

In:  the `interventions` table, the examples, and the tested model's scores.
Out: `helped` of `metrics.json`, plain data that may be shared; None where no help of these people was recorded.

Who is helped may be spared the outcome, and then looks like a false alarm: so each measure is also taken without them,
on the lists as they were. They stay in training, where they are counted. Nothing is concluded about what help does:
those who were helped were chosen, and differ from the others in more than the help.
"""

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from earlywarn.config import Config
from earlywarn.disclosure import PERCENTAGE_FROM, is_small, percentage, shown_count
from earlywarn.evaluate.breakdown import SUPPRESSED
from earlywarn.evaluate.estimate import plain
from earlywarn.evaluate.ground import EVERYONE, Ground, estimates, grounds_of, replicated
from earlywarn.evaluate.held_out import rows_on_test
from earlywarn.evaluate.measures import Bools, Labels
from earlywarn.evaluate.unshown import divide
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.model.train import Trained
from earlywarn.phrases import PEOPLE
from earlywarn.tables.known import known_before
from earlywarn.terms import outcome_window

MEASURES = ("auc", "average_precision", "recall", "precision", "brier", "observed_over_expected")
NO_EFFECT = (
    "Nothing can be concluded from this about what help does: those who were helped were chosen, and differ from the "
    "others in more than the help."
)
Facts = dict[str, Any]


def helped_on_test(sources: Sources, examples: Examples, trained: Trained) -> Facts | None:
    """Return what help inside the window means for the test rows, and how many training rows it touches."""
    helped = helped_in_window(sources, examples.people)
    if helped is None:
        return None
    config, test = sources.config, helped[examples.test]
    grounds = grounds_of(**rows_on_test(examples, config))
    lists = [name for name in grounds if name != EVERYONE] or [EVERYONE]
    facts: Facts = {
        "training": _rows(helped[examples.training]),
        "test": _rows(test),
        "reached": {name: _reached(grounds[name], test, trained) for name in lists},
        "without": _without(grounds, test, trained),
        "words": _words(helped[examples.training], config),
    }
    return facts


def helped_in_window(sources: Sources, people: pd.DataFrame) -> Bools | None:
    """Tell of each row whether help began for the person from the date to the end of the outcome window.

    returns : (rows,) bool; None where no help of this population is recorded at all.
    """
    if "interventions" not in sources.store.present:
        return None
    tomorrow = sources.store.today + timedelta(days=1)
    begun = sources.store.db.execute(
        f"SELECT person_id, starts_on FROM {known_before('interventions', tomorrow)} WHERE population = ?",
        [sources.config.population],
    ).df()
    if not len(begun):
        return None
    rows = people[["person_id", "as_of"]].assign(end=_ends(sources, people), row=np.arange(len(people)))
    beside = rows.merge(begun, on="person_id")
    inside = (beside["starts_on"] >= beside["as_of"]) & (beside["starts_on"] < beside["end"])
    helped = np.zeros(len(people), dtype=np.bool_)
    helped[beside.loc[inside, "row"].to_numpy()] = True
    return helped


def _ends(sources: Sources, people: pd.DataFrame) -> Labels:
    """Return the end of each row's outcome window; no day where the calendar holds none."""
    ends = np.full(len(people), np.datetime64("NaT"), dtype="datetime64[ns]")
    for _, mine in people.reset_index(drop=True).groupby(["school_id", "as_of"]):
        calendar = sources.calendars.get(str(mine["school_id"].iloc[0]))
        as_of = pd.Timestamp(mine["as_of"].iloc[0]).date()
        window = outcome_window(sources.config.outcome, calendar, as_of) if calendar else None
        if window is not None:
            ends[mine.index.to_numpy()] = np.datetime64(window.end, "ns")
    return ends


def _rows(helped: Bools) -> Facts:
    return {"rows": len(helped), "helped": shown_count(int(helped.sum()))}


def _reached(ground: Ground, helped: Bools, trained: Trained) -> Facts:
    """Return how many people stood on a list, and what share of them, and of those not on it, was helped."""
    mine = helped[ground.rows]
    listed = ground.listed(trained.test_raw[ground.rows]) > 0
    on, off = (len(np.unique(ground.person[each])) for each in (listed, ~listed))
    shares = (
        percentage(len(np.unique(ground.person[each & mine])), count) for each, count in ((listed, on), (~listed, off))
    )
    share, others = shares
    return {"listed": shown_count(on), "share": share, "others_share": others}


def _without(grounds: dict[str, Ground], helped: Bools, trained: Trained) -> Facts:
    """Return the model's measures without those helped, for each population; None where too few people are left out.

    A reader takes them from the measures with everyone, and one list and another from both together.
    """
    hidden = {name for name, ground in grounds.items() if _tells(ground, helped, trained)}
    if hidden and len(grounds) > 1:
        hidden.add(EVERYONE)
        if len(hidden) < 2:  # everyone alone: the two lists would tell it
            hidden = set(grounds)
    return {
        name: {"status": SUPPRESSED} if name in hidden else _measured(ground, ~helped[ground.rows], trained)
        for name, ground in grounds.items()
    }


def _tells(ground: Ground, helped: Bools, trained: Trained) -> bool:
    """Tell whether the measures with and without those helped would give away a number of 1 to 4 of them."""
    sides = np.where(helped[ground.rows], "helped", "others")
    divided = divide(sides, ground.person, ground.outcome, ground.listed(trained.test_raw[ground.rows]))
    return any(is_small(table.get("helped", 0)) for table in divided.tables.values())


def _measured(ground: Ground, others: Bools, trained: Trained) -> Facts:
    rest = ground.of(others)
    raw, risk = (each[ground.rows] for each in (trained.test_raw, trained.test_risk))
    listed = ground.listed(raw)
    if len(rest.outcome) < PERCENTAGE_FROM:
        return {"status": SUPPRESSED}
    found = estimates(rest, replicated(rest, raw[others], listed[others], risk[others]))
    return {"status": "ok", "measures": plain({name: found[name] for name in MEASURES})}


def _words(helped: Bools, config: Config) -> list[str]:
    people = PEOPLE[config.population]
    count, some = int(helped.sum()), f"of {len(helped):,} training rows"
    many = "None" if not count else "Fewer than five" if is_small(count) else f"{count:,}"
    stay = "" if not count else " They stay in training, with what happened to them."
    return [f"{many} {some} are of {people} for whom help began inside the outcome window.{stay}", NO_EFFECT]
