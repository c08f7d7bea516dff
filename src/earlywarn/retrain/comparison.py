"""Two versions on the same people and dates, of which neither had seen an outcome: which one ranks better?

In:  the examples of this run, the challenger's bundle, and the champion's scores of the test rows.
Out: `Pair`, what both say of the rows of the new dates, and `compared`: measures, paired gains, overlap of the lists.

The champion takes part as it was kept, the challenger as it was tested: the tested model learnt only from what had
settled before the first test date. The challenger that would be used is a year fresher than that.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.audit.held_out import with_phase
from earlywarn.bundle.champion import Champion
from earlywarn.bundle.read import Bundle
from earlywarn.evaluate.compare import MODEL, contest
from earlywarn.evaluate.estimate import plain
from earlywarn.evaluate.ground import Ground, grounds_of
from earlywarn.evaluate.held_out import rows_on_test
from earlywarn.evaluate.stability import stability
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples

CHAMPION = "champion"
SHOWN = ("auc", "average_precision", "brier", "recall", "precision", "observed_over_expected")
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """What a version says of the rows: what it ranks by, and its probabilities; (n,) each."""

    raw: Scores
    risk: Scores

    def of(self, rows: NDArray[np.bool_]) -> "Said":
        """Return what it says of some of the rows."""
        return Said(self.raw[rows], self.risk[rows])


@dataclass(frozen=True)
class Pair:
    """Both versions on the rows of the new dates: one row a person on a date, with a known outcome.

    people : their frame, with the columns of the groups.
    rows   : outcome, school, person, as_of, populations and places, as the measures take them.
    """

    dates: tuple[date, ...]
    people: pd.DataFrame
    rows: dict[str, Any]
    challenger: Said
    champion: Said

    def grounds(self) -> dict[str, Ground]:
        """Where both meet, for each population."""
        return grounds_of(**self.rows)

    def on(self, day: date) -> "Pair":
        """Return the rows of one date."""
        chosen = (self.people["as_of"] == pd.Timestamp(day)).to_numpy()
        people = self.people[chosen].reset_index(drop=True)
        return Pair((day,), people, _chosen(self.rows, chosen), self.challenger.of(chosen), self.champion.of(chosen))


def pair_of(sources: Sources, examples: Examples, challenger: Bundle, champion: Champion) -> Pair:
    """Return both versions on the test dates that the champion had not seen."""
    if champion.scored is None or champion.scored.probability is None:
        raise ValueError("the model in use has no scores to compare with")
    values = examples.matrix.choose(challenger.names)[examples.test]
    raw = challenger.tested.model.raw_score(values)
    ours = Said(raw, challenger.tested.calibration.apply(raw))
    theirs = Said(champion.scored.risk, champion.scored.probability)
    new = examples.on(champion.unseen)[examples.test]
    people = with_phase(examples.matrix.people[examples.test][new].reset_index(drop=True), sources)
    rows = _chosen(rows_on_test(examples, sources.config), new)
    return Pair(champion.unseen, people, rows, ours.of(new), theirs.of(new))


def compared(pair: Pair) -> dict[str, Any]:
    """Return the measures of both, what the challenger gains (above 0: it is better), and how far lists overlap.

    returns : `measures` (population -> version -> measure), `gains` (population -> measure), `overlap` (population),
              `leave_out` and `clusters`, what the intervals left out in turn.
    """
    found = contest(
        risks={MODEL: pair.challenger.raw, CHAMPION: pair.champion.raw},
        probabilities={MODEL: pair.challenger.risk, CHAMPION: pair.champion.risk},
        **pair.rows,
    )
    kind, clusters = next(iter(found.clusters.values()))
    return {
        "measures": {
            population: {
                version: {name: plain(one) for name, one in measures.items() if name in SHOWN}
                for version, measures in versions.items()
            }
            for population, versions in found.measures.items()
        },
        "gains": {population: plain(gains[CHAMPION]) for population, gains in found.gains.items()},
        "overlap": plain(stability(ours=pair.challenger.raw, theirs=pair.champion.raw, **pair.rows)),
        "leave_out": kind,
        "clusters": clusters,
    }


def _chosen(rows: dict[str, Any], chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the measures' arguments for some of the rows."""
    each = {name: rows[name][chosen] for name in ("outcome", "school", "person", "as_of")}
    populations = {name: members[chosen] for name, members in rows["populations"].items()}
    return {**rows, **each, "populations": populations}
