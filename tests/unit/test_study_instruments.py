"""The tables of the questionnaires: their numbers are those of the functions behind them, and nobody stands in them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from earlywarn.config import AsOf, Config
from earlywarn.evaluate.intervals import clusters_of
from earlywarn.features.gather import Sources
from earlywarn.paths import shipped_instruments
from earlywarn.simulate import Plan
from earlywarn.simulate.trust import make_trust
from earlywarn.study.between_schools import between_schools
from earlywarn.study.instrument_manner import between_table
from earlywarn.study.instrument_people import NOT_RECORDED, Answered, answered_waves
from earlywarn.study.instrument_scales import ONE_SCHOOL, SMALL, hidden_groups, reliability_table
from earlywarn.study.instruments import instrument_tables
from earlywarn.study.reliability import reliability
from earlywarn.study.table import Table, Value, as_csv
from earlywarn.surveys.answers import items_of_scales
from earlywarn.surveys.instrument import Instrument, load_instruments
from text_school import school

ROOT = Path(__file__).parents[2]
CONFIG = Config(name="test", as_of=AsOf(weeks_of_year=(10,)))
NAMES = ("reliability", "items", "congruence", "answer_quality", "between_schools")


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    """Yield 24 schools over a year, one of them a special school."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(ROOT))
        from benchmarks.models.in_memory import sources_of

        with sources_of(make_trust(Plan(schools=24, pupils=2400, years=1, current_weeks=0, seed=2)), CONFIG) as found:
            yield found


@pytest.fixture(scope="module")
def waves(sources: Sources) -> Mapping[Instrument, tuple[Answered, ...]]:
    return answered_waves(sources)


@pytest.fixture(scope="module")
def tables(sources: Sources) -> Mapping[str, Table]:
    return {table.name: table for table in instrument_tables(sources, CONFIG)}


def latest(waves: Mapping[Instrument, tuple[Answered, ...]]) -> Answered:
    (found,) = [each[-1] for instrument, each in waves.items() if instrument.name == "pupil_engagement"]
    return found


def rows(table: Table, **wanted: Value) -> list[Mapping[str, Value]]:
    return [row for row in table.rows if all(row[name] == value for name, value in wanted.items())]


def test_there_are_five_tables_and_every_column_is_explained(tables: Mapping[str, Table]) -> None:
    assert tuple(tables) == NAMES
    for table in tables.values():
        assert table.rows and table.says and table.title
        assert all(set(row) <= set(table.columns) for row in table.rows)
        assert all(table.columns.values())


def test_the_alpha_of_a_scale_is_that_of_its_answers(
    tables: Mapping[str, Table], waves: Mapping[Instrument, tuple[Answered, ...]]
) -> None:
    wave = latest(waves)
    mine = items_of_scales(wave.wave.instrument)[3]
    found = reliability(wave.answers[:, mine], clusters_of(wave.school, wave.person))
    (row,) = rows(tables["reliability"], wave=wave.wave.wave_id, scale="belonging", group_by="everyone")
    assert (row["alpha"], row["alpha_low"], row["omega"]) == (found.alpha.value, found.alpha.low, found.omega.value)
    items = rows(tables["items"], scale="belonging")
    assert [item["rest"] for item in items] == [fit.rest.value for fit in found.items]


def test_careful_answers_have_a_higher_alpha_where_some_tick_one_column(tables: Mapping[str, Table]) -> None:
    (row,) = [one for one in rows(tables["reliability"], scale="belonging") if one.get("alpha_careful") is not None]
    assert isinstance(row["alpha"], float) and isinstance(row["alpha_careful"], float)
    assert row["alpha_careful"] > row["alpha"]


def test_every_number_with_an_interval_has_what_it_was_made_from(tables: Mapping[str, Table]) -> None:
    for table in tables.values():
        kept = {(each.row, each.column): each for each in table.replicates}
        with_interval = [name.removesuffix("_low") for name in table.columns if name.endswith("_low")]
        for place, row in enumerate(table.rows):
            for name in with_interval:
                has = row.get(f"{name}_low") is not None
                assert has == ((place, name) in kept)
                assert not has or kept[place, name].values[0] == row[name]


def test_no_school_and_nobody_stands_in_a_table(
    tables: Mapping[str, Table], waves: Mapping[Instrument, tuple[Answered, ...]]
) -> None:
    wave = latest(waves)
    cells = {cell for table in tables.values() for line in as_csv(table).splitlines() for cell in line.split(",")}
    assert not cells & {*wave.school.tolist(), *wave.person.tolist()}


def test_a_group_of_one_school_is_hidden(waves: Mapping[Instrument, tuple[Answered, ...]]) -> None:
    wave = latest(waves)
    labels = np.where(wave.school == wave.school[0], "alone", "others")
    assert hidden_groups(wave, labels) == {"alone": ONE_SCHOOL}
    table = reliability_table({wave.wave.instrument: (replace(wave, groups={"kind": labels}),)})
    alone = rows(table, group="alone")
    assert alone
    assert all(row["n"] == "c" and row["alpha"] is None and row["why"] == ONE_SCHOOL for row in alone)


def test_a_small_group_is_hidden_and_with_it_the_next(waves: Mapping[Instrument, tuple[Answered, ...]]) -> None:
    wave = latest(waves)
    labels = np.array(["many"] * len(wave.person))
    labels[::40], labels[:3] = "some", "few"
    assert hidden_groups(wave, labels) == {"few": SMALL, "some": SMALL}
    table = reliability_table({wave.wave.instrument: (replace(wave, groups={"form": labels}),)})
    assert {row["n"] for row in rows(table, group="few") + rows(table, group="some")} == {"c"}
    assert all(isinstance(row["n"], int) for row in rows(table, group="many"))


def test_waves_and_groups_of_a_made_up_trust_measure_the_same(tables: Mapping[str, Table]) -> None:
    made = [row for row in tables["congruence"].rows if row["congruence"] is not None]
    assert {row["compared"] for row in made} >= {"waves", "sex", "phase", "pupil_premium"}
    assert {row["verdict"] for row in made} == {"the same"}
    assert "0 fairly alike, 0 different" in tables["congruence"].says[0]


def test_a_share_of_one_to_four_people_is_not_told(tables: Mapping[str, Table]) -> None:
    for row in tables["answer_quality"].rows:
        for name in ("straight", "long_run", "contradicting", "careless"):
            share = row[name]
            if isinstance(share, float) and isinstance(row["n"], int):
                assert not 0 < share * row["n"] < 4.5


def test_enjoyment_that_falls_with_age_does_not_pass_for_a_difference_of_schools(
    tables: Mapping[str, Table], waves: Mapping[Instrument, tuple[Answered, ...]]
) -> None:
    wave = latest(waves)
    as_it_is = between_schools(wave.scores[:, 1], wave.school).share
    (row,) = rows(tables["between_schools"], wave=wave.wave.wave_id, scale="emotional")
    assert as_it_is.low is not None and as_it_is.low > 0.1
    assert isinstance(row["share"], float) and abs(row["share"]) < 0.03


def test_of_a_phase_with_few_schools_nothing_is_said_between_schools(
    waves: Mapping[Instrument, tuple[Answered, ...]],
) -> None:
    wave = latest(waves)
    (row, *_) = between_table({wave.wave.instrument: (wave,)}).rows
    assert row["schools"] == len(np.unique(wave.school[wave.phase != "special"]))


SHIPPED = load_instruments(shipped_instruments())
STAFF_CONFIG = {
    "population": "staff",
    "outcome": {"kind": "leaves", "window": "rest_of_year"},
    "data_to": date(2024, 12, 1),
}
STAFF = """\
person_id,school_id,role,joined_on,known_on
t1,100001,teacher,2020-09-01,2020-09-01
t2,100001,leader,2020-09-01,2020-09-01
"""
LEAVERS = "person_id,resigned_on,reason\nt2,2024-11-01,resigned\n"
WAVES = """\
wave_id,instrument,audience,opens_on,closes_on
one,staff_engagement,staff,2024-09-16,2024-09-20
"""
ANSWERS = """\
wave_id,person_id,item,answer
one,t1,eng_energy,5
one,t2,eng_energy,1
"""


def test_of_two_answers_of_staff_nothing_is_told_but_why(tmp_path: Path) -> None:
    tables = {"staff": STAFF, "leavers": LEAVERS, "waves": WAVES, "responses": ANSWERS}
    with school(tmp_path, instruments=SHIPPED, config=STAFF_CONFIG, **tables) as sources:
        found = instrument_tables(sources, sources.config)
    assert tuple(table.name for table in found) == NAMES
    numbers = [name for table in found for name in table.columns if name.endswith("_low")]
    assert all(row.get(name) is None for table in found for row in table.rows for name in numbers)
    assert all(row["n"] in ("c", 0) for table in found for row in table.rows)
    assert not any(table.replicates for table in found)


def test_without_answers_there_is_nothing(tmp_path: Path) -> None:
    with school(tmp_path, instruments=SHIPPED, config=STAFF_CONFIG, staff=STAFF, leavers=LEAVERS) as sources:
        assert instrument_tables(sources, sources.config) == ()


def test_who_is_not_recorded_is_no_side_of_a_comparison(tables: Mapping[str, Table]) -> None:
    assert all(NOT_RECORDED not in (row["first"], row["second"]) for row in tables["congruence"].rows)
