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
SIZE = 2 * WAVES + 1
USUAL = np.array([[0.6, -0.3], [-0.3, 0.5]])
NEWS = np.array([0.6, 0.7, 0.55, 0.6, 0.55, 0.6, 0.5])


def model(paths: list[list[float]], shows: tuple[float, ...] = (1, 1, 1, 1)) -> PanelModel:
    return PanelModel(np.linspace(-0.2, 0.3, SIZE), USUAL, np.array(shows), np.array(paths), NEWS)


def panel(planted: PanelModel, people: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return x, y and the school of each: made step by step from the model's words, not from its covariance."""
    random = np.random.default_rng(seed)
    school = np.arange(people) % SCHOOLS
    usual_x, usual_y = random.multivariate_normal([0, 0], planted.usual, people).T
    (xx, yx), (xy, yy) = planted.paths
    news = random.normal(size=(people, SIZE)) * planted.news
    x_apart, y_apart = np.zeros(people), news[:, 0]
    xs, ys = [], [planted.mean[0] + usual_y * planted.shows[0] + y_apart]
    for wave in range(1, WAVES + 1):
        x_apart = xx * x_apart + yx * y_apart + news[:, 2 * wave - 1]
        y_apart = yy * y_apart + xy * x_apart + news[:, 2 * wave]
        xs.append(planted.mean[2 * wave - 1] + usual_x + x_apart)
        ys.append(planted.mean[2 * wave] + usual_y * planted.shows[wave] + y_apart)
    return np.stack(xs, axis=1), np.stack(ys, axis=1), school


def standardised(planted: PanelModel) -> Floats:
    spread = np.sqrt(np.diag(planted.apart))
    x, y = spread[1::2], spread[::2]
    scale = [
        [np.mean(x[:-1] / x[1:]), np.mean(y[:-1] / x)],
        [np.mean(x / y[1:]), np.mean(y[:-1] / y[1:])],
    ]
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


def test_a_usual_level_that_shows_less_in_a_short_first_span_does_not_pass_for_a_lead() -> None:
    found = fitted(model([[0.3, 0.0], [0.0, 0.0]], (1, 1.6, 1.6, 1.6)), people=20_000, seed=4).paths
    for figure in (found.crossing_xy, found.crossing_yx):
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low < 0 < figure.high


def test_the_misfit_is_small_where_the_model_holds_and_not_where_it_does_not() -> None:
    planted = model([[0.3, 0.0], [-0.2, 0.3]])
    assert fitted(planted).misfit < 0.02
    x, y, school = panel(planted, 8000, 1)
    x[:, 2] += 0.8 * y[:, 0]  # no path of the model leads from before the first wave to the third alone
    assert cross_lagged(x, y, school, np.arange(8000)).misfit > 0.03


def test_a_wave_of_which_nothing_is_known_is_not_estimable_and_says_why() -> None:
    x, y, school = panel(model([[0.3, 0.0], [0.0, 0.3]]), 1000, 1)
    x[:, 1] = np.nan
    found = cross_lagged(x, y, school, np.arange(1000))
    assert found.why == "one of the waves holds nothing of one of the two"
    assert found.paths.usual.value is None


def test_intervals_are_those_of_fits_without_each_school() -> None:
    """Newton's one step lies where the whole way leads: a school is left out and everything fitted anew."""
    x, y, school = panel(model([[0.3, 0.0], [-0.2, 0.3]]), 4000, 6)
    kept = school != 0
    again = cross_lagged(x[kept], y[kept], school[kept], np.arange(4000)[kept]).paths
    found = cross_lagged(x, y, school, np.arange(4000)).paths
    for name in ("crossing_xy", "crossing_yx", "usual"):
        whole, without = getattr(found, name), getattr(again, name).value
        moved = whole.without_each[1] - whole.value
        assert moved == pytest.approx(without - whole.value, abs=0.2 * abs(moved) + 2e-4)


def test_the_likelihood_is_that_of_the_normal_distribution() -> None:
    planted = model([[0.3, 0.1], [-0.2, 0.4]])
    x, y, school = panel(planted, 60, 5)
    values = np.empty((60, SIZE))
    values[:, ::2], values[:, 1::2] = y, x
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
    planted = model([[0.3, 0.1], [-0.2, 0.4]], (1, 1.4, 0.8, 1.2))
    again = from_numbers(as_numbers(planted))
    assert again.covariance == pytest.approx(planted.covariance)
    assert again.paths == pytest.approx(planted.paths)
    assert again.shows == pytest.approx(planted.shows)


@pytest.mark.parametrize(("people", "waves"), [(150, 3), (3000, 2)])
def test_too_little_is_not_estimable_and_says_why(people: int, waves: int) -> None:
    x, y, school = panel(model([[0.3, 0.0], [0.0, 0.3]]), people, 1)
    found = cross_lagged(x[:, :waves], y[:, : waves + 1], school, np.arange(people))
    assert found.why == "it takes 3 waves and 200 people"
    assert found.paths.crossing_xy.value is None
    assert found.paths.crossing_xy.why == found.why


def test_a_school_less_is_a_school_less() -> None:
    """People of whom nothing is known are no part of it."""
    x, y, school = panel(model([[0.3, 0.0], [-0.2, 0.3]]), 1000, 2)
    x[:25], y[:25] = np.nan, np.nan
    assert cross_lagged(x, y, school, np.arange(1000)).people == 975
