"""Cross-lagged paths: found where they were planted, and not where only usual levels differ."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from earlywarn.evaluate.intervals import clusters_of
from earlywarn.evaluate.measures import Floats
from earlywarn.study.cross_lagged import CrossLagged, cross_lagged
from earlywarn.study.panel_model import PanelModel, as_numbers, from_numbers
from earlywarn.study.panel_sums import log_likelihood, panel_sums

SCHOOLS, WAVES = 40, 3
USUAL = np.array([[0.6, -0.3], [-0.3, 0.5]])
FIRST = np.array([[0.5, -0.1], [-0.1, 0.4]])
NEWS = np.array([[[0.4, -0.05], [-0.05, 0.3]]] * (WAVES - 1))


def model(paths: list[list[float]]) -> PanelModel:
    return PanelModel(np.linspace(-0.2, 0.3, 2 * WAVES), USUAL, FIRST, np.array(paths), NEWS)


def panel(planted: PanelModel, people: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return x, y and the school of each: made step by step from the model's words, not from its covariance."""
    random = np.random.default_rng(seed)
    school = np.arange(people) % SCHOOLS
    usual = random.multivariate_normal([0, 0], planted.usual, people)
    apart = random.multivariate_normal([0, 0], planted.first, people)
    waves = [apart]
    for new in planted.news:
        apart = apart @ planted.paths.T + random.multivariate_normal([0, 0], new, people)
        waves.append(apart)
    values = planted.mean.reshape(WAVES, 2) + usual[:, None, :] + np.stack(waves, axis=1)
    return values[:, :, 0], values[:, :, 1], school


def standardised(planted: PanelModel) -> Floats:
    spread = np.sqrt(np.array([np.diag(each) for each in planted.apart]))
    scale = [[np.mean(spread[:-1, of] / spread[1:, to]) for of in range(2)] for to in range(2)]
    return planted.paths * np.array(scale)


def fitted(planted: PanelModel, people: int = 8000, seed: int = 1, missing: float = 0.0) -> CrossLagged:
    x, y, school = panel(planted, people, seed)
    if missing:
        gone = np.random.default_rng(seed + 100).random(x.shape) < missing
        x = np.where(gone, np.nan, x)
    return cross_lagged(5 + 2 * x, 0.1 + 0.01 * y, school, np.arange(people))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_planted_paths_are_found_also_where_waves_are_missed(missing: float) -> None:
    planted = model([[0.3, 0.0], [-0.25, 0.4]])
    true = standardised(planted)
    found = fitted(planted, missing=missing).paths
    for figure, value in zip(
        (found.carried_x, found.crossing_yx, found.crossing_xy, found.carried_y), true.ravel(), strict=True
    ):
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low - 0.02 < value < figure.high + 0.02
        assert figure.high - figure.low < 0.35
    assert found.crossing_xy.high is not None
    assert found.crossing_xy.high < 0
    assert found.usual.value == pytest.approx(USUAL[0, 1] / np.sqrt(USUAL[0, 0] * USUAL[1, 1]), abs=0.1)


def test_usual_levels_that_go_together_do_not_pass_for_a_lead() -> None:
    found = fitted(model([[0.2, 0.0], [0.0, 0.2]]), seed=3).paths
    for figure in (found.crossing_xy, found.crossing_yx):
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low < 0 < figure.high


def test_the_likelihood_is_that_of_the_normal_distribution() -> None:
    planted = model([[0.3, 0.1], [-0.2, 0.4]])
    x, y, school = panel(planted, 60, 5)
    values = np.stack([x, y], axis=2).reshape(60, -1)
    values[:10, 2:4] = np.nan
    values[10:25, 0] = np.nan
    sums = panel_sums(values, clusters_of(school, np.arange(60)))
    found = log_likelihood(sums, planted.mean, planted.covariance)
    by_hand = np.zeros(sums.people.shape[0])
    clusters = clusters_of(school, np.arange(60)).codes
    for row, cluster in zip(values, clusters, strict=True):
        known = ~np.isnan(row)
        normal = multivariate_normal(planted.mean[known], planted.covariance[np.ix_(known, known)])
        by_hand[cluster] += normal.logpdf(row[known]) + known.sum() * np.log(2 * np.pi) / 2
    assert found == pytest.approx(by_hand)


def test_parameters_go_there_and_back() -> None:
    planted = model([[0.3, 0.1], [-0.2, 0.4]])
    again = from_numbers(as_numbers(planted), WAVES)
    assert again.covariance == pytest.approx(planted.covariance)
    assert again.paths == pytest.approx(planted.paths)


@pytest.mark.parametrize(("people", "waves"), [(150, 3), (3000, 2)])
def test_too_little_is_not_estimable_and_says_why(people: int, waves: int) -> None:
    x, y, school = panel(model([[0.3, 0.0], [0.0, 0.3]]), people, 1)
    found = cross_lagged(x[:, :waves], y[:, :waves], school, np.arange(people))
    assert found.why == "it takes 3 waves and 200 people"
    assert found.paths.crossing_xy.value is None
    assert found.paths.crossing_xy.why == found.why


def test_a_school_less_is_a_school_less() -> None:
    """People of whom nothing is known are no part of it."""
    x, y, school = panel(model([[0.3, 0.0], [-0.2, 0.3]]), 1000, 2)
    x[:25], y[:25] = np.nan, np.nan
    assert cross_lagged(x, y, school, np.arange(1000)).people == 975
