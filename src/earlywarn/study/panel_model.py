"""The random-intercept cross-lagged panel model: what it says of means and covariances.

Two things are measured of the same people in several waves. Each person has a usual level of both, which stays; what
is predicted from wave to wave is only how far a person lies above or below their own usual level. So "pupils who feel
they belong attend more" (between persons) does not pass for "a pupil who begins to feel less at home then attends
less" (within a person).

    x = mean + usual level + apart;   apart now = carried over * own apart before + crossing * the other's apart before

Source: Hamaker, Kuiper and Grasman (2015), Psychological Methods 20, 102-116. The four paths are held equal over the
waves: they lie about equally far apart.
"""

from dataclasses import dataclass

import numpy as np

from earlywarn.evaluate.measures import Floats

_TRIANGLE = 3  # parameters of a covariance of two, by its Cholesky factor: never less than 0, however they move


@dataclass(frozen=True)
class PanelModel:
    """One state of the model; variables stand wave by wave: x1, y1, x2, y2, ...

    mean    : (2 * waves,)
    usual   : (2, 2) covariance of the usual levels of x and y between persons.
    first   : (2, 2) covariance of what lies apart in the first wave.
    paths   : (2, 2) rows: to x, to y; columns: from x, from y.
    news    : (waves - 1, 2, 2) covariance of what is new in each later wave.
    """

    mean: Floats
    usual: Floats
    first: Floats
    paths: Floats
    news: Floats

    @property
    def apart(self) -> Floats:
        """Covariances (waves, 2, 2) within persons, wave by wave."""
        found = [self.first]
        for new in self.news:
            found.append(self.paths @ found[-1] @ self.paths.T + new)
        return np.array(found)

    @property
    def covariance(self) -> Floats:
        """Covariance (2 * waves, 2 * waves) of all that is measured."""
        within = self.apart
        waves = len(within)
        found = np.kron(np.ones((waves, waves)), self.usual)
        for start in range(waves):
            block = within[start]
            for end in range(start, waves):
                here, there = slice(2 * start, 2 * start + 2), slice(2 * end, 2 * end + 2)
                found[here, there] += block
                if end > start:
                    found[there, here] += block.T
                block = block @ self.paths.T
        return np.asarray(found)


def from_numbers(numbers: Floats, waves: int) -> PanelModel:
    """Return the model of a vector of parameters, as `as_numbers` makes it."""
    mean, rest = numbers[: 2 * waves], numbers[2 * waves :]
    usual, first, paths, news = rest[:3], rest[3:6], rest[6:10], rest[10:]
    return PanelModel(
        mean,
        _covariance(usual),
        _covariance(first),
        paths.reshape(2, 2),
        np.array([_covariance(new) for new in news.reshape(waves - 1, _TRIANGLE)]),
    )


def as_numbers(model: PanelModel) -> Floats:
    """Return the parameters as one vector; covariances must be positive definite."""
    covariances = [model.usual, model.first]
    factors = [np.linalg.cholesky(each)[np.tril_indices(2)] for each in (*covariances, *model.news)]
    return np.concatenate([model.mean, *factors[:2], model.paths.ravel(), *factors[2:]])


def _covariance(triangle: Floats) -> Floats:
    factor = np.array([[triangle[0], 0.0], [triangle[1], triangle[2]]])
    return np.asarray(factor @ factor.T)
