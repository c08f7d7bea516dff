"""How much of a score is the school: a published example, independent arithmetic, brute force."""

import numpy as np
import pytest
from scipy.special import stdtrit
from scipy.stats import f_oneway

from earlywarn.evaluate.measures import Floats, Ints
from earlywarn.study.between_schools import between_schools, between_schools_by, variances

# Shrout and Fleiss (1979), table 2: six people, each rated by four judges; here six schools of four pupils.
RATED = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=np.float64
)


def made_up(seed: int = 3, apart: float = 0.5) -> tuple[Floats, Ints]:
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(14), rng.integers(5, 60, 14))
    return 5 + rng.normal(0, apart, 14)[school] + rng.normal(size=len(school)), school


def test_the_published_example_of_shrout_and_fleiss() -> None:
    found = variances(np.full(6, 4.0), RATED.sum(axis=1), (RATED**2).sum(axis=1))
    ratio, size = found.ratio[0], found.size[0]
    assert size == 4
    assert (ratio - 1) / (ratio + size - 1) == pytest.approx(0.17, abs=0.005)  # their ICC(1,1)
    assert 1 - 1 / ratio == pytest.approx(0.44, abs=0.005)  # their ICC(1,4)
    assert 1 - 1 / ratio == pytest.approx(0.442797, abs=1e-6)  # pingouin 0.7.0


def test_schools_of_different_size_agree_with_scipy() -> None:
    scores, school = made_up()
    groups = [scores[school == each] for each in np.unique(school)]
    sizes = np.array([len(each) for each in groups])
    ratio = f_oneway(*groups).statistic
    usual = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(sizes) - 1)
    found = between_schools(scores, school)
    assert found.usual_size == pytest.approx(usual)
    assert found.share.value == pytest.approx((ratio - 1) / (ratio + usual - 1))
    assert found.school_mean.value == pytest.approx(1 - 1 / ratio)


def test_leaving_a_school_out_is_what_scipy_finds_without_it() -> None:
    scores, school = made_up()
    people, total, squares = (
        np.bincount(school, each).astype(np.float64) for each in (np.ones(len(scores)), scores, scores**2)
    )
    found = variances(people, total, squares).ratio
    for without in range(14):
        groups = [scores[school == each] for each in range(14) if each != without]
        assert found[1 + without] == pytest.approx(f_oneway(*groups).statistic)


def test_the_interval_lies_about_the_value_and_ends_below_one() -> None:
    share = between_schools(*made_up()).share
    assert share.low is not None and share.value is not None and share.high is not None
    assert 0 < share.low < share.value < share.high < 1


def test_schools_that_do_not_differ_have_a_share_near_nothing() -> None:
    share = between_schools(*made_up(apart=0)).share
    assert share.low is not None and share.high is not None
    assert share.low < 0.01 and share.high < 0.1


def test_people_without_a_score_and_schools_with_one_are_left_out() -> None:
    scores, school = made_up()
    with_more = np.concatenate([scores, [np.nan, 9.0]]), np.concatenate([school, [0, 99]])
    assert between_schools(*with_more).share.value == pytest.approx(between_schools(scores, school).share.value)
    assert between_schools(*with_more).schools == 14


def test_under_ten_schools_it_is_not_estimable() -> None:
    scores, school = made_up()
    found = between_schools(scores[school < 9], school[school < 9])
    assert found.share.value is None and found.school_mean.value is None
    assert found.share.why == "fewer than 10 schools with two people or more"


def test_each_wave_is_measured_alone() -> None:
    scores, school = made_up()
    wave = np.arange(len(scores)) % 2
    found = between_schools_by(scores, wave, school)
    assert found[1] == between_schools(scores[wave == 1], school[wave == 1])


def test_with_the_mean_of_each_kind_taken_off_its_schools_differ_within_the_kind() -> None:
    scores, school = made_up()
    kind = school % 2
    apart = scores + 3 * kind - np.array([scores[kind == each].mean() + 3 * each for each in range(2)])[kind]
    squares, freedom = 0.0, 0
    for each in range(2):
        groups = [scores[school == one] for one in np.unique(school[kind == each])]
        whole = np.concatenate(groups).mean()
        squares += sum(len(group) * (group.mean() - whole) ** 2 for group in groups)
        freedom += len(groups) - 1
    within = sum(((scores[school == one] - scores[school == one].mean()) ** 2).sum() for one in np.unique(school))
    ratio = squares / freedom / (within / (len(scores) - 14))
    assert between_schools(apart, school, 2).school_mean.value == pytest.approx(1 - 1 / ratio)


def test_the_interval_can_be_made_again_from_what_it_was_made_from() -> None:
    scores, school = made_up()
    found = between_schools(scores, school)
    for figure in (found.share, found.school_mean):
        assert figure.without_each[0] == figure.value
        size, value = found.usual_size, np.array(figure.without_each)
        logs = np.log((1 + (size - 1) * value) / (1 - value)) if figure is found.share else -np.log(1 - value)
        error = np.sqrt((len(logs) - 2) * logs[1:].var())
        margin = stdtrit(13, 0.975) * error
        ends = [figure.low, figure.high]
        back = [np.exp(logs[0] + side * margin) for side in (-1, 1)]
        assert ends == pytest.approx([(f - 1) / (f + size - 1) if figure is found.share else 1 - 1 / f for f in back])
    assert found.school_mean.scale == "-log(1 - value)"
