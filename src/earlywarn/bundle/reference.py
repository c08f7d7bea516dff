"""What the data looked like when the model was trained: what later terms are held against.

In:  `reference.json` as bytes.
Out: `Reference`, held to its form.

Aggregates alone, and suppressed: a bin that holds 1 to 4 people counts for nobody, so that shares add up to 1 without
them; a survey item needs 10 respondents; a school's code needs 5 pupils who have it. Schools stand by their id.
`monitor.describe` makes it, of the training's dates and of new ones alike.
"""

from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from earlywarn.bundle.files import Content, damaged
from earlywarn.bundle.forms import built
from earlywarn.bundle.protocol import REFERENCE

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ItemAnswers(_Part):
    """How one item of a wave was answered: out of 10, high as its scale means high.

    shares : each answer step's, the lowest first, before reversing.
    """

    item: str
    n: Count
    mean: FiniteFloat
    spread: Annotated[FiniteFloat, Field(ge=0, description="Standard deviation.")]
    shares: tuple[Share, ...]


class WaveAnswers(_Part):
    """The latest closed wave of a questionnaire, as the cohort of a date answered it.

    response : school_id -> share of those asked who answered; of schools where at least 10 were asked.
    """

    instrument: str
    closes_on: date
    asked: Count
    responded: Share
    response: dict[str, Share]
    items: tuple[ItemAnswers, ...]


class Snapshot(_Part):
    """One as-of date in aggregates.

    place     : the date's place in the school year, in school weeks.
    features  : feature -> share of people in each of its bins, the last for those of whom it is not known.
    scatter   : feature -> mean distance between halves of the schools: 0, alike, to 1.
    scores    : share of people in each bin of the calibrated risk; empty where the model learnt from these people.
    mean_risk : mean calibrated risk; None where `scores` is empty.
    codes     : school_id -> code -> share of the sessions that were possible and not plainly attended.
    code_errors : the standard error of each.
    """

    as_of: date
    place: int
    people: Count
    features: dict[str, tuple[Share, ...]]
    scatter: dict[str, Share]
    scores: tuple[Share, ...]
    mean_risk: Share | None
    codes: dict[str, dict[str, Share]]
    code_errors: dict[str, dict[str, Share]]
    waves: tuple[WaveAnswers, ...]


class Promise(_Part):
    """A measure on the test dates: what the calibrated risks promised, and what came.

    error : standard error of `realised - expected`, schools left out in turn; None where not estimable.
    """

    population: str
    measure: str
    expected: FiniteFloat
    realised: FiniteFloat
    error: Annotated[FiniteFloat, Field(ge=0)] | None


class Reference(_Part):
    """`reference.json`: a snapshot for each date that the kept model was fitted on.

    edges       : feature -> the inner edges of its bins, ascending; a value at an edge lies below it.
    score_edges : the same of the calibrated risk.
    """

    edges: dict[str, tuple[FiniteFloat, ...]]
    score_edges: tuple[FiniteFloat, ...]
    dates: Annotated[tuple[Snapshot, ...], Field(min_length=1)]
    tested: tuple[Promise, ...]


def read_reference(content: Content, names: tuple[str, ...]) -> Reference | None:
    """Return the reference of a bundle whose features are `names`; None before format 3, which had none."""
    if REFERENCE not in content:
        return None
    found: Reference = built(Reference.model_validate_json, content[REFERENCE], REFERENCE)
    if set(found.edges) != set(names):
        raise damaged(REFERENCE, "its features are not those of features.json")
    if not all(one < other for edges in (*found.edges.values(), found.score_edges) for one, other in pairwise(edges)):
        raise damaged(REFERENCE, "the edges of its bins do not ascend")
    for snapshot in found.dates:
        _check_bins(found, snapshot)
    return found


def _check_bins(reference: Reference, snapshot: Snapshot) -> None:
    """Check that every feature has a share for each bin, and one for the unknown."""
    expected = {name: len(edges) + 2 for name, edges in reference.edges.items()}
    if {name: len(shares) for name, shares in snapshot.features.items()} != expected:
        raise damaged(REFERENCE, f"the bins of {snapshot.as_of} are not those of its edges")
    if snapshot.scores and len(snapshot.scores) != len(reference.score_edges) + 2:
        raise damaged(REFERENCE, f"the scores of {snapshot.as_of} have other bins than its edges")
