"""What the model looks at, as plain data: which features, what was left out and why, what weighs most, what moved.

Out: `features` and `cohort_drift` of `metrics.json`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.features.catalogue import absent_blocks
from earlywarn.features.gather import Sources, phases_of
from earlywarn.model.drift import cohort_drift
from earlywarn.model.examples import Examples
from earlywarn.model.recipe import names_of
from earlywarn.model.train import Trained
from earlywarn.model.ways import ways

IMPORTANCE_ROWS = 2000  # enough for a mean, and tree SHAP is dear
MOST_SHOWN = 20


def feature_facts(sources: Sources, examples: Examples, trained: Trained) -> dict[str, Any]:
    """Return what is said of features: of all of them, and of how they differ between training and test."""
    features = trained.recipe.features
    values = examples.matrix.choose(names_of(features))
    test = values[examples.test]
    sample = test[:: max(1, len(test) // IMPORTANCE_ROWS)]
    added = trained.tested.model.contributions(sample)[:, :-1]
    share = _importance(added)
    return {
        "features": {
            "used": len(features),
            "names": list(names_of(features)),
            "audit_only": sorted({feature.source for feature in trained.characteristics}),
            "dropped": [{"name": name, "why": why} for name, why in trained.dropped],
            "absent_blocks": list(absent_blocks(examples.matrix.features, sources.config)),
            "usual_missing": trained.usual_missing,
            **learnt_from(examples.people[examples.kept], phases_of(sources)),
            "importance": _top(trained, share),
            "ways": ways(added, sample, features),
            "themes": _themes(trained, share),
        },
        "cohort_drift": cohort_drift(values[examples.training], test, features),
    }


def learnt_from(people: pd.DataFrame, phases: Mapping[str, str]) -> dict[str, Any]:
    """Return the phases and year groups of the rows that the kept model learnt from: others are marked when scored."""
    years = people["year_group"].dropna().unique() if "year_group" in people else ()
    found = {phases.get(school) for school in people["school_id"].unique()}
    return {"phases": sorted(filter(None, found)), "year_groups": sorted(map(int, years))}


def _importance(added: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each feature's share of what moves the scores of some rows."""
    weight = np.abs(added).mean(axis=0)
    total = weight.sum()
    share: NDArray[np.float64] = weight / total if total else weight
    return share


def _top(trained: Trained, share: NDArray[np.float64]) -> list[dict[str, Any]]:
    features = trained.recipe.features
    return [
        {
            "name": features[at].name,
            "means": features[at].means,
            "theme": features[at].theme,
            "share": float(share[at]),
        }
        for at in np.argsort(-share, kind="stable")[:MOST_SHOWN]
    ]


def _themes(trained: Trained, share: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return the themes' shares, the largest first."""
    theme = [feature.theme for feature in trained.recipe.features]
    found = pd.Series(share).groupby(theme).sum().sort_values(ascending=False)
    return [{"theme": str(name), "share": float(value)} for name, value in found.items()]
