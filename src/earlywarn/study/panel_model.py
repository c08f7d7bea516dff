"""The random-intercept cross-lagged panel model of two measures that take turns: its means and covariances.

One thing (x, engagement in a wave) is measured between two spans of the other (y, absence), so that everything stands
in one order of time: y0, x1, y1, x2, y2, ... Each person has a usual level of both, which stays; what is predicted is
only how far a person lies above or below their own usual level. So "pupils who feel they belong attend more" (between
persons) does not pass for "a pupil who begins to feel less at home then attends less" (within a person).

    x now = mean + usual x + apart;           apart = carried * own apart before + crossing * y's apart right before
    y now = mean + shows * usual y + apart;   apart = carried * own apart before + crossing * x's apart right before

Source: Hamaker, Kuiper and Grasman (2015), Psychological Methods 20, 102-116. Two things differ from it. Nothing
happens at the same time here: a path stands where the two of a wave were free to go together. And the usual level of y
may show more in one span than in another: absence over four weeks tells less of a pupil than absence over twelve; held
equal, that difference would pass for a path. The four paths are held equal over the waves, which lie about equally far
apart.
"""

from dataclasses import dataclass

import numpy as np

from earlywarn.evaluate.measures import Floats

_TRIANGLE = 3  # parameters of a covariance of two, by its Cholesky factor: never less than 0, however they move


@dataclass(frozen=True)
class PanelModel:
    """One state of the model; variables stand in the order of time: y0, x1, y1, x2, y2, ...; an odd number of them.

    mean  : (variables,)
    usual : (2, 2) covariance of the usual levels of x and y between persons.
    shows : (waves + 1,) how far the usual level of y shows in y0, y1, ...; 1 in the first.
    paths : (2, 2) rows: to x, to y; columns: from x, from y.
    news  : (variables,) standard deviations of what is new in each.
    """

    mean: Floats
    usual: Floats
    shows: Floats
    paths: Floats
    news: Floats

    @property
    def apart(self) -> Floats:
        """Covariance (variables, variables) within persons."""
        size = len(self.mean)
        steps = np.zeros((size, size))
        place = np.arange(size)
        steps[place[1:], place[:-1]] = np.where(place[1:] % 2, self.paths[0, 1], self.paths[1, 0])
        steps[place[2:], place[:-2]] = np.where(place[2:] % 2, self.paths[0, 0], self.paths[1, 1])
        reach = np.linalg.inv(np.eye(size) - steps) * self.news
        return np.asarray(reach @ reach.T)

    @property
    def covariance(self) -> Floats:
        """Covariance (variables, variables) of all that is measured."""
        size = len(self.mean)
        shown = np.zeros((size, 2))
        shown[1::2, 0], shown[::2, 1] = 1.0, self.shows
        return np.asarray(shown @ self.usual @ shown.T + self.apart)


def from_numbers(numbers: Floats) -> PanelModel:
    """Return the model of a vector of parameters, as `as_numbers` makes it."""
    waves = (len(numbers) - _TRIANGLE - 4 - 2) // 5  # two means and news a wave, and of y0; shows without the first
    size = 2 * waves + 1
    mean, usual, shows, paths, news = np.split(numbers, np.cumsum([size, _TRIANGLE, waves, 4]))
    factor = np.array([[usual[0], 0.0], [usual[1], usual[2]]])
    return PanelModel(mean, factor @ factor.T, np.concatenate([[1.0], shows]), paths.reshape(2, 2), news)


def as_numbers(model: PanelModel) -> Floats:
    """Return the parameters as one vector; the covariance of usual levels must be positive definite."""
    factor = np.linalg.cholesky(model.usual)[np.tril_indices(2)]
    return np.concatenate([model.mean, factor, model.shows[1:], model.paths.ravel(), model.news])
