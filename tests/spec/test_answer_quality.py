"""How people answered, apart from what they said: each sign on rows one can read."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from earlywarn.surveys.answers import Flags, Floats, score_table
from earlywarn.surveys.instrument import Instrument
from earlywarn.surveys.quality import Manner, manner, steps_of

# Two scales; small letters are straight items, capitals reversed ones, in the order in which they are asked.
ORDER = "abCdeFghIjkL"


def questionnaire(order: str = ORDER) -> Instrument:
    return Instrument.model_validate(
        {
            "name": "made_up",
            "audience": "pupil",
            "title": "Made up",
            "source": "a test",
            "answers": (1, 5),
            "scales": [{"name": name, "domain": "d", "label": name, "high_means": "more"} for name in ("one", "two")],
            "items": [
                {"id": f"item_{at}", "scale": "one" if at < 6 else "two", "wording": "-", "reversed": letter.isupper()}
                for at, letter in enumerate(order)
            ],
        }
    )


def answered(*rows: str, asked: Flags | None = None) -> Manner:
    """A digit is a step, a dot a skipped item."""
    return manner(questionnaire(), steps(*rows), np.ones(12, np.bool_) if asked is None else asked)


def steps(*rows: str) -> Floats:
    return np.array([[np.nan if each == "." else float(each) for each in row] for row in rows], np.float32)


def test_the_same_step_all_the_way_is_straight_lining_though_items_are_reversed() -> None:
    found = answered("333333333333", "5555.555....", "334333333333")
    assert found.straight.tolist() == [1, 1, 0]


def test_straight_lining_cannot_be_told_without_items_of_both_kinds_or_under_five_answers() -> None:
    found = answered("55.55.5.....", "5555........")
    assert np.isnan(found.straight).all()


def test_a_skipped_item_neither_breaks_a_run_nor_adds_to_it() -> None:
    assert answered("44.44.1.1.1.", "123451234512", "............").longest_run.tolist() == [4, 1, 0]


def test_half_of_the_answers_in_one_run_is_long() -> None:
    found = answered("444444123512", "444441231512", "444444......")
    assert found.long_run.tolist()[:2] == [1, 0]
    assert np.isnan(found.long_run[2])


def test_fully_agreeing_with_an_item_and_its_reverse_is_a_contradiction() -> None:
    agrees_with_all, agrees_with_sense, mild = "555555555555", "551551551551", "444444444444"
    assert answered(agrees_with_all, agrees_with_sense, mild).contradicting.tolist() == [1, 0, 0]


def test_fully_disagreeing_with_both_is_one_too() -> None:
    assert answered("111111333333", "111111222222").contradicting.tolist() == [1, 1]


def test_a_few_contradictions_are_nobodys_fault() -> None:
    # One pair of eight in each scale: an item and its reverse need not be exact opposites.
    assert answered("525222525222").contradicting.tolist() == [0]


def test_contradictions_cannot_be_told_under_three_pairs() -> None:
    assert np.isnan(answered("5.5.5.......").contradicting).all()


def test_skipped_is_a_share_of_what_was_asked() -> None:
    asked = np.arange(12) < 8
    found = answered("1234........", "12345123....", asked=asked)
    assert found.skipped.tolist() == [0.5, 0]


def test_an_answer_outside_the_range_is_counted_and_counts_for_nothing_else() -> None:
    found = answered("333373333333", "303333333333")
    assert found.out_of_range.tolist() == [1, 1]
    assert found.given.tolist() == [11, 11]
    assert found.straight.tolist() == [1, 1]
    assert found.skipped.tolist() == pytest.approx([0, 0], abs=1e-6)


def test_careless_is_any_sign_and_unknown_without_any() -> None:
    found = answered("333333333333", "142513241524", "5...........")
    assert found.careless.tolist()[:2] == [1, 0]
    assert np.isnan(found.careless[2])


def test_some_of_the_people_are_the_same_people() -> None:
    found = answered("333333333333", "142513241524")
    assert found.of(np.array([False, True])).straight.tolist() == [0]


def test_the_steps_come_back_from_a_scored_wave() -> None:
    given = steps("1234512345.2", "555555551111")
    wide = pd.DataFrame(given, index=["p1", "p2"], columns=[f"item_{at}" for at in range(12)])
    wave = score_table("w", questionnaire(), date(2026, 1, 5), date(2026, 1, 16), wide)
    assert wave is not None
    assert steps_of(wave.instrument, wave.answers) == pytest.approx(given, nan_ok=True, abs=1e-5)


def test_two_parents_who_differ_are_not_out_of_range() -> None:
    found = manner(questionnaire(), np.full((1, 12), 3.5, np.float32), np.ones(12, np.bool_))
    assert found.out_of_range.tolist() == [0] and found.straight.tolist() == [1]
