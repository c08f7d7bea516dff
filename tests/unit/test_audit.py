from io import StringIO

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame, selection_rate
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score

from earlywarn.audit.audit import as_csv, audit, gaps_frame, to_frame
from earlywarn.audit.error import error_of, freedom_of
from earlywarn.audit.gaps import level_of
from earlywarn.audit.groups import group_columns, labels_of, largest_recorded
from earlywarn.config import Fairness
from small_audit import ABOUT, BY_SEN, by_hand, gap, row, trust


def test_every_row_is_its_numerator_over_its_denominator_as_counted_by_hand() -> None:
    without_sen = [("N", True, 1, 30), ("N", True, 0, 10), ("N", False, 1, 10), ("N", False, 0, 50)]
    found = by_hand([*without_sen, ("K", True, 1, 6), ("K", True, 0.5, 4), ("K", False, 0, 10)])
    counted = {
        measure: (row(found, "K", measure).numerator, row(found, "K", measure).denominator)
        for measure in ("recall", "selection", "base_rate")
    }
    assert counted == {"recall": (8, 10), "selection": (8, 20), "base_rate": (10, 20)}
    assert row(found, "N", "precision").value == pytest.approx(30 / 40)
    assert row(found, "N", "false_alarms").value == pytest.approx(10 / 40)
    assert row(found, "N", "false_reassurance").value == pytest.approx(10 / 60)
    assert gap(found, "K", "recall").value == pytest.approx(8 / 10 - 30 / 40)
    assert gap(found, "K", "recall").against == "N"


def test_values_equal_fairlearn_on_people_listed_in_part() -> None:
    counts = [("N", True, 1.0, 20), ("N", True, 0.25, 8), ("N", False, 0.25, 12), ("N", False, 0.0, 20)]
    counts += [("E", True, 0.25, 12), ("E", False, 1.0, 11), ("E", False, 0.0, 3)]
    found = by_hand(counts)
    # Fairlearn's own way of "listed in part": each person once listed and once not, with weights.
    both = [
        (sen, outcome, side, n * (share if side else 1 - share)) for sen, outcome, share, n in counts for side in (1, 0)
    ]
    sen, outcome, side, weight = (np.array([each[place] for each in both]) for place in range(4))
    metrics = {"recall": recall_score, "precision": precision_score, "selection": selection_rate}
    frame = MetricFrame(
        metrics=metrics,
        y_true=outcome.astype(int),
        y_pred=side,
        sensitive_features=sen,
        sample_params={name: {"sample_weight": weight} for name in metrics},
    )
    for (group, measure), value in frame.by_group.stack().items():
        assert row(found, group, measure).value == pytest.approx(value)


def test_one_person_a_group_without_outcomes_and_nobody_recorded_count_as_fairlearn_counts_them() -> None:
    counts = [("N", True, 1.0, 3), ("N", False, 0.0, 20), ("K", True, 0.0, 1), ("E", False, 1.0, 4), ("", True, 1.0, 6)]
    found = by_hand(counts)
    sen, outcome, listed = (
        np.repeat([each[place] for each in counts], [each[3] for each in counts]) for place in range(3)
    )
    frame = MetricFrame(
        metrics=lambda true, shown: (true * shown).sum(),
        y_true=outcome.astype(float),
        y_pred=listed,
        sensitive_features=np.where(sen == "", "not recorded", sen),
    )
    for group, number in frame.by_group.items():
        assert row(found, group, "recall").numerator == number
    assert {row(found, group, "recall").value for group in ("N", "K", "E", "not recorded")} == {None}
    assert row(found, "E", "recall").denominator == 0 and row(found, "K", "selection").denominator == 1
    assert row(found, "not recorded", "base_rate").status == "not estimable"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("NKE"), st.booleans(), st.sampled_from([0.0, 0.5, 1.0])), min_size=1))
def test_what_has_a_value_rests_on_ten_people_and_lies_in_its_interval(people: list[tuple[str, bool, float]]) -> None:
    found = by_hand([(*person, 5) for person in people], schools=12)
    for each in found.rows:
        if each.value is not None:
            assert each.n is not None and each.n >= 10
            assert each.numerator is not None and each.denominator is not None
            assert each.value == pytest.approx(each.numerator / each.denominator)
            assert each.low is None or each.high is None or each.low <= each.value <= each.high
    assert all(each.low is not None for each in found.gaps if each.alarm)


@pytest.mark.parametrize(
    ("few", "why"),
    [
        ([("K", True, 1.0, 1)], "fewer than 10 people"),
        ([("K", False, 0.5, 40)], "fewer than 10 with the outcome"),
        ([("K", True, 1.0, 9), ("K", False, 0.0, 40)], "fewer than 10 with the outcome"),
    ],
)
def test_too_few_is_not_estimable_and_never_a_gap_of_nothing(few: list[tuple[str, bool, float, int]], why: str) -> None:
    found = by_hand([("N", True, 1.0, 20), ("N", False, 0.0, 80), *few], schools=12)
    of_row, of_gap = row(found, "K", "recall"), gap(found, "K", "recall")
    assert (of_row.value, of_row.status, of_row.why) == (None, "not estimable", why)
    assert (of_gap.value, of_gap.low, of_gap.status, of_gap.alarm) == (None, None, "not estimable", False)
    assert any("cannot tell" in sentence and why in sentence for sentence in found.reading)


def test_who_is_not_recorded_is_a_group_and_never_the_one_to_compare_with() -> None:
    found = by_hand([("", True, 1.0, 30), ("", False, 0.0, 60), ("N", True, 1.0, 15), ("N", False, 0.0, 30)])
    assert gap(found, "not recorded", "recall").against == "N"
    assert row(found, "not recorded", "base_rate").value == pytest.approx(1 / 3)


def test_where_nobody_is_recorded_no_gap_is_made_up() -> None:
    found = by_hand([("", True, 1.0, 30), ("", False, 0.0, 60)])
    assert row(found, "not recorded", "recall").value == 1
    assert found.gaps == ()
    assert found.reading[0].startswith("No groups could be compared")


def test_a_group_of_whom_nobody_was_found_has_no_interval_and_raises_no_alarm() -> None:
    found = by_hand([("N", True, 1, 60), ("N", True, 0, 60), ("N", False, 0, 80), ("K", True, 0, 24)], schools=12)
    of_gap = gap(found, "K", "recall")
    assert (of_gap.value, of_gap.low, of_gap.alarm) == (-0.5, None, False)


def test_a_planted_gap_raises_an_alarm_for_the_group_that_is_missed() -> None:
    found = trust(seed=1, unseen=1.0)
    of_gap = gap(found, "yes", "recall", population="onset")
    assert of_gap.alarm and of_gap.value is not None and of_gap.value < 0
    assert of_gap.family_low is not None and of_gap.low is not None and of_gap.family_low <= of_gap.low
    assert not any(each.alarm for each in found.gaps if each.key.contender != "model")


def test_groups_that_fare_alike_raise_hardly_any_alarm() -> None:
    raised = [any(each.alarm for each in trust(seed, pupils=2500).gaps) for seed in range(10)]
    assert sum(raised) <= 1


def test_people_count_once_for_the_floor_however_many_dates_they_stand_on() -> None:
    people = 6
    twice = np.tile(np.arange(people), 2)
    found = audit(
        pd.DataFrame({"sen": ["N"] * 12}),
        outcome=np.ones(12, dtype=np.bool_),
        listed={"model": {"everyone": np.ones(12)}},
        risk={"model": np.full(12, 0.5)},
        populations={"everyone": np.ones(12, dtype=np.bool_)},
        fairness=BY_SEN,
        school=np.zeros(12),
        person=twice,
        as_of=np.repeat([1, 2], people),
        about=ABOUT,
    )
    assert row(found, "N", "recall").status == "not estimable"
    assert row(found, "N", "recall").n == 12


def test_a_declared_group_that_the_data_lack_is_named() -> None:
    groups = group_columns(pd.DataFrame({"sen": ["N"]}), Fairness())
    assert list(groups.labels) == ["sen", "any_sen"]
    assert len(groups.notes) == 1 and "'pupil_premium'" in groups.notes[0]


def test_labels_read_as_a_person_would_write_them() -> None:
    assert labels_of(pd.Series([True, False, None])).tolist() == ["yes", "no", "not recorded"]
    assert labels_of(pd.Series([True, pd.NA], dtype="boolean")).tolist() == ["yes", "not recorded"]
    assert labels_of(pd.Series(["K", "", None])).tolist() == ["K", "not recorded", "not recorded"]
    assert largest_recorded(np.array(["not recorded × K"] * 3 + ["yes × K"])) == "yes × K"


def test_one_comparison_may_use_all_of_the_error_and_several_more_than_bonferroni_gives_them() -> None:
    differences = np.random.default_rng(1).normal(size=(10, 20))
    assert level_of(differences[:1], np.ones(1)) == pytest.approx(0.05, abs=0.002)
    alike = np.repeat(differences[:5], 2, axis=0)
    assert 0.05 / 10 < level_of(alike, np.ones(10)) == pytest.approx(0.05 / 5, rel=0.1)


def test_a_gap_with_a_larger_share_asks_for_less() -> None:
    differences = np.random.default_rng(2).normal(size=(4, 25))
    shares = np.array([4.0, 1.0, 1.0, 1.0])
    level = level_of(differences, shares)
    assert 4 * level > level_of(differences, np.ones(4)) > level
    # Together they still err in 5 of 100: Bonferroni is near where gaps have nothing to do with each other.
    assert level * shares.sum() == pytest.approx(0.05, rel=0.15)


def test_the_error_is_the_schools_own_where_schools_clearly_differ_and_steadied_where_they_do_not() -> None:
    without_one = np.random.default_rng(3).uniform(-0.01, 0.01, 25)
    schools = float(np.sqrt(np.sum((without_one - without_one.mean()) ** 2) * 24 / 25))
    assert error_of(without_one, schools / 3) == pytest.approx(
        (schools, freedom_of((without_one - without_one.mean()) ** 2))
    )
    steadied, freedom = error_of(without_one, schools * 0.95)
    assert 0.95 * schools < steadied < schools and freedom > 50
    assert error_of(without_one, schools * 2)[0] == pytest.approx(schools * 2)


def test_a_gap_that_one_school_alone_carries_has_hardly_any_freedom() -> None:
    without_one = np.r_[0.3, np.zeros(24)]
    error, freedom = error_of(without_one, 0.02)
    assert error > 0.2 and freedom < 3


def test_pairs_stand_beside_the_family_and_raise_no_alarm() -> None:
    found = trust(seed=1, unseen=1.0)
    pairs = [each for each in found.gaps if " × " in each.key.group_by]
    assert pairs and not any(each.alarm or each.family_low is not None for each in pairs)
    assert found.comparisons == sum(each.family_low is not None for each in found.gaps)


def test_any_sen_and_part_time_are_told_by_other_columns() -> None:
    people = pd.DataFrame({"sen": ["N", "K", "E", None], "fte": [1.0, 0.6, None, 1.0], "school_id": [7, 7, 8, 8]})
    asked = Fairness(groups=("any_sen", "part_time", "school_id"), intersections=(("any_sen", "part_time"),))
    labels = group_columns(people, asked).labels
    assert labels["any_sen"].tolist() == ["no", "yes", "yes", "not recorded"]
    assert labels["part_time"].tolist() == ["no", "yes", "not recorded", "no"]
    assert labels["school_id"].tolist() == ["7", "7", "8", "8"]
    assert labels["any_sen × part_time"].tolist()[:2] == ["no × no", "yes × yes"]


def test_a_few_who_are_not_recorded_are_counted_with_the_largest_group_and_a_note_says_so() -> None:
    groups = [("N", True, 1.0, 30), ("N", False, 0.0, 60), ("K", True, 1.0, 20), ("K", False, 0.0, 20)]
    few, many = (by_hand([*groups, ("", True, 1.0, n), ("", False, 0.0, 30)]) for n in (3, 30))
    assert {each.key.group for each in few.rows} == {"N", "K"}
    assert row(few, "N", "recall").denominator == 33
    assert any("counted with the largest group, 'N'" in sentence for sentence in few.reading)
    assert {each.key.group for each in many.rows} == {"N", "K", "not recorded"}


def test_audit_json_and_frames_hold_plain_numbers() -> None:
    found = trust(seed=2, pupils=1500)
    plain = found.as_dict()
    assert plain["rows"][0].keys() >= {"population", "group_by", "group", "contender", "measure", "n", "status"}
    assert all(isinstance(value, str | int | float | bool | None) for each in plain["gaps"] for value in each.values())
    assert len(to_frame(found)) == len(found.rows) and len(gaps_frame(found)) == len(found.gaps)
    assert len(pd.read_csv(StringIO(as_csv(found)))) == len(found.rows)
