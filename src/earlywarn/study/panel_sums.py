"""What a panel's likelihood needs of the data: sums for each cluster and each pattern of what is known.

In:  (people, variables) with NaN where a value is not known, and the cluster of each person.
Out: `PanelSums`. Nobody is left out for a missed wave, and after this no array is as long as there are people.
"""

from dataclasses import dataclass

import numpy as np

from earlywarn.evaluate.intervals import Clusters
from earlywarn.evaluate.measures import Bools, Floats


@dataclass(frozen=True)
class PanelSums:
    """Counts, sums and sums of products; what is not known in a pattern stands as 0.

    known    : (patterns, variables) bool.
    people   : (clusters, patterns).
    total    : (clusters, patterns, variables).
    products : (clusters, patterns, variables, variables).
    """

    known: Bools
    people: Floats
    total: Floats
    products: Floats

    @property
    def together(self) -> "PanelSums":
        """All clusters as one."""
        return PanelSums(self.known, *(each.sum(axis=0)[None] for each in (self.people, self.total, self.products)))


def panel_sums(values: Floats, clusters: Clusters) -> PanelSums:
    """Return the sums of a panel; people of whom nothing is known are no part of it."""
    there = ~np.isnan(values)
    some = there.any(axis=1)
    values, there, codes = values[some], there[some], clusters.codes[some]
    known, pattern = np.unique(there, axis=0, return_inverse=True)
    filled = np.where(there, values, 0.0)
    place = codes * len(known) + pattern.ravel()
    shape = (clusters.count, len(known))
    count = shape[0] * shape[1]
    total = np.stack([np.bincount(place, column, count) for column in filled.T], axis=-1).astype(np.float64)
    width = values.shape[1]
    products = np.empty((count, width, width))
    for one in range(width):
        for other in range(one, width):
            sums = np.bincount(place, filled[:, one] * filled[:, other], count)
            products[:, one, other] = products[:, other, one] = sums
    people = np.bincount(place, minlength=count).astype(np.float64)
    return PanelSums(known, people.reshape(shape), total.reshape(*shape, width), products.reshape(*shape, width, width))


def log_likelihood(sums: PanelSums, mean: Floats, covariance: Floats) -> Floats:
    """Return each cluster's log-likelihood (clusters,) under a normal distribution, without its constant.

    Every person counts with what is known of them ("full information"), which is right where what is missing
    depends on nothing but what is known. -inf where the covariance is not positive definite.
    Source: Enders (2010), Applied Missing Data Analysis, equation 4.3.
    """
    # What a pattern does not know stands as a variable of its own, of variance 1, and adds nothing.
    both = sums.known[:, :, None] & sums.known[:, None, :]
    width = len(mean)
    cut = np.where(both, covariance, 0.0) + np.where(sums.known, 0.0, 1.0)[:, :, None] * np.eye(width)
    sign, log_determinant = np.linalg.slogdet(cut)
    if not (sign > 0).all() or np.linalg.eigvalsh(covariance)[0] <= 0:
        return np.full(len(sums.people), -np.inf)
    inverse = np.linalg.inv(cut)
    centre = np.where(sums.known, mean, 0.0)
    pulled = np.einsum("pij,pj->pi", inverse, centre)
    fixed = log_determinant + np.einsum("pi,pi->p", pulled, centre)
    return np.asarray(
        -0.5
        * (
            sums.people @ fixed
            - 2 * np.einsum("cpi,pi->c", sums.total, pulled)
            + np.einsum("cpij,pij->c", sums.products, inverse)
        )
    )
