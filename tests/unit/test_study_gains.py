"""What engagement adds: claimed where it is so and nowhere else, with what it rests on beside it."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from earlywarn.config import Study
from earlywarn.labels import Labels
from earlywarn.study.domains import ALONE
from earlywarn.study.gains import climb, gain_tables, ladder_table
from earlywarn.study.primary import primary_table
from earlywarn.study.settings import TOO_FEW
from earlywarn.study.table import Table, as_csv
from study_world import FEATURES, SCHOOLS, TREES, config_of, made_up, sources

Tables = dict[str, Table]
NAMES = ["primary", "gains", "domains", "year_groups", "power"]


def study(effect: float) -> Tables:
    """Return the tables of a made-up study by name."""
    found = gain_tables(sources(), made_up(effect), config_of(), TREES)
    return {table.name: table for table in found}


@pytest.fixture(scope="module")
def with_effect() -> Tables:
    return study(effect=0.9)


@pytest.fixture(scope="module")
def without_effect() -> Tables:
    return study(effect=0.0)


def number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


def test_the_one_test_claims_a_gain_that_is_there(with_effect: Tables) -> None:
    assert list(with_effect) == NAMES
    (row,) = with_effect["primary"].rows
    assert (row["rung"], row["over"], row["population"], row["measure"]) == (
        "level",
        "participation",
        "everyone",
        "auc",
    )
    assert row["claimed"] is True
    assert 0 < number(row["gain_low"]) < number(row["gain"]) < number(row["gain_high"])
    assert (row["n"], row["schools"], row["left_out"]) == (3000, SCHOOLS, "schools")
    first = with_effect["primary"].says[0]
    assert first.startswith("The one test, among everyone. What people answered in the latest survey adds to")
    assert f"{row['gain']:.4f} (95% interval {row['gain_low']:.4f} to {row['gain_high']:.4f})" in first


def test_without_an_effect_nothing_is_claimed_and_the_smallest_gain_that_could_be_shown_is_told(
    without_effect: Tables,
) -> None:
    (row,) = without_effect["primary"].rows
    assert row["claimed"] is False
    first = without_effect["primary"].says[0]
    assert "could not be shown" in first
    assert f"four times in five is {row['smallest_shown']:.4f}; a smaller one may be there" in first
    assert not any(each["named"] for each in without_effect["domains"].rows)
    assert without_effect["domains"].says[0].startswith("Of no scale alone could it be shown")


def test_every_rung_stands_beside_the_one_below_and_answers_beside_the_records(with_effect: Tables) -> None:
    pairs = {(row["rung"], row["over"]) for row in with_effect["gains"].rows}
    assert pairs == {
        ("characteristics", "records"), ("participation", "characteristics"), ("level", "participation"),
        ("change", "level"), ("parents", "change"), ("level", "records"), ("parents", "records"),
    }  # fmt: skip
    assert {row["measure"] for row in with_effect["gains"].rows} == {
        "auc", "average_precision", "brier", "people_found"
    }  # fmt: skip
    (brier,) = [
        row for row in with_effect["gains"].rows
        if (row["rung"], row["over"], row["measure"]) == ("level", "participation", "brier")
    ]  # fmt: skip
    assert number(brier["value_with"]) < number(brier["value_without"])  # less is better
    assert number(brier["gain_low"]) > 0


def test_the_scale_that_tells_is_named_and_one_that_goes_with_it_adds_nothing_beyond(with_effect: Tables) -> None:
    rows = with_effect["domains"].rows
    assert [row["domain"] for row in rows if row["named"]] == ["belonging"]
    alone = {row["domain"]: row for row in rows if row["compared"] == ALONE}
    beyond = {row["domain"]: row for row in rows if row["compared"] != ALONE}
    assert alone["cognitive"]["above_0"] is True  # it goes with belonging
    assert beyond["cognitive"]["above_0"] is False
    assert beyond["belonging"]["above_0"] is True
    assert "belonging and safety at school" in with_effect["domains"].says[0]


def test_year_groups_are_told_by_the_same_models_on_their_own_people(with_effect: Tables) -> None:
    rows = with_effect["year_groups"].rows
    assert [row["year_group"] for row in rows] == ["7", "8", "9", "10", "11"]
    assert sum(int(number(row["n"])) for row in rows) == 3000
    assert all(row["above_0"] for row in rows)


def test_more_schools_could_show_less(with_effect: Tables) -> None:
    rows = with_effect["power"].rows
    (primary,) = with_effect["primary"].rows
    smallest = [number(row["gain"]) for row in rows if row["asked"] == "smallest gain"]
    assert smallest[0] == pytest.approx(number(primary["smallest_shown"]))
    assert smallest[0] / smallest[2] == pytest.approx(2, rel=0.05)  # four times the schools; the quantile shrinks, too
    needed = [row["schools"] for row in rows if row["asked"] == "schools needed"]
    assert needed == sorted(cast(list[int], needed), reverse=True)


def test_every_number_with_an_interval_has_what_it_was_made_from(with_effect: Tables) -> None:
    for table in with_effect.values():
        made = {(each.row, each.column) for each in table.replicates}
        for number_, row in enumerate(table.rows):
            for column in ("gain", "value_with", "value_without"):
                assert ((number_, column) in made) == (row.get(f"{column}_low") is not None)
        assert set().union(*table.rows) <= set(table.columns)
        assert len(as_csv(table).splitlines()) == 1 + len(table.rows)


def test_a_test_that_the_data_cannot_hold_says_so_in_its_row() -> None:
    climbed = climb(made_up(effect=0.9, rows=600), config_of(), TREES)
    (row,) = primary_table(climbed.rungs, climbed.fields, Study(adds="staff")).rows
    assert row["claimed"] is False
    assert "no answers of the kind that it asks about (staff)" in str(row["why"])
    (row,) = primary_table(climbed.rungs, climbed.fields, Study(population="onset")).rows
    assert "no such list" in str(row["why"])


def test_few_schools_do_not_speak_for_others() -> None:
    climbed = climb(made_up(effect=0.9, schools=6, rows=600), config_of(), TREES)
    table = primary_table(climbed.rungs, climbed.fields, Study())
    assert table.rows[0]["left_out"] == "groups of people"
    assert any("these schools do not speak for others" in sentence for sentence in table.says)


def test_with_fewer_than_a_hundred_outcomes_nothing_is_estimated() -> None:
    examples = made_up(effect=0.9)
    rare = examples.then.outcome * (np.cumsum(examples.then.outcome) <= 99)
    few = replace(examples, then=Labels(rare, examples.then.why_empty))
    found = {table.name: table for table in gain_tables(sources(), few, config_of())}
    assert list(found) == NAMES
    (row,) = found["primary"].rows
    assert row["claimed"] is False
    assert found["gains"].says == (TOO_FEW,)
    assert not any(table.rows for name, table in found.items() if name != "primary")


def test_one_kind_of_knowledge_adds_to_nothing() -> None:
    climbed = climb(made_up(effect=0.9, rows=600), config_of(), replace(TREES, features=FEATURES[:1]))
    table = ladder_table(climbed)
    assert not table.rows
    assert table.says[0].startswith("Not estimable: the data hold one kind of knowledge alone")
