"""Who would be newly on a list, and who no longer, if the challenger were used: on the latest new date.

In:  a `Pair` of one date, and the group of each row.
Out: `moves`, a row a person who is on one version's list and not on the other's, for the trust alone; and
     `counted`, how many they are by school and group, which may be shared: small numbers are hidden.

Each list is printed with everyone who is tied at its last place, and so it is counted.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from earlywarn.audit.groups import TIMES, Strings
from earlywarn.audit.sharing import slices_of
from earlywarn.cells import safe_cell
from earlywarn.disclosure import HIDDEN, hide, shown_count
from earlywarn.evaluate.ground import EVERYONE
from earlywarn.phrases import list_name
from earlywarn.retrain.comparison import Pair

NEW, GONE, STAYS = "new", "gone", "stays"


def moves(pair: Pair) -> pd.DataFrame:
    """Return who is on a list of either version: person, school, date, list, and whether new, gone or on both."""
    names = [name for name in pair.rows["populations"] if name != EVERYONE] or [EVERYONE]
    return pd.concat([_on_list(pair, name) for name in names], ignore_index=True)


def _on_list(pair: Pair, population: str) -> pd.DataFrame:
    ground = pair.grounds()[population]
    ours, theirs = (ground.listed(said.raw[ground.rows]) > 0 for said in (pair.challenger, pair.champion))
    people = pair.people.loc[ground.rows, ["person_id", "school_id", "as_of"]]
    change = np.select([ours & ~theirs, theirs & ~ours, ours & theirs], [NEW, GONE, STAYS], "")
    found: pd.DataFrame = people.assign(list=list_name(population), change=change, row=np.flatnonzero(ground.rows))
    moved: pd.DataFrame = found[change != ""]
    return moved


def counted(moved: pd.DataFrame, labels: Mapping[str, Strings]) -> dict[str, Any]:
    """Return how many are new, gone and on both: in all, and by school and group; "c" where that may not be shown.

    labels : kind of group -> (n,) str, the group of each row of the pair that `moved` is about.
    """
    change = moved["change"].to_numpy(str)
    single = {kind: each for kind, each in labels.items() if TIMES not in kind}  # pairs would mostly be hidden
    rows = [row for kind, each in single.items() for row in _by(kind, each[moved["row"].to_numpy()], change)]
    return {"all": {name: shown_count(int((change == name).sum())) for name in (NEW, GONE, STAYS)}, "rows": rows}


def _by(kind: str, groups: Strings, change: Strings) -> list[dict[str, Any]]:
    names = sorted(np.unique(groups).tolist())
    tables = [{name: int(((groups == name) & (change == each)).sum()) for name in names} for each in (NEW, GONE, STAYS)]
    hidden = hide(tables, slices_of(names, kind), set())
    return [
        {"kind": kind, "group": name}
        | {
            each: HIDDEN if name in hidden else table[name]
            for each, table in zip((NEW, GONE, STAYS), tables, strict=True)
        }
        for name in names
    ]


def private_rows(moved: pd.DataFrame) -> pd.DataFrame:
    """Return who is new and who is gone, in order, for a file that stays with the trust."""
    chosen = moved[moved["change"] != STAYS].drop(columns="row")
    ordered = chosen.sort_values(["school_id", "list", "change", "person_id"], ignore_index=True)
    return ordered.assign(**{name: ordered[name].map(safe_cell) for name in ("person_id", "school_id")})
