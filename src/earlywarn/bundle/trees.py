"""LightGBM's text, checked before LightGBM sees it.

In:  the bytes of a model file and the names of the features it must be about.
Out: the text, or a `BundleError` that names the file and what is wrong.

LightGBM trusts its own text: a child out of range or an array cut short makes
it write out of bounds and takes the process down. So the text must be exactly
what `Booster.model_to_string` writes for numeric splits and one outcome, and
every tree must be a tree. An edit that keeps to all that is still an edit: the
hashes of the manifest catch it, this file only keeps it from doing harm.
"""

import re
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from earlywarn.bundle.protocol import MOST_LEAVES, MOST_TREES
from earlywarn.errors import BundleError

Whole = NDArray[np.int64]

_NUMBER = r"-?[0-9][0-9.e+-]*"
_RANGE = rf"(?:none|\[{_NUMBER}:{_NUMBER}\])"

_HEAD = re.compile(
    r"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
    r"max_feature_idx=(?P<last>[0-9]{1,6})\nobjective=binary sigmoid:1\n"
    r"feature_names=(?P<names>[A-Za-z0-9_ ]+)\n"
    r"(?:monotone_constraints=(?P<monotone>[01 -]+)\n)?"
    rf"feature_infos=(?P<infos>{_RANGE}(?: {_RANGE})*)\n"
    r"tree_sizes=(?P<sizes>[0-9 ]+)\n\n"
)

_PER_SPLIT = (
    ("split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child"),
    ("internal_value", "internal_weight", "internal_count"),
)
_PER_LEAF = ("leaf_value", "leaf_weight", "leaf_count")
_WHOLE = ("split_feature", "decision_type", "left_child", "right_child")
_ARRAYS = (*_PER_SPLIT[0], *_PER_LEAF, *_PER_SPLIT[1])
_REAL = tuple(name for name in _ARRAYS if name not in _WHOLE)

_TREE = re.compile(
    r"Tree=(?P<number>[0-9]{1,6})\nnum_leaves=(?P<leaves>[0-9]{1,6})\nnum_cat=0\n"
    + "".join(rf"{name}=(?P<{name}>[0-9 {'' if name in _WHOLE else '.einf+'}-]*)\n" for name in _ARRAYS)
    + rf"is_linear=0\nshrinkage={_NUMBER}\n\n\n"
)

_TAIL = re.compile(
    r"end of trees\n\nfeature_importances:\n(?:[A-Za-z0-9_]+=[0-9]+\n)*"
    r"\nparameters:\n(?:\[[a-z_0-9]+: [^\n\]]*\]\n)*\nend of parameters\n"
    r"(?:\npandas_categorical:(?:null|\[\])\n)?"
)

# How a numeric split treats a missing value: to the left or not, missing is none or NaN.
_NUMERIC_DECISIONS = (0, 2, 8, 10)


def checked_text(content: bytes, names: tuple[str, ...], file: str) -> str:
    """Return the model's text once it is known to be one that LightGBM can read safely."""
    try:
        text = content.decode("ascii")
        sizes, at = _check_head(text, names)
        for number, size in enumerate(sizes):
            _check_tree(text[at : at + size], number, len(names))
            at += size
        _need(_TAIL.fullmatch(text, at) is not None, "what follows the trees is not what LightGBM writes")
    except (ValueError, OverflowError) as error:  # of our own checks, and of a number that is none
        raise BundleError(
            f"{file}: {_without_content(error)}", fix="restore the bundle from a copy, or train it again"
        ) from None
    return text


class _StructureError(ValueError):
    """A check failed; its message holds nothing of the file."""


def _without_content(error: Exception) -> str:
    return str(error) if isinstance(error, _StructureError) else "a number or a letter cannot be read"


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise _StructureError(otherwise)


def _check_head(text: str, names: tuple[str, ...]) -> tuple[list[int], int]:
    """Check the header; return the length of each tree and where the first begins."""
    head = _HEAD.match(text)
    if head is None:
        raise _StructureError("the header is not that of a model for one outcome with numeric splits")
    found = tuple(head["names"].split(" "))
    _need(found == names, "the model's features are not those of features.json")
    _need(int(head["last"]) == len(names) - 1, "the header counts another number of features than it names")
    _need(head["infos"].count(" ") == len(names) - 1, "the header describes another number of features than it names")
    if head["monotone"] is not None:
        _need(set(signs := head["monotone"].split(" ")) <= {"-1", "0", "1"}, "a constraint is not -1, 0 or 1")
        _need(len(signs) == len(names), "the header constrains another number of features than it names")
    sizes = [int(size) for size in head["sizes"].split(" ")]
    _need(len(sizes) <= MOST_TREES, f"more than {MOST_TREES:,} trees")
    _need(head.end() + sum(sizes) <= len(text), "the file ends before its last tree")
    return sizes, head.end()


def _check_tree(text: str, number: int, features: int) -> None:
    """Check one tree: its form, the length of every array, and that it is a tree."""
    tree = _TREE.fullmatch(text)
    if tree is None or int(tree["number"]) != number:
        raise _StructureError(f"tree {number} is not of the length, or not of the form, that is declared")
    leaves = int(tree["leaves"])
    _need(1 <= leaves <= MOST_LEAVES, f"tree {number} has {leaves:,} leaves; 1 to {MOST_LEAVES:,} are allowed")
    for name in (*_PER_SPLIT[0], *_PER_SPLIT[1]):
        _need(len(_parts(tree[name])) == leaves - 1, f"tree {number}: {name} is not one number a split")
    for name in _PER_LEAF:
        alone = leaves == 1 and name == "leaf_weight" and not tree[name]  # a stump's weight is not written
        _need(alone or len(_parts(tree[name])) == leaves, f"tree {number}: {name} is not one number a leaf")
    _check_numbers(tree, number)
    _check_splits(tree, number, features)
    _check_shape(_whole(tree["left_child"]), _whole(tree["right_child"]), number)


def _check_numbers(tree: re.Match[str], number: int) -> None:
    """Check that every number of a tree is one, and finite.

    A threshold may be infinite: that split parts who has a value from who has none.
    """
    for name in _REAL:
        values = [float(part) for part in _parts(tree[name])]
        _need(name == "threshold" or all(map(isfinite, values)), f"tree {number}: {name} is not finite")


def _check_splits(tree: re.Match[str], number: int, features: int) -> None:
    """Check that every split is numeric and on a feature there is."""
    split = _whole(tree["split_feature"])
    _need(bool(((split >= 0) & (split < features)).all()), f"tree {number} splits on a feature that is not there")
    decisions = _whole(tree["decision_type"])
    _need(bool(np.isin(decisions, _NUMERIC_DECISIONS).all()), f"tree {number} has a split that is not numeric")


def _check_shape(left: Whole, right: Whole, number: int) -> None:
    """Check that the root reaches every other split and every leaf exactly once.

    A child that is 0 or more is a split, below 0 a leaf. LightGBM numbers splits
    as it makes them, so a child's number is above its parent's: with each reached
    once, that leaves no room for a cycle.
    """
    splits = len(left)
    children = np.concatenate((left, right))
    everyone = np.concatenate((np.arange(-splits - 1, 0), np.arange(1, splits)))
    reached = np.array_equal(np.sort(children), everyone) if splits else True
    _need(reached, f"tree {number}: a split or a leaf is not reached exactly once")
    parents = np.tile(np.arange(splits), 2)
    _need(bool(((children < 0) | (children > parents)).all()), f"tree {number}: a split leads back to an earlier one")


def _parts(array: str) -> list[str]:
    return array.split(" ") if array else []


def _whole(array: str) -> Whole:
    return np.array([int(part) for part in _parts(array)], dtype=np.int64)
