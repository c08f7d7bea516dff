"""LightGBM's text, checked before LightGBM sees it.

In:  the bytes of a model file and the names of the features it must be about.
Out: the text of the trees, or a `BundleError` that names the file and what is wrong.

LightGBM trusts its own text: a child out of range or an array cut short makes
it write out of bounds and takes the process down. So the text must be exactly
what `Booster.model_to_string` writes for numeric splits and one outcome, and
every tree must be a tree. An edit that keeps to all that is still an edit: the
hashes, the made-up rows or the signature catch it, this file only keeps it from
doing harm.
"""

import re
from math import isfinite

from earlywarn.bundle.files import damaged
from earlywarn.bundle.protocol import MOST_LEAVES, MOST_ODDS, MOST_TREES

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

_PER_SPLIT = ("split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child")
_PER_LEAF = ("leaf_value", "leaf_weight", "leaf_count")
_PER_SPLIT_TOO = ("internal_value", "internal_weight", "internal_count")
_WHOLE = ("split_feature", "decision_type", "left_child", "right_child", "leaf_count", "internal_count")
_ARRAYS = (*_PER_SPLIT, *_PER_LEAF, *_PER_SPLIT_TOO)  # in the order in which they are written

_TREE = re.compile(
    r"Tree=(?P<number>[0-9]{1,6})\nnum_leaves=(?P<leaves>[0-9]{1,6})\nnum_cat=0\n"
    + "".join(rf"{name}=(?P<{name}>[0-9 {'' if name in _WHOLE else '.einf+'}-]*)\n" for name in _ARRAYS)
    + rf"is_linear=0\nshrinkage=(?P<shrinkage>{_NUMBER})\n\n\n"
)

_END = "end of trees\n"
_TAIL = re.compile(
    _END + r"\nfeature_importances:\n(?:[A-Za-z0-9_]+=[0-9]+\n)*"
    r"\nparameters:\n(?:\[[a-z_0-9]+: [^\n\]]*\]\n)*\nend of parameters\n"
    r"(?:\npandas_categorical:(?:null|\[\])\n)?"
)

# How a numeric split treats a missing value: to the left or not, missing is none or NaN.
_NUMERIC_DECISIONS = {0, 2, 8, 10}


def checked_text(content: bytes, names: tuple[str, ...], file: str) -> str:
    """Return the text of the trees once it is known to be one that LightGBM can read safely.

    What follows the trees (how often features were used, the settings of the fit) no score needs: it must have
    its form, but it is not handed on.
    """
    try:
        text = content.decode("ascii")
        sizes, at = _check_head(text, names)
        for number, size in enumerate(sizes):
            _check_tree(text[at : at + size], number, len(names))
            at += size
        _need(_TAIL.fullmatch(text, at) is not None, "what follows the trees is not what LightGBM writes")
    except (ValueError, OverflowError) as error:  # of our own checks, and of a number that is none
        raise damaged(file, _without_content(error)) from None
    return text[:at] + _END


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
    _need(head["sizes"].count(" ") < MOST_TREES, f"more than {MOST_TREES:,} trees")
    sizes = [int(size) for size in head["sizes"].split(" ")]
    _need(head.end() + sum(sizes) <= len(text), "the file ends before its last tree")
    return sizes, head.end()


def _check_tree(text: str, number: int, features: int) -> None:
    """Check one tree: its form, the length of every array, every number, and that it is a tree."""
    tree = _TREE.fullmatch(text)
    if tree is None or int(tree["number"]) != number:
        raise _StructureError(f"tree {number} is not of the length, or not of the form, that is declared")
    leaves = int(tree["leaves"])
    _need(1 <= leaves <= MOST_LEAVES, f"tree {number} has {leaves:,} leaves; 1 to {MOST_LEAVES:,} are allowed")
    for name in (*_PER_SPLIT, *_PER_SPLIT_TOO):
        _need(_length(tree[name]) == leaves - 1, f"tree {number}: {name} is not one number a split")
    for name in _PER_LEAF:
        alone = leaves == 1 and name == "leaf_weight" and not tree[name]  # a stump's weight is not written
        _need(alone or _length(tree[name]) == leaves, f"tree {number}: {name} is not one number a leaf")
    _check_numbers(tree, number)
    _check_splits(tree, number, features)
    left, right = _whole(tree["left_child"]), _whole(tree["right_child"])
    _check_shape(left, right, number)
    _check_counts(left, right, tree, number)


def _check_numbers(tree: re.Match[str], number: int) -> None:
    """Check that every number of a tree is one, and finite, and no leaf's advice beyond reason.

    A threshold may be infinite: that split parts who has a value from who has none.
    """
    for name in ("split_gain", "threshold", "leaf_weight", "internal_value", "internal_weight", "shrinkage"):
        values = _real(tree[name])
        _need(name == "threshold" or all(map(isfinite, values)), f"tree {number}: {name} is not finite")
    for value in _real(tree["leaf_value"]):
        _need(abs(value) <= MOST_ODDS, f"tree {number}: leaf_value is not finite, or beyond {MOST_ODDS:,.0f}")


def _check_splits(tree: re.Match[str], number: int, features: int) -> None:
    """Check that every split is numeric and on a feature there is."""
    there = all(0 <= split < features for split in _whole(tree["split_feature"]))
    _need(there, f"tree {number} splits on a feature that is not there")
    numeric = _NUMERIC_DECISIONS.issuperset(_whole(tree["decision_type"]))
    _need(numeric, f"tree {number} has a split that is not numeric")


def _check_shape(left: list[int], right: list[int], number: int) -> None:
    """Check that the root reaches every other split and every leaf exactly once.

    A child that is 0 or more is a split, below 0 a leaf. LightGBM numbers splits
    as it makes them, so a child's number is above its parent's: with each reached
    once, that leaves no room for a cycle.
    """
    splits = len(left)
    everyone = [*range(-splits - 1, 0), *range(1, splits)] if splits else []
    _need(sorted(left + right) == everyone, f"tree {number}: a split or a leaf is not reached exactly once")
    forward = all(child < 0 or child > parent for children in (left, right) for parent, child in enumerate(children))
    _need(forward, f"tree {number}: a split leads back to an earlier one")


def _check_counts(left: list[int], right: list[int], tree: re.Match[str], number: int) -> None:
    """Check that people went every way, and that a split's people are those of its two children.

    Reasons are worked out from the shares of people that went either way: with none, a share of 0 would be divided by.
    """
    at_split, at_leaf = _whole(tree["internal_count"]), _whole(tree["leaf_count"])
    _need(all(count > 0 for count in (*at_split, *at_leaf)), f"tree {number}: a split or a leaf is nobody's")
    below = [[at_split[child] if child >= 0 else at_leaf[~child] for child in children] for children in (left, right)]
    add_up = at_split == [one + other for one, other in zip(*below, strict=True)]
    _need(add_up, f"tree {number}: a split's people are not those of its children")


def _length(array: str) -> int:
    return array.count(" ") + 1 if array else 0


def _whole(array: str) -> list[int]:
    return [int(part) for part in array.split(" ")] if array else []


def _real(array: str) -> list[float]:
    return [float(part) for part in array.split(" ")] if array else []
