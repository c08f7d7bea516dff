"""Who was asked: no table says which year groups a survey was meant for, so those who answered tell it.

In:  values of everyone scored, and who is in which school and year group.
Out: where "did not answer" would be said of people among whom nobody answered. It may be that a
     survey which begins in Year 3 did not ask them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Population
from earlywarn.explain.peers import MEMBERS
from earlywarn.features.feature import Feature

OF_ANSWERING = ("_answered", "_answered_share", "_answered_waves")  # 0 where a person never answered


def nobody_answered(
    values: NDArray[np.float32], features: Sequence[Feature], people: pd.DataFrame, population: Population
) -> NDArray[np.bool_]:
    """Tell where a value says "did not answer", and that of all others in the year group (of staff: the school), too.

    values  : (people, features) NaN where not known.
    returns : (people, features).
    """
    member = MEMBERS["year group" if population == "pupils" else "school"](people)
    found = np.zeros(values.shape, bool)
    for column, feature in enumerate(features):
        if feature.block == "survey" and feature.name.endswith(OF_ANSWERING):
            most = pd.Series(values[:, column]).groupby(member).transform("max").to_numpy()
            found[:, column] = (values[:, column] == 0) & (most == 0)
    return found
