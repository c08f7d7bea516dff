"""Alpha, omega and item-rest agree with independent packages, with brute force, and say when they know nothing."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from earlywarn.evaluate.intervals import Clusters, among, summarise
from earlywarn.evaluate.measures import Floats
from earlywarn.study.covariances import correlations, covariances, who_counts
from earlywarn.study.figure import UP_TO_ONE
from earlywarn.study.one_factor import loadings, misfit
from earlywarn.study.reliability import alpha_of, alpha_without, item_rest, omega_of, reliability, reliability_by

# The twelve pupils and eleven questions of Zaiontz, Real Statistics, "Cronbach's alpha"; four answers are missing,
# as in the table `cronbach_wide_missing` that comes with pingouin. A dash is a missing answer.
TWELVE = """
    11111111111 11111111010 -011-111100 11101101100 11111000100 01-01111000
    11110010000 11111000000 01011000010 1001010 0-00 11100000000 10010000000
"""
# Sixty made-up people, five items.
SIXTY = """
    45352 12212 43523 24321 43343 22242 11221 13433 23232 55555 44233 31442 22335 23343 31224 32232 34533 22343 44423
    32223 43344 53534 44435 22325 45333 43435 45433 23433 43332 52434 22323 33323 24344 24324 32333 34423 11321 34534
    32423 22142 32344 45434 33343 23422 34234 24333 34535 44323 32233 33434 43223 32323 33223 33435 42332 32132 43242
    12222 43445 33433
"""


def table(text: str, items: int) -> Floats:
    digits = "".join(text.split())
    return np.array([np.nan if each == "-" else float(each) for each in digits]).reshape(-1, items)


def each_alone(people: int) -> Clusters:
    return Clusters(np.arange(people), people, "people")


def made_up(seed: int = 5, schools: int = 12, missing: float = 0.1) -> tuple[Floats, Clusters]:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, schools, 40 * schools)
    shared = rng.normal(0, 0.4, schools)[codes] + rng.normal(size=len(codes))
    answers = shared[:, None] * [0.9, 0.7, 0.6, 0.5, 0.8] + rng.normal(size=(len(codes), 5))
    answers[rng.random(answers.shape) < missing] = np.nan
    return answers, Clusters(codes, schools, "schools")


def test_alpha_is_that_of_pingouin_with_answers_missing() -> None:
    answers = table(TWELVE, 11)
    for rule, theirs in (("pairwise", 0.732660835214447), ("listwise", 0.8016949152542373)):  # pingouin 0.7.0
        rows = who_counts(answers, rule)  # type: ignore[arg-type]
        assert alpha_of(covariances(answers[rows], each_alone(int(rows.sum()))))[0] == pytest.approx(theirs, abs=1e-12)


def test_alpha_is_that_of_pingouin_on_a_whole_table() -> None:
    found = reliability(table(SIXTY, 5), each_alone(60))
    assert found.alpha.value == pytest.approx(0.6972011116849898, abs=1e-12)  # pingouin 0.7.0


def test_loadings_are_those_of_factor_analyzer_and_statsmodels() -> None:
    found = loadings(correlations(covariances(table(SIXTY, 5), each_alone(60))))[0]
    minres = [0.6478302, 0.6007540, 0.6211396, 0.3270710, 0.6001508]  # factor_analyzer 0.5.1, minres, sign turned
    principal_axis = [0.64783017, 0.60075392, 0.62113995, 0.32707097, 0.60015064]  # statsmodels 0.15.0, iterated
    assert found == pytest.approx(minres, abs=1e-6)
    assert found == pytest.approx(principal_axis, abs=1e-7)


def test_three_items_have_the_loadings_that_spearman_gives_them() -> None:
    # Spearman (1904): with three items, the first loading is the root of r12 r13 / r23, and so on.
    one, two, three = 0.5, 0.4, 0.3
    exact = np.sqrt([one * two / three, one * three / two, two * three / one])
    together = np.array([[[1, one, two], [one, 1, three], [two, three, 1]]])
    found = loadings(together)
    assert found[0] == pytest.approx(exact, abs=1e-6)
    assert misfit(together, found)[0] == pytest.approx(0, abs=1e-6)


def test_omega_is_the_share_that_the_model_puts_into_the_answers() -> None:
    follows, spread = np.array([0.8, 0.7, 0.6, 0.5]), np.array([1.0, 2.0, 1.5, 1.0])
    together = np.outer(follows, follows)
    np.fill_diagonal(together, 1)
    matrices = (together * np.outer(spread, spread))[None]
    found = loadings(together[None])
    share = (follows @ spread) ** 2 / matrices.sum()
    assert omega_of(matrices, found)[0] == pytest.approx(share, abs=1e-7)
    assert alpha_of(matrices)[0] < share


def test_items_that_are_equally_good_have_an_omega_equal_to_alpha() -> None:
    matrices = np.full((1, 6, 6), 0.4) + 0.6 * np.eye(6)
    assert omega_of(matrices, loadings(matrices))[0] == pytest.approx(alpha_of(matrices)[0], abs=1e-9)


def test_an_item_against_the_others_and_the_scale_without_it_are_what_leaving_it_out_gives() -> None:
    answers, clusters = made_up(missing=0)
    matrices = covariances(answers, clusters)
    for item in range(5):
        others = np.delete(answers, item, axis=1)
        assert item_rest(matrices)[0, item] == pytest.approx(np.corrcoef(answers[:, item], others.sum(axis=1))[0, 1])
        assert alpha_without(matrices)[0, item] == pytest.approx(alpha_of(covariances(others, clusters))[0])


def test_covariances_without_a_school_are_those_of_pandas_without_its_people() -> None:
    answers, clusters = made_up()
    matrices = covariances(answers, clusters)
    assert matrices[0] == pytest.approx(pd.DataFrame(answers).cov().to_numpy())
    for school in range(clusters.count):
        others = pd.DataFrame(answers[clusters.codes != school])
        assert matrices[1 + school] == pytest.approx(others.cov().to_numpy())


def test_intervals_leave_out_one_school_at_a_time() -> None:
    answers, clusters = made_up()
    rows = who_counts(answers)
    without = [rows, *(rows & (clusters.codes != school) for school in range(clusters.count))]
    alone = each_alone(len(answers))
    alphas = np.array([alpha_of(covariances(answers[kept], among(alone, kept)))[0] for kept in without])
    found = reliability(answers, clusters).alpha
    by_hand = summarise(UP_TO_ONE.there(alphas), found.n, 0)
    assert found.low is not None and by_hand.low is not None
    assert (found.value, found.low) == pytest.approx((alphas[0], 1 - np.exp(-by_hand.low)))


def test_every_number_has_an_interval_about_it_within_its_range() -> None:
    found = reliability(*made_up())
    for each in (found.alpha, found.omega, *(item.rest for item in found.items), *(i.loading for i in found.items)):
        assert each.low is not None and each.value is not None and each.high is not None
        assert -1 <= each.low < each.value < each.high < 1


def test_each_group_is_measured_among_its_own_people() -> None:
    answers, clusters = made_up()
    wave = np.where(np.arange(len(answers)) % 3 == 0, "autumn", "spring")
    found = reliability_by(answers, wave, clusters)
    autumn = wave == "autumn"
    assert list(found) == ["autumn", "spring"]
    assert found["autumn"] == reliability(answers[autumn], among(clusters, autumn))


def test_who_answered_less_than_half_has_no_score_and_is_not_counted() -> None:
    answers, clusters = made_up(missing=0)
    answers[:7, :3] = np.nan
    answers[7:20, 0] = np.nan
    assert reliability(answers, clusters).n == len(answers) - 7
    assert reliability(answers, clusters, "listwise").n == len(answers) - 20


def test_under_thirty_people_nothing_is_told() -> None:
    found = reliability(table(SIXTY, 5)[:29], each_alone(29))
    assert found.alpha.value is None and found.omega.value is None and found.items[4].rest.value is None
    assert found.alpha.why == "fewer than 30 people"


def test_two_items_have_an_alpha_but_no_omega() -> None:
    found = reliability(table(SIXTY, 5)[:, :2], each_alone(60))
    assert found.alpha.value is not None and found.items[0].rest.value is not None
    assert found.omega.why == found.items[0].loading.why == "one factor needs 3 items"
    assert found.items[0].without.value is None


def test_an_item_that_everyone_answered_alike_leaves_no_omega_and_says_so() -> None:
    answers = table(SIXTY, 5)
    answers[:, 2] = 4
    found = reliability(answers, each_alone(60))
    assert found.omega.value is None and "did not vary" in found.omega.why
    assert found.items[2].rest.value is None and found.items[0].rest.value is not None


def test_items_that_one_thing_cannot_explain_have_no_omega() -> None:
    rng = np.random.default_rng(1)
    twin = rng.normal(size=400)
    answers = np.stack([twin, twin + 0.1 * rng.normal(size=400), *rng.normal(size=(2, 400))], axis=1)
    answers[:, 2] += 0.6 * twin
    found = reliability(answers, each_alone(400))
    assert found.omega.value is None and "without error" in found.omega.why


def test_two_things_in_one_scale_show_in_the_misfit() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.normal(size=(2, 600))
    answers = np.stack([one, one, one, two, two, two], axis=1) + 0.7 * rng.normal(size=(600, 6))
    mixed = reliability(answers, each_alone(600))
    single = reliability(one[:, None] + 0.7 * rng.normal(size=(600, 6)), each_alone(600))
    assert mixed.misfit.value is not None and single.misfit.value is not None
    assert mixed.misfit.value > 0.2 and single.misfit.value < 0.05
    assert mixed.alpha.value is not None and mixed.alpha.value > 0.6  # alpha alone would not have told


def test_an_item_that_nobody_turned_round_shows_by_its_sign() -> None:
    answers, clusters = made_up()
    answers[:, 1] *= -1
    found = reliability(answers, clusters)
    signs = [item.rest.value is not None and item.rest.value > 0 for item in found.items]
    assert signs == [True, False, True, True, True]
    assert found.items[1].loading.value is not None and found.items[1].loading.value < 0


def test_a_group_in_too_few_schools_has_values_without_intervals() -> None:
    answers, clusters = made_up(schools=4)
    found = reliability(answers, clusters)
    assert found.alpha.value is not None and found.alpha.low is None
    assert found.alpha.why == "no interval: in too few schools"


def test_a_value_that_hangs_on_one_school_has_no_interval() -> None:
    answers, clusters = made_up(missing=0)
    for alike in (4, answers.mean()):  # only one school's people differ on this item
        answers[clusters.codes != 3, 2] = alike
        found = reliability(answers, clusters).items[2].rest
        assert found.value is not None and found.low is None
        assert found.why == "no interval: without one of the schools it has no value"


def test_the_page_calls_what_there_is() -> None:
    page = (Path(__file__).parents[2] / "docs/reliability.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert program is not None
    compile(program[1], "reliability.md", "exec")
    exec("\n".join(line for line in program[1].splitlines() if line.startswith(("from ", "import "))), {})
