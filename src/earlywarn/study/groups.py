"""Whose rows are whose, where something is measured in each group, wave or school alone.

In:  labels (rows,): equal values are one group.
Out: each label with its rows.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from earlywarn.evaluate.measures import Bools, Labels


def rows_by(labels: Labels) -> Mapping[Any, Bools]:
    """Return which rows are of each label, in the labels' order.

    >>> rows_by(np.array(["spring", "autumn"]))["spring"].tolist()
    [True, False]
    """
    return {label: labels == label for label in np.unique(labels).tolist()}
