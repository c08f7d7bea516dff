"""A made-up trust, listed: who stood on which list, what happened, and how likely it was.

In:  a plan of the simulator, and the settings of the trees.
Out: a frame, one row a pupil and test date: whom the tested model listed, and the true probability of the outcome.

The tables are the simulator's own, but only those without which there is no absence model: no staff, events or
answers. They are written, read, checked and gathered as `earlywarn train` does it.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import AsOf, Config, load_config
from earlywarn.evaluate.held_out import tested_populations
from earlywarn.evaluate.places import listing, places_at_school
from earlywarn.model.examples import Examples, gather_examples, load_sources, plan
from earlywarn.model.fit import TreeSettings
from earlywarn.model.recipe import Trees
from earlywarn.model.train import train
from earlywarn.paths import shipped_configs
from earlywarn.simulate import Plan, columns, futures
from earlywarn.simulate.calendar import last_day
from earlywarn.simulate.events import make_summaries
from earlywarn.simulate.marks import make_marks, spell_reasons
from earlywarn.simulate.trust import Trust, make_trust, stream, years_of
from earlywarn.simulate.truth import truth_of
from earlywarn.simulate.write import TableWriter, new_folder
from earlywarn.tables.store import open_store

from ..engagement import recipe_for, tested_scores

# The last year's window closes on the last day of the data: in a made-up trust no mark is settled later.
CONFIG: Config = load_config(shipped_configs() / "pupil-absence.yaml").model_copy(update={"settle_days": 0})
TUNED_ON = 1000  # a seed that no study uses
Floats = NDArray[np.float64]
DRAWS = 60  # futures of a pupil: chance in one pupil's truth averages out in a group's


def a_trust(scenario: str, seed: int) -> Plan:
    """Return one of the trusts: 10,000 pupils in 25 schools, three years."""
    return Plan(schools=25, pupils=10_000, years=3, current_weeks=0, seed=seed, scenario=scenario)


def listed_pupils(asked: Plan, settings: Mapping[str, float]) -> pd.DataFrame:
    """Return the pupils of the test dates.

    Columns: person, school, as_of; pupil_premium, sen; outcome; probability (the truth); and for each list the
    share in which the pupil stands on it, empty for pupils who do not belong to it.
    """
    trust = make_trust(asked)
    examples, _ = gather(trust)
    risk = tested_scores(examples, recipe_for(examples, CONFIG, TreeSettings(**settings)))
    people = examples.matrix.people[examples.test].reset_index(drop=True)
    populations = tested_populations(examples, CONFIG)
    unit = people.groupby(["as_of", "school_id"]).ngroup().to_numpy()
    seen = people[["person_id", "school_id", "as_of", "pupil_premium", "sen"]].assign(
        outcome=examples.now.outcome[examples.test] > 0,
        **{name: on_list(name, risk, unit, populations) for name in populations},
    )
    return seen.merge(truth(trust, examples.plan.test), on=["person_id", "school_id", "as_of"], validate="1:1")


def on_list(name: str, risk: Floats, unit: NDArray[np.int64], populations: Mapping[str, NDArray[np.bool_]]) -> Floats:
    """Return the share in which each pupil stands on a list, NaN for who does not belong to it."""
    rows = populations[name]
    lists = [populations[each] for each in ("onset", "already")] if name == "everyone" else [rows]
    places = places_at_school(unit, CONFIG.fairness.places, lists)
    listed = np.full(len(risk), np.nan)
    listed[rows] = listing(risk[rows], unit[rows], places[rows])
    return listed


def gather(trust: Trust) -> tuple[Examples, Mapping[date, date | None]]:
    """Return the examples of a trust, and when the window of each as-of date closes."""
    with tempfile.TemporaryDirectory() as name:
        data, private = Path(name) / "data", Path(name) / "private"
        write(trust, data)
        with open_store(data, private=private, config=CONFIG, instruments={}) as store:
            sources = load_sources(store, CONFIG)
            planned, closes = plan(sources)
            return gather_examples(sources, planned, private), closes


def write(trust: Trust, out: Path) -> None:
    """Write the tables that an absence model needs."""
    until = last_day(trust.plan)
    with new_folder(out) as folder, TableWriter(folder) as tables:
        tables.add("schools", columns.schools(trust.schools))
        for school in trust.schools:
            marks_from, summaries_from = (stream(trust.plan, part, school.number) for part in ("marks", "summaries"))
            tables.add("pupils", columns.pupils(trust, school, until))
            for year in years_of(trust, school):
                marks = make_marks(year, spell_reasons(year, marks_from), until, marks_from)
                summaries = make_summaries(year, trust.latent, until, summaries_from)
                tables.add("calendar", columns.calendar(year))
                tables.add("attendance", columns.attendance(year, marks))
                tables.add("attendance_summary", columns.summaries(summaries))


def truth(trust: Trust, dates: tuple[date, ...]) -> pd.DataFrame:
    """Return the true probability of each pupil's outcome on some dates."""
    futures.DRAWS = DRAWS
    told = truth_of(trust, CONFIG.model_copy(update={"as_of": AsOf(dates=dates)}))
    return pd.concat([
        pd.DataFrame({
            "person_id": one.person_id,
            "school_id": one.school.school_id,
            "as_of": pd.to_datetime(one.as_of),
            "probability": one.probability,
        })
        for one in told
    ])  # fmt: skip


def tuned() -> dict[str, float]:
    """Return the settings that a training chooses on a trust of equal groups."""
    examples, closes = gather(make_trust(a_trust("equal-groups", TUNED_ON)))
    recipe = train(examples, CONFIG, closes, storage=None, on_trial=lambda *_: None).recipe
    assert isinstance(recipe, Trees)  # 25 schools have far more absent pupils than trees ask for
    return asdict(recipe.settings)
