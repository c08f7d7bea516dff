from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from earlywarn.audit.measure import Counts
from earlywarn.audit.rows import Key
from earlywarn.audit.sharing import hidden_in_report, hidden_keys, hide, shared, slices_of, tellings
from small_audit import by_hand, gap, row, trust

MANY = [("N", True, 1, 50), ("N", True, 0, 50), ("N", False, 1, 50), ("N", False, 0, 500)]


def some(sen: str, found: int) -> list[tuple[str, bool, float, int]]:
    return [(sen, True, 1, found), (sen, True, 0, 20), (sen, False, 1, 20), (sen, False, 0, 20)]


@pytest.mark.parametrize(("found", "status"), [(0, "ok"), (1, "suppressed"), (4, "suppressed"), (5, "ok")])
def test_counts_of_one_to_four_are_hidden(found: int, status: str) -> None:
    safe = shared(by_hand([*MANY, *some("K", found), *some("E", 30)]))
    assert row(safe, "K", "recall").status == status
    assert gap(safe, "K", "recall").status == status
    # How many had the outcome is not small: it stays.
    assert row(safe, "K", "base_rate").status == "ok"


def test_a_hidden_row_holds_no_number_at_all() -> None:
    safe = row(shared(by_hand([*MANY, *some("K", 3), *some("E", 30)])), "K", "recall")
    assert (safe.value, safe.low, safe.high, safe.n, safe.numerator, safe.denominator) == (None,) * 6


def test_a_second_group_is_hidden_where_the_total_would_give_the_first_away() -> None:
    safe = shared(by_hand([*MANY, *some("K", 30), *some("E", 3)]))
    assert row(safe, "E", "recall").status == row(safe, "K", "recall").status == "suppressed"
    assert row(safe, "N", "recall").status == "ok"


def test_a_group_of_three_is_hidden_in_every_measure_its_size_included() -> None:
    safe = shared(by_hand([*MANY, *some("K", 30), ("E", True, 0, 3)]))
    of_group = [each for each in safe.rows if each.key.group == "E"]
    assert {each.status for each in of_group} == {"suppressed"}
    assert {each.n for each in of_group} == {None}


def test_the_reading_of_a_shared_audit_speaks_of_no_hidden_number() -> None:
    whole = by_hand([*MANY, *some("K", 3), *some("E", 30)], schools=12)
    said = " ".join(shared(whole).reading)
    assert "87 were not on" in " ".join(whole.reading)
    assert "87 were not on" not in said
    assert "Not shown here" in said and "pupils with SEN support" in said


def test_an_alarm_outlives_its_numbers() -> None:
    whole = trust(seed=1, unseen=1.0)
    assert [each.alarm for each in shared(whole).gaps] == [each.alarm for each in whole.gaps]
    assert shared(whole).reading[0] == whole.reading[0]


def test_pairs_do_not_give_away_the_group_that_they_divide() -> None:
    safe = shared(trust(seed=3))
    hidden = {
        (each.key.population, each.key.contender, each.key.group) for each in safe.rows if each.status == "suppressed"
    }
    for population, contender, group in hidden:
        pairs = [each for each in safe.rows if group in each.key.group.split(" × ") and each.key.measure == "recall"]
        here = [each for each in pairs if (each.key.population, each.key.contender) == (population, contender)]
        if row(safe, group, "base_rate", contender, population).status == "suppressed" and " × " not in group:
            assert {each.status for each in here} == {"suppressed"}


tables = st.dictionaries(
    st.tuples(st.sampled_from(["yes", "no"]), st.sampled_from("NKE")).map(" × ".join), st.integers(0, 12), min_size=2
)


@given(tables)
def test_no_total_gives_a_hidden_group_away(table: dict[str, int]) -> None:
    slices = slices_of(list(table), "pupil_premium × sen")
    hidden = hide([table], slices, set())
    assert {group for group, count in table.items() if 0 < count < 5} <= hidden
    for part in slices:
        inside = part & hidden
        if inside and part - hidden:
            assert len(inside) >= 2 and sum(table[group] for group in inside) >= 5


# A reader against what is shared: every count that is not hidden, and every list's total, as equations.
CELLS = tuple(product(("yes", "no"), "NKE"))
LISTS = ("onset", "already")
GROUPINGS = {
    "pupil_premium": lambda cell: cell[0],
    "sen": lambda cell: cell[1],
    "any_sen": lambda cell: "no" if cell[1] == "N" else "yes",
    "pupil_premium × sen": " × ".join,
}


def keys_of(atoms: list[tuple[str, tuple[str, str]]]) -> Iterator[tuple[Key, list[int]]]:
    """Yield what could be shown: a key, and the places of the cells that it adds up."""
    for population, (group_by, group_of) in product((*LISTS, "everyone"), GROUPINGS.items()):
        for group in dict.fromkeys(map(group_of, CELLS)):
            where = [
                place
                for place, (name, cell) in enumerate(atoms)
                if population in (name, "everyone") and group_of(cell) == group
            ]
            yield Key(population, group_by, group, "model", ""), where


def with_outcome(number: int) -> Counts:
    """Return the counts of some people with the outcome beside many without, of whom nobody is listed."""
    return Counts(number + 500, number, 500, 0, number + 500, 0, 0, number, 500)


def found(number: int) -> Counts:
    """Return the counts of some people with the outcome who are listed beside many others of every kind."""
    return Counts(number + 1500, number + 500, 1000, number + 500, 1000, number, 500, 500, 500)


@pytest.mark.parametrize(("counted", "lists"), [(with_outcome, (*LISTS, "everyone")), (found, LISTS)])
@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 14, 30, 200]), min_size=12, max_size=12))
def test_no_reader_can_work_out_a_small_count_from_all_that_is_shared(
    counted: Callable[[int], Counts], lists: tuple[str, ...], drawn: list[int]
) -> None:
    atoms = list(product(LISTS, CELLS))
    # The list of everyone is no sum of the other two: it is their people, ranked together.
    wanted = {key: where for key, where in keys_of(atoms) if key.population in lists}
    numbers = np.array(drawn)
    keys = hidden_keys({key: counted(int(numbers[where].sum())) for key, where in wanted.items()})
    hidden = {replace(key, measure="") for key in keys}
    totals = [[place for place, (name, _) in enumerate(atoms) if name == each] for each in LISTS]
    told = [where for key, where in wanted.items() if key not in hidden] + totals
    equations = np.array([np.isin(np.arange(len(atoms)), where) for where in told], dtype=float)
    for where in (where for key, where in wanted.items() if key in hidden and 0 < numbers[where].sum() < 5):
        aim = np.isin(np.arange(len(atoms)), where).astype(float)
        least, most = (
            side * linprog(side * aim, A_eq=equations, b_eq=equations @ numbers, bounds=(0, None)).fun
            for side in (1, -1)
        )
        assert most >= 5 or least == 0 < most, (where, least, most)


# Five schools; the first has three pupils with the outcome.
PHASE_OF = {"oak": "primary", "elm": "primary", "ash": "primary", "bay": "secondary", "fir": "secondary"}
WITH_OUTCOME = {"oak": 3, "elm": 30, "ash": 40, "bay": 20, "fir": 50}


def of_schools() -> dict[Key, Counts]:
    """Return the counts of each school and phase."""
    schools = {Key("everyone", "school_id", name, "model", ""): with_outcome(n) for name, n in WITH_OUTCOME.items()}
    totals = {
        phase: sum(WITH_OUTCOME[name] for name, its in PHASE_OF.items() if its == phase) for phase in PHASE_OF.values()
    }
    return schools | {Key("everyone", "phase", name, "model", ""): with_outcome(n) for name, n in totals.items()}


def hidden_groups(keys: set[Key]) -> set[str]:
    return {key.group for key in keys if key.measure == ""}


def test_a_phase_does_not_give_its_school_away() -> None:
    labels = {"school_id": np.array(list(PHASE_OF)), "phase": np.array(list(PHASE_OF.values()))}
    # The next smallest school of all is no help: the phase's total less the others would tell the first.
    assert hidden_groups(hidden_keys(of_schools(), tellings(labels))) == {"oak", "elm"}


def test_a_phase_that_differs_within_a_school_tells_nothing_of_schools() -> None:
    labels = {"school_id": np.array(["oak", "oak"]), "phase": np.array(["primary", "secondary"])}
    assert "phase" not in tellings(labels)


def report_row(group: str, measure: str, status: str = "suppressed") -> dict[str, str]:
    return {"population": "everyone", "group": group, "contender": "model", "measure": measure, "status": status}


def test_what_the_model_report_hides_is_hidden_in_the_audit() -> None:
    by = {"school": [report_row("oak", "auc"), report_row("elm", "auc"), report_row("fir", "auc", "ok")]}
    counts = {key: each for key, each in of_schools().items() if key.group_by == "school_id"}
    alone, both = hidden_keys(counts), hidden_keys(counts, elsewhere=hidden_in_report(by))
    assert hidden_groups(alone) == {"oak", "bay"}, "the report shows the second: together they would tell the first"
    assert hidden_groups(both) == {"oak", "elm"}


def test_a_list_that_the_model_report_hides_is_hidden_in_the_audit_of_the_model_alone() -> None:
    by = {"school": [report_row("fir", "recall"), report_row("ash", "recall")]}
    counts = {
        Key("everyone", "school_id", name, contender, ""): found(20)
        for name, contender in product(PHASE_OF, ("model", "rate_to_date"))
    }
    hidden = hidden_keys(counts, elsewhere=hidden_in_report(by))
    assert {(key.group, key.contender, key.measure) for key in hidden} == {
        ("fir", "model", "list"),
        ("ash", "model", "list"),
    }
