"""Exact tree SHAP, shared between rows: what each feature adds to each person's log-odds.

In:  LightGBM's own text of the trees, the float32 matrix (rows, features), NaN where not known.
Out: contributions (rows, features + 1) in log-odds; the last column is what all rows start from.

What a leaf adds to a row depends only on which features on the leaf's path agree with it: a path over d features has
2^d such patterns, however many rows there are. So each leaf's Shapley values are worked out once a pattern and looked
up for every row, where the usual algorithm walks every path again for every row.

For a leaf of value v, with w_i the share of the training rows that feature i's splits let through and o_i whether they
let this row through, feature j of the path gets

    v (o_j - w_j) * integral over t from 0 to 1 of  product over i != j of  w_i (1 - t) + o_i t

since k! (d - 1 - k)! / d! is the integral of t^k (1 - t)^(d - 1 - k). The integrand is a polynomial, so that
Gauss-Legendre quadrature with d / 2 nodes is exact.
Sources: Lundberg and others (2020), Nature Machine Intelligence 2, 56-67 (the values: "path-dependent" tree SHAP);
Wettenstein, Mitchell and Yu (2026), arXiv:2605.04497 (the quadrature); that patterns can be shared between rows is the
idea of the package woodelf-explainer.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

CHUNK = 1 << 15  # rows at a time: a row of bytes a split stays in the processor's cache
THREADS = 2
MOST_IN_TABLE = 10  # features of a path up to which all its patterns are worked out at once
_GOES_LEFT_IF_MISSING, _KNOWS_MISSING = 2, 8  # bits of LightGBM's decision_type

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Patterns = NDArray[np.intp]


@dataclass(frozen=True)
class Leaf:
    """A leaf and the path to it.

    value    : log-odds that it adds.
    features : (d,) the features on the path, each once.
    let      : for each of them, its splits on the path and whether the path goes left there.
    shares   : (d,) share of the training rows at the path's splits on the feature that they let through; above 0.
    """

    value: float
    features: tuple[int, ...]
    let: tuple[tuple[tuple[int, bool], ...], ...]
    shares: Floats

    @cached_property
    def table(self) -> Floats:
        """Return the Shapley values of all patterns of the path, (d, 2^d)."""
        return values_of(self, np.arange(1 << len(self.features)))

    @property
    def usual(self) -> float:
        """Return what the leaf adds to a row of which nothing is known."""
        return self.value * float(np.prod(self.shares))


@dataclass(frozen=True)
class Tree:
    """A tree: its splits, each on a feature at a threshold, and its leaves.

    thresholds : (splits,) the largest float32 that goes left.
    missing_left : (splits,) whether a row without a value goes left.
    """

    features: NDArray[np.int64]
    thresholds: NDArray[np.float32]
    missing_left: Bools
    leaves: tuple[Leaf, ...]


def shapley_values(
    text: str, values: NDArray[np.float32], on_rows: Callable[[int], None] = lambda rows: None
) -> Floats:
    """Return the contributions of every row; a row adds up to the trees' raw score.

    text    : LightGBM's text of trees with numeric splits alone.
    values  : (n, f) float32, NaN where not known.
    on_rows : told how many more rows are done.
    returns : (n, f + 1) float64.
    """
    trees = tuple(read_trees(text))
    usual = sum(leaf.usual for tree in trees for leaf in tree.leaves)
    found = np.empty((len(values), values.shape[1] + 1))
    found[:, -1] = usual

    def add_chunk(first: int) -> int:
        rows = values[first : first + CHUNK]
        found[first : first + CHUNK, :-1] = _contributions(trees, np.ascontiguousarray(rows.T)).T
        return len(rows)

    with ThreadPoolExecutor(THREADS) as threads:
        for rows in threads.map(add_chunk, range(0, len(values), CHUNK)):
            on_rows(rows)
    return found


def _contributions(trees: tuple[Tree, ...], columns: NDArray[np.float32]) -> Floats:
    """Return (features, rows) contributions of some rows, given as (features, rows) values."""
    added = np.zeros(columns.shape)
    for tree in trees:
        left = _goes_left(tree, columns)
        for leaf in tree.leaves:
            if leaf.features:  # a tree without a split tells nobody from anyone
                _add_leaf(added, leaf, _patterns(leaf, left))
    return added


def _add_leaf(added: Floats, leaf: Leaf, pattern: Patterns) -> None:
    """Add what a leaf gives to each feature on its path; a path too long for a table, for the patterns there are."""
    if len(leaf.features) <= MOST_IN_TABLE:
        table = leaf.table
    else:
        seen, pattern = np.unique(pattern, return_inverse=True)
        table = values_of(leaf, seen)
    for place, feature in enumerate(leaf.features):
        added[feature] += table[place].take(pattern)


def _goes_left(tree: Tree, columns: NDArray[np.float32]) -> Bools:
    """Return (splits, rows) whether each row would go left at each split."""
    rows = columns[tree.features]
    left = rows <= tree.thresholds[:, None]
    left |= np.isnan(rows) & tree.missing_left[:, None]
    return left


def _patterns(leaf: Leaf, left: Bools) -> Patterns:
    """Return which features of the path let each row through, (rows,): a bit for each, the first one's the highest."""
    pattern = np.zeros(left.shape[1], np.uint32)
    for splits in leaf.let:
        pattern <<= 1
        pattern |= _through(splits, left)
    return pattern.astype(np.intp)


def _through(splits: tuple[tuple[int, bool], ...], left: Bools) -> Bools:
    """Return which rows go the path's way at all of some splits, (rows,)."""
    (first, goes_left), *others = splits
    through: Bools = left[first] if goes_left else ~left[first]
    for split, left_too in others:
        through = through & left[split] if left_too else through & ~left[split]
    return through


def values_of(leaf: Leaf, patterns: Patterns) -> Floats:
    """Return the Shapley values of some patterns, (d, patterns)."""
    depth = len(leaf.features)
    through = (patterns >> np.arange(depth)[::-1, None]) & 1
    shares = leaf.shares[:, None]
    integral = np.zeros(through.shape)
    for node, weight in zip(*_quadrature(depth), strict=True):
        factors = shares * (1 - node) + through * node
        integral += weight * factors.prod(axis=0) / factors
    return np.asarray(leaf.value * (through - shares) * integral)


@lru_cache
def _quadrature(depth: int) -> tuple[Floats, Floats]:
    """Return nodes and weights on (0, 1) that are exact for polynomials of degree `depth` - 1."""
    nodes, weights = np.polynomial.legendre.leggauss((depth + 1) // 2)
    return (nodes + 1) / 2, weights / 2


def read_trees(text: str) -> Iterator[Tree]:
    """Yield the trees of LightGBM's text."""
    for block in text.split("\nTree=")[1:]:
        lines = (line.partition("=") for line in block.split("\n\n")[0].splitlines()[1:])
        yield _tree({name: array.split() for name, _, array in lines})


def _tree(given: Mapping[str, list[str]]) -> Tree:
    if int(given["num_leaves"][0]) == 1:
        return Tree(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.bool_), (_stump(given),))
    decisions = np.array(given["decision_type"], np.int64)
    knows_missing = (decisions & _KNOWS_MISSING) > 0
    thresholds = _not_above(np.array(given["threshold"], np.float64))
    # A split that met no missing value takes one as 0.
    missing_left = np.where(knows_missing, (decisions & _GOES_LEFT_IF_MISSING) > 0, thresholds >= 0)
    return Tree(np.array(given["split_feature"], np.int64), thresholds, missing_left, tuple(_leaves(given)))


def _stump(given: Mapping[str, list[str]]) -> Leaf:
    return Leaf(float(given["leaf_value"][0]), (), (), np.ones(0))


def _not_above(thresholds: Floats) -> NDArray[np.float32]:
    """Return the largest float32 numbers that are not above: float32 values compare with them as with the originals."""
    nearest = thresholds.astype(np.float32)
    return np.where(nearest > thresholds, np.nextafter(nearest, np.float32(-np.inf)), nearest)


def _leaves(given: Mapping[str, list[str]]) -> Iterator[Leaf]:
    """Yield the leaves of a tree; LightGBM writes a leaf as a child below 0."""
    features = [int(each) for each in given["split_feature"]]
    children = {True: [int(each) for each in given["left_child"]], False: [int(each) for each in given["right_child"]]}
    at_split, at_leaf = ([float(each) for each in given[name]] for name in ("internal_count", "leaf_count"))
    values = [float(each) for each in given["leaf_value"]]

    def below(split: int, path: tuple[tuple[int, bool, float], ...]) -> Iterator[Leaf]:
        for goes_left in (True, False):
            child = children[goes_left][split]
            people = at_split[child] if child >= 0 else at_leaf[~child]
            longer = (*path, (split, goes_left, people / at_split[split]))
            if child >= 0:
                yield from below(child, longer)
            else:
                yield _leaf(values[~child], longer, features)

    yield from below(0, ())


def _leaf(value: float, path: tuple[tuple[int, bool, float], ...], features: list[int]) -> Leaf:
    on_path = tuple(dict.fromkeys(features[split] for split, _, _ in path))
    mine = [[step for step in path if features[step[0]] == feature] for feature in on_path]
    let = tuple(tuple((split, left) for split, left, _ in steps) for steps in mine)
    return Leaf(value, on_path, let, np.array([np.prod([share for _, _, share in steps]) for steps in mine]))
