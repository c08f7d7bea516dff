"""Reasons of hand-made people: what is said, what never is, and in which order."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from earlywarn.explain.reasons import Explanation, explain
from earlywarn.explain.themes import shares, sum_by_theme
from earlywarn.explain.told import tell
from earlywarn.explain.words import load_book, scales_of
from earlywarn.features.attendance import ATTENDANCE, CONTEXT
from earlywarn.features.feature import Feature
from earlywarn.features.people import MOVEMENT, STAFF, characteristic_features, event_features
from earlywarn.features.survey import survey_features
from earlywarn.paths import shipped_instruments
from earlywarn.surveys.instrument import load_instruments

BOOK = load_book()
INSTRUMENTS = tuple(load_instruments(shipped_instruments()).values())
BY_NAME = {
    feature.name: feature
    for feature in (
        *ATTENDANCE,
        *CONTEXT,
        *MOVEMENT,
        *STAFF,
        *survey_features(INSTRUMENTS, ("year_group", "year group")),
        *event_features(("behaviour",)),
        *characteristic_features({"sen": ("K", "N")}, ("pupil_premium",), "characteristics"),
    )
}
NAMES = (
    "absence_rate_4w",
    "spells_this_year",
    "absence_rate_last_year",
    "pupil_belonging",
    "pupil_answered",
    "years_at_school",
    "sen_is_K",
)
FEATURES = tuple(BY_NAME[name] for name in NAMES)
BELONGING = "Own answers on belonging and safety at school (10 is best)"
USUAL = (0.04, 2, 0.05, 6.0, 1, 2.5, 0)


def group(size: int = 12, year: int = 9) -> tuple[NDArray[np.float32], pd.DataFrame]:
    """Return a year group in which everybody is as usual."""
    values = np.tile(np.array(USUAL, np.float32), (size, 1))
    return values, pd.DataFrame({"person_id": [f"p{n}" for n in range(size)], "school_id": "1", "year_group": year})


def explain_first(
    first: dict[str, float], adds: dict[str, float], size: int = 12, features: tuple[Feature, ...] = FEATURES
) -> Explanation:
    """Explain the first of a group: what differs from usual, and what each feature adds."""
    values, people = group(size)
    contributions = np.zeros((1, len(NAMES) + 1))
    for name, value in first.items():
        values[0, NAMES.index(name)] = value
    for name, added in adds.items():
        contributions[0, NAMES.index(name)] = added
    listed = np.arange(size) == 0
    (found,) = explain(contributions, values, features, people, listed, "pupils", BOOK, INSTRUMENTS)
    return found


def explain_beside(usual: dict[str, float], first: dict[str, float], adds: dict[str, float]) -> Explanation:
    """Explain the first of twelve who are all as `usual`, beside twelve of another year group."""
    values = np.array([[*usual.values()]] * 24, np.float32)
    contributions = np.zeros((1, len(usual) + 1))
    for column, name in enumerate(usual):
        values[0, column] = first.get(name, values[0, column])
        contributions[0, column] = adds.get(name, 0.0)
    people = pd.DataFrame({"school_id": "1", "year_group": [2] * 12 + [3] * 12})
    features = [BY_NAME[name] for name in usual]
    (found,) = explain(contributions, values, features, people, np.arange(24) == 0, "pupils", BOOK, INSTRUMENTS)
    return found


def test_sums_by_theme_still_add_up_to_the_score() -> None:
    contributions = np.random.default_rng(1).normal(size=(50, len(NAMES) + 1))
    sums = sum_by_theme(contributions, FEATURES)
    np.testing.assert_allclose(sums.added.sum(axis=1) + sums.start, contributions.sum(axis=1))
    assert sums.themes == (
        "absence this year",
        "pattern of absence",
        "absence last year",
        "engagement and relationships",
        "movement",
        "characteristics",
    )
    assert shares(sums.added).sum() == pytest.approx(1)


def test_a_characteristic_of_a_post_is_a_characteristic() -> None:
    (sex,) = characteristic_features({}, ("leadership",), "post and tenure")
    sums = sum_by_theme(np.array([[1.0, 2.0, 0.5]]), (sex, BY_NAME["tenure_years"]))
    assert dict(zip(sums.themes, sums.added[0], strict=True)) == {"characteristics": 1.0, "post and tenure": 2.0}


def test_reasons_are_the_largest_themes_in_sentences_with_a_comparison() -> None:
    found = explain_first(
        {"absence_rate_4w": 0.3, "pupil_belonging": 3.1, "spells_this_year": 6},
        {"absence_rate_4w": 1.2, "pupil_belonging": 0.5, "spells_this_year": 0.2},
    )
    assert [reason.sentence for reason in found.reasons] == [
        "Missed 30% of possible sessions in the last 4 school weeks; half of Year 9 missed 4% or less.",
        f"{BELONGING} came to 3.1; for half of Year 9 they came to 6.0 or more.",
        "Has had 6 spells of absence this year; half of Year 9 had 2 spells of absence or fewer.",
    ]
    assert found.reasons_as_dicts()[0]["theme"] == "absence this year"
    assert found.reasons[0].contribution == 1.2


def test_a_characteristic_is_never_a_reason_and_is_mentioned_only_when_it_weighs_most() -> None:
    adds = {"absence_rate_4w": 0.6, "spells_this_year": 0.4}
    usual = {"absence_rate_4w": 0.3, "spells_this_year": 6, "sen_is_K": 1}
    most = explain_first(usual, adds | {"sen_is_K": 2.0})
    less = explain_first(usual, adds | {"sen_is_K": 0.5})
    for found in (most, less):
        assert [reason.feature for reason in found.reasons] == ["absence_rate_4w", "spells_this_year"]
        assert not any("sen" in sentence.lower().split() for sentence in found.going_well + found.not_known)
    remainder = "Other recorded facts about the pupil weigh most; they are not given as a reason."
    assert remainder in most.not_known
    assert remainder not in less.not_known


def test_what_is_not_known_is_said_and_never_quoted() -> None:
    unknown = {"pupil_belonging": np.nan, "absence_rate_last_year": np.nan, "pupil_answered": 0, "years_at_school": 0.1}
    adds = {"pupil_belonging": 2.0, "absence_rate_last_year": 1.5, "absence_rate_4w": 0.3}
    found = explain_first(unknown | {"absence_rate_4w": 0.2}, adds)
    assert [reason.feature for reason in found.reasons] == ["absence_rate_4w"]
    assert found.not_known == (
        "No other reason can be given.",
        "Joined 5 weeks ago: little is known yet.",
        "Nothing is known of last year's attendance.",
        "Did not answer the latest pupil survey: how they see school is not known.",
    )
    assert "nan" not in str(found).lower()


def test_who_was_not_asked_is_not_said_to_have_kept_silent() -> None:
    adds = {"pupil_answered": 2.0, "absence_rate_4w": 0.5}
    found = explain_first({"pupil_answered": np.nan, "absence_rate_4w": 0.3}, adds)
    assert [reason.feature for reason in found.reasons] == ["absence_rate_4w"]
    assert any("did not ask this year group" in sentence for sentence in found.not_known)
    assert not any("Did not answer" in sentence for sentence in found.not_known)


def test_the_time_of_year_and_the_year_group_are_no_reasons() -> None:
    usual = {"year_still_to_come": 0.7, "year_group": 2.0, "years_at_school": 1.0, "absence_rate_4w": 0.04}
    adds = {"year_still_to_come": 2.0, "year_group": 1.0, "absence_rate_4w": 0.5}
    found = explain_beside(usual, {"absence_rate_4w": 0.3}, adds)
    assert [reason.feature for reason in found.reasons] == ["absence_rate_4w"]
    assert "Other recorded facts about the pupil weigh most; they are not given as a reason." in found.not_known


def test_nothing_is_said_as_none() -> None:
    found = explain_beside({"full_weeks_share": 0.7}, {"full_weeks_share": 0.0}, {"full_weeks_share": 1.0})
    assert (
        found.reasons[0].sentence == "Attended none of this year's weeks in full; half of Year 2 attended 70% or more."
    )


def test_a_school_is_compared_with_the_schools_of_others() -> None:
    found = explain_beside({"school_absence_rate": 0.08}, {"school_absence_rate": 0.12}, {"school_absence_rate": 1.0})
    assert found.reasons[0].sentence == (
        "Absence is high at the school as a whole: its other pupils missed 12% of sessions so far; half of all pupils "
        "in these schools are at a school where it is 8% or less."
    )


@pytest.mark.parametrize(("sessions", "praised"), [(19, False), (20, True)])
def test_no_incidents_in_a_few_days_are_no_praise(sessions: int, praised: bool) -> None:
    usual = {"behaviour_events_year": 2.0, "possible_sessions_this_year": 90.0}
    first = {"behaviour_events_year": 0.0, "possible_sessions_this_year": float(sessions)}
    assert bool(explain_beside(usual, first, {"behaviour_events_year": -1.0}).going_well) is praised


def test_what_goes_well_comes_from_themes_that_lower_the_score() -> None:
    found = explain_first(
        {"absence_rate_4w": 0.3, "pupil_belonging": 8.4, "absence_rate_last_year": 0.01, "spells_this_year": 4},
        {"absence_rate_4w": 1.0, "spells_this_year": 0.4, "pupil_belonging": -0.5, "absence_rate_last_year": -0.05},
    )
    assert found.going_well == (f"{BELONGING} came to 8.4; for half of Year 9 they came to 6.0 or less.",)


def test_a_value_on_the_wrong_side_is_not_given_as_a_reason() -> None:
    found = explain_first(
        {"absence_rate_4w": 0.0, "spells_this_year": 5}, {"absence_rate_4w": 1.0, "spells_this_year": 0.5}
    )
    assert [reason.feature for reason in found.reasons] == ["spells_this_year"]


def test_no_median_is_shown_from_fewer_than_ten_people() -> None:
    changed = {"absence_rate_4w": 0.3}, {"absence_rate_4w": 1.0}
    assert explain_first(*changed, size=10).reasons[0].sentence.endswith("half of Year 9 missed 4% or less.")
    few = explain_first(*changed, size=9)
    assert few.reasons[0].sentence == "Missed 30% of possible sessions in the last 4 school weeks."


def test_every_feature_can_be_said_of_people_above_and_below_others() -> None:
    features = tuple(BY_NAME.values())
    rng = np.random.default_rng(5)
    values = rng.normal(3, 3, (60, len(features))).astype(np.float32)
    values[:, ::3] /= 10
    people = pd.DataFrame({"school_id": "1", "year_group": rng.integers(0, 3, 60)})
    told = tell(values, features, people, np.arange(60), "pupils", BOOK, scales_of(INSTRUMENTS))
    for purpose in ("reason", "going_well"):
        for row, column in np.argwhere(told.has_sentence(purpose)):
            sentence = told.sentence(int(row), int(column), purpose)
            assert sentence[0].isupper() or sentence[0].isdigit()
            assert sentence.endswith(".") and "nan" not in sentence.split()
            assert not set(sentence) & set("{}[]")
            assert " 0% or less" not in sentence and " no sessions or fewer" not in sentence


def test_a_small_year_group_stands_beside_its_school() -> None:
    values, people = group(20)
    people.loc[:3, "year_group"] = 0
    values[0, 0] = 0.3
    contributions = np.zeros((1, len(NAMES) + 1))
    contributions[0, 0] = 1.0
    (found,) = explain(contributions, values, FEATURES, people, np.arange(20) == 0, "pupils", BOOK, INSTRUMENTS)
    assert found.reasons[0].sentence.endswith("; half of the school missed 4% or less.")


def test_ties_keep_the_order_of_the_catalogue_and_are_said() -> None:
    found = explain_first(
        {"absence_rate_4w": 0.3, "spells_this_year": 6, "absence_rate_last_year": 0.2},
        {"absence_rate_last_year": 0.4, "spells_this_year": 1.0, "absence_rate_4w": 1.0},
    )
    assert [reason.feature for reason in found.reasons] == [
        "absence_rate_4w",
        "spells_this_year",
        "absence_rate_last_year",
    ]
    said = [reason.sentence.endswith("This weighs about as much as the reason before it.") for reason in found.reasons]
    assert said == [False, True, False]


def test_several_near_ties_are_said_once_after_the_last() -> None:
    found = explain_first(
        {"absence_rate_4w": 0.3, "spells_this_year": 6, "absence_rate_last_year": 0.2, "pupil_belonging": 2.0},
        {"absence_rate_4w": 1.0, "spells_this_year": 0.98, "absence_rate_last_year": 0.95, "pupil_belonging": 0.3},
    )
    notes = [reason.sentence.split(". ")[1:] for reason in found.reasons]
    assert notes == [[], [], ["This weighs about as much as the two reasons before it."], []]


def test_a_second_reason_that_adds_little_says_so() -> None:
    found = explain_first(
        {"absence_rate_4w": 0.3, "spells_this_year": 6}, {"absence_rate_4w": 1.0, "spells_this_year": 0.02}
    )
    assert [reason.sentence.endswith("This adds only a little.") for reason in found.reasons] == [False, True]


def test_reasons_that_are_all_little_are_called_many_small_things() -> None:
    found = explain_first(
        {"absence_rate_4w": 0.3, "spells_this_year": 6}, {"absence_rate_4w": 0.04, "spells_this_year": 0.01}
    )
    assert "No single reason stands out: the score is made of many small things." in found.not_known
    assert not any("only a little" in reason.sentence for reason in found.reasons)


def test_a_pupils_absence_beside_that_of_others_is_not_a_second_reason() -> None:
    usual = {"absence_rate_this_year": 0.04, "gap_to_school": 0.0, "spells_this_year": 2.0}
    first = {"absence_rate_this_year": 0.3, "gap_to_school": 0.26, "spells_this_year": 6.0}
    adds = {"absence_rate_this_year": 0.9, "gap_to_school": 0.5, "spells_this_year": 0.2}
    found = explain_beside(usual, first, adds)
    assert [reason.feature for reason in found.reasons] == ["absence_rate_this_year", "spells_this_year"]
    assert found.reasons[0].contribution == pytest.approx(1.4)


def test_a_second_reason_is_sought_in_another_theme_first() -> None:
    usual = {"absence_rate_4w": 0.04, "absence_rate_this_year": 0.04, "spells_this_year": 2.0, "longest_spell": 2.0}
    first = {"absence_rate_4w": 0.3, "absence_rate_this_year": 0.3, "spells_this_year": 6.0}
    adds = {"absence_rate_4w": 0.9, "absence_rate_this_year": 0.8, "spells_this_year": 0.1, "longest_spell": -0.5}
    found = explain_beside(usual, first, adds)
    assert [reason.feature for reason in found.reasons] == ["absence_rate_4w", "spells_this_year"]


def test_a_number_worked_out_from_the_absence_so_far_is_told_as_that_absence() -> None:
    usual = {"needed_to_cross_10": 0.12, "absence_rate_this_year": 0.04, "absence_rate_4w": 0.04}
    first = {"needed_to_cross_10": 0.05, "absence_rate_this_year": 0.3, "absence_rate_4w": 0.3}
    adds = {"needed_to_cross_10": 1.0, "absence_rate_this_year": 0.1, "absence_rate_4w": 0.8}
    told, unknown = (
        explain_beside(usual, first | {"absence_rate_this_year": rate}, adds).reasons[0] for rate in (0.3, np.nan)
    )
    assert told.sentence == (
        "Missed 30% of possible sessions since the start of the school year; half of Year 2 missed 4% or less."
    )
    assert unknown.feature == "needed_to_cross_10"


def test_this_years_absence_is_told_once_however_many_numbers_say_it() -> None:
    usual = {"absence_rate_4w": 0.04, "absence_rate_6w": 0.04, "absence_rate_12w": 0.04}
    first = dict.fromkeys(usual, 0.3)
    clear, small = (explain_beside(usual, first, dict.fromkeys(usual, weight)) for weight in (0.5, 0.02))
    assert len(clear.reasons) == len(small.reasons) == 1
    assert clear.not_known == ("No other reason can be given.",)
    assert small.not_known == ("No single reason stands out: the score is made of many small things.",)


def test_a_survey_scale_is_told_once_however_many_numbers_say_it() -> None:
    usual = {"pupil_belonging": 6.0, "pupil_belonging_gap_peers": 0.0, "pupil_cognitive": 6.0}
    first = {"pupil_belonging": 2.0, "pupil_belonging_gap_peers": -4.0, "pupil_cognitive": 3.0}
    adds = {"pupil_belonging": 0.5, "pupil_belonging_gap_peers": 0.3, "pupil_cognitive": 0.1}
    found = explain_beside(usual, first, adds)
    assert [reason.feature for reason in found.reasons] == ["pupil_belonging", "pupil_cognitive"]


def test_a_second_fact_of_a_theme_comes_before_one_of_a_theme_that_lowers_the_score() -> None:
    usual = {"spells_this_year": 2.0, "absence_beside_breaks": 0.1, "years_at_school": 3.0, "joined_mid_year": 0.0}
    first = {"spells_this_year": 6.0, "absence_beside_breaks": 0.6, "years_at_school": 9.0}
    adds = {"spells_this_year": 0.5, "absence_beside_breaks": 0.2, "years_at_school": 0.3, "joined_mid_year": -0.9}
    found = explain_beside(usual, first, adds)
    assert [reason.feature for reason in found.reasons] == ["spells_this_year", "absence_beside_breaks"]
    assert [reason.contribution for reason in found.reasons] == pytest.approx([0.7, 0.2])


def test_enough_missed_for_the_whole_year_is_said_without_a_number() -> None:
    found = explain_beside({"needed_to_cross_10": 0.12}, {"needed_to_cross_10": -0.01}, {"needed_to_cross_10": 1.0})
    assert found.reasons[0].sentence.startswith("Has missed enough already to end the whole year at 10% missed or more")


def test_all_is_not_all_or_more() -> None:
    found = explain_beside(
        {"pupil_answered_share": 1.0}, {"pupil_answered_share": 1 / 3}, {"pupil_answered_share": 1.0}
    )
    assert found.reasons[0].sentence.endswith("of the last year; half of Year 2 answered 100%.")


def test_silence_that_is_a_reason_is_not_said_again() -> None:
    usual = {"pupil_answered_share": 1.0, "pupil_answered": 1.0, "absence_rate_4w": 0.04}
    silent = {"pupil_answered_share": 0.0, "pupil_answered": 0.0, "absence_rate_4w": 0.3}
    found = explain_beside(usual, silent, {"pupil_answered_share": 0.5, "absence_rate_4w": 0.4})
    assert "Answered none of the pupil surveys of the last year" in found.reasons[0].sentence
    assert found.not_known == ()


def test_there_are_two_to_four_reasons_where_enough_can_be_told() -> None:
    rng = np.random.default_rng(3)
    features = tuple(BY_NAME[name] for name in BY_NAME if BY_NAME[name].block not in ("staff", "characteristics"))
    values = rng.random((300, len(features))).astype(np.float32) * 0.3
    values[rng.random(values.shape) < 0.1] = np.nan
    people = pd.DataFrame({"school_id": rng.choice(["1", "2"], 300), "year_group": rng.integers(1, 12, 300)})
    listed = rng.random(300) < 0.2
    contributions = rng.normal(0, 0.3, (listed.sum(), len(features) + 1))
    found = explain(contributions, values, features, people, listed, "pupils", BOOK, INSTRUMENTS)
    assert {len(each.reasons) for each in found} <= {2, 3, 4}
    for each in found:
        assert len({reason.feature for reason in each.reasons}) == len(each.reasons)
        assert "nan" not in str(each).replace("reasons", "").lower().split()
        assert not any(sign in str(each) for sign in "{}[]")


def test_staff_stand_beside_all_staff() -> None:
    features = (BY_NAME["tenure_years"], BY_NAME["absence_spells_year"])
    values = np.tile(np.array([6.0, 1], np.float32), (30, 1))
    values[0] = (1.5, 1)
    contributions = np.zeros((1, 3))
    contributions[0, 0] = 0.7
    people = pd.DataFrame({"school_id": [str(n % 10) for n in range(30)], "role": "teacher"})
    (found,) = explain(contributions, values, features, people, np.arange(30) == 0, "staff", BOOK)
    sentence = "Has been in the post for 1.5 years; half of all staff in these schools for 6 years or more."
    assert [reason.sentence for reason in found.reasons] == [sentence]


def test_nobody_listed_needs_no_explanation() -> None:
    values, people = group()
    contributions = np.zeros((0, len(NAMES) + 1))
    assert explain(contributions, values, FEATURES, people, np.zeros(12, bool), "pupils", BOOK) == ()
