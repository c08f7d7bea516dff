"""Which cells of a table tell of each other: whoever knows a total can take the shown cells from it.

In:  ways to divide the same people, those that the table shows and those whose numbers a reader may know.
Out: sets of cells; if all but one of a set are known, so is the last.

It is read from the people themselves: a cell and the cells of another division that fill it exactly are tied, be it
pupil premium and where it meets SEN, any SEN and its two kinds, or a band that holds one group alone.
"""

from collections.abc import Hashable, Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.evaluate.measures import Ints, Labels

Cell = str


def cell(division: str, group: Hashable) -> Cell:
    """Return what a cell is called: its division, and its group there."""
    return f"{division}|{group}"


def ties(shown: Mapping[str, Labels], known: Mapping[str, Labels]) -> list[set[Cell]]:
    """Return the sets of shown cells that are tied together.

    shown, known : name of a division -> (people,) labels; of `known`, only the totals matter.

    >>> [sorted(each) for each in ties({"sen": np.array(["N", "K", "E"])}, {"any": np.array([0, 1, 1])})]
    [['sen|E', 'sen|K']]
    """
    numbered = {name: pd.factorize(labels) for name, labels in {**known, **shown}.items()}
    found: list[set[Cell]] = []
    for wide, (wide_code, wide_names) in numbered.items():
        for fine in shown:
            if fine == wide:
                continue
            fine_code, fine_names = numbered[fine]
            for whole, parts in _filled(wide_code, fine_code):
                tied = {cell(fine, fine_names[part]) for part in parts}
                found.append(tied | ({cell(wide, wide_names[whole])} if wide in shown else set()))
    return [each for each in found if len(each) > 1]


def _filled(wide: Ints, fine: Ints) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Yield each wide cell that fine cells fill exactly, with these."""
    if not len(wide):
        return
    shape = (int(wide.max()) + 1, int(fine.max()) + 1)
    both = np.bincount(wide * shape[1] + fine, minlength=shape[0] * shape[1]).reshape(shape)
    inside = (both == both.sum(axis=0)) & (both > 0)
    filled = np.where(inside, both, 0).sum(axis=1) == both.sum(axis=1)
    for whole in np.flatnonzero(filled).tolist():
        yield whole, np.flatnonzero(inside[whole])
