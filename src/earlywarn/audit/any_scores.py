"""The audit of any scores: a rule's, another vendor's, a spreadsheet's.

In:  a frame, or a CSV file, of one row a person (and date, if there are several) with a score, what happened
     afterwards, and the columns of the groups; and how many people a school can see.
Out: the same `Audit` as a training run's, with what stands behind its gaps and why they are there, as far as that
     can be told without the model: not which features carry a gap.

A row that cannot be used is never dropped in silence: the error names the column and the line.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.audit.audit import Audit, audit
from earlywarn.audit.details import details
from earlywarn.audit.limits import check_limits
from earlywarn.audit.parts import Parts
from earlywarn.audit.reading import About
from earlywarn.audit.subjects import EVERYONE, MODEL, Subjects, as_audited, subjects_of
from earlywarn.audit.why import parts_of_gaps
from earlywarn.config import Fairness
from earlywarn.errors import ConfigError, TableError
from earlywarn.evaluate.calibration import log_odds
from earlywarn.evaluate.measures import Bools, Floats

HEADER_LINES = 1
_YES, _NO = {"1", "1.0", "true", "yes", "y"}, {"0", "0.0", "false", "no", "n"}


@dataclass(frozen=True)
class Columns:
    """Which column holds what.

    score    : higher is more at risk; if all lie from 0 to 1, they are read as probabilities.
    outcome  : 1 or 0, true or false, yes or no: whether it happened afterwards.
    school   : people of one school compete for its places; None: all are of one school.
    person   : rows of one person, on several dates; None: every row is somebody else.
    as_of    : the date of each score; None: all are of one date.
    list     : names of lists that stand apart, each with its own places; None: one list.
    answered : 1 for people who answered the survey, 0 for the silent, empty for those not asked; None: no survey.
    """

    score: str
    outcome: str
    school: str | None = None
    person: str | None = None
    as_of: str | None = None
    list: str | None = None
    answered: str | None = None


def audit_scores(
    frame: pd.DataFrame,
    columns: Columns,
    fairness: Fairness,
    *,
    name: str = "scores",
    outcome_words: str = "had the outcome",
    noun: str = "pupils",
) -> Audit:
    """Audit any scores.

    fairness      : groups and pairs (columns of the frame), places, and limits if there are any.
    name          : what the scores are called.
    outcome_words : fits after "pupils who", e.g. "missed 10% or more of the sessions to July".

    >>> frame = pd.DataFrame({"risk": [0.9, 0.1] * 20, "left": [1, 0] * 20, "sex": ["F", "M"] * 20})
    >>> audit_scores(frame, Columns("risk", "left"), Fairness(groups=("sex",), intersections=())).comparisons
    0
    """
    _refuse_unknown(frame, columns, fairness)
    score, outcome = _numbers(frame, columns.score), _outcomes(frame, columns.outcome)
    probability = score if score.min() >= 0 and score.max() <= 1 else None
    people = _people(frame, columns)
    subjects = subjects_of(people, outcome, {MODEL: _ranks(score, probability)}, _lists(frame, columns), fairness)
    found = audit(
        people,
        outcome=outcome,
        listed={MODEL: {each: subjects.listed(subjects.ranks[MODEL], each) for each in subjects.populations}},
        risk={} if probability is None else {MODEL: probability},
        populations=subjects.populations,
        fairness=fairness,
        school=subjects.school,
        person=people["person_id"].to_numpy(),
        as_of=subjects.as_of,
        about=About(name, outcome_words, noun, {MODEL: name}),
    )
    answered = _numbers(frame, columns.answered, empty=True) if columns.answered else None
    return replace(found, parts=_parts(found, subjects, probability, answered, fairness))


def read_scores(path: Path) -> pd.DataFrame:
    """Read a CSV file of scores; text stays as it was written."""
    try:
        frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    except FileNotFoundError:
        raise TableError(f"{path}: no such file", fix="give the path of a CSV file with one row a person") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        problem = str(error).splitlines()[0]
        raise TableError(
            f"{path}: not readable as CSV: {problem}", fix="save it as CSV, UTF-8, with a header"
        ) from None
    if frame.empty:
        raise TableError(f"{path}: no rows under its header", fix="export one row a person")
    return frame


def _parts(
    found: Audit, subjects: Subjects, probability: Floats | None, answered: Floats | None, fairness: Fairness
) -> Parts:
    subjects = as_audited(subjects, found.labels)
    return Parts(
        details=details(subjects, probability),
        why=parts_of_gaps(subjects, answered),
        limits=check_limits(found, fairness),
    )


def _refuse_unknown(frame: pd.DataFrame, columns: Columns, fairness: Fairness) -> None:
    """Refuse a column that the data lack: nothing is audited by a name that was mistyped."""
    pairs = [column for pair in fairness.intersections for column in pair]
    wanted = [each for each in vars(columns).values() if each is not None]
    if unknown := [each for each in dict.fromkeys([*wanted, *fairness.groups, *pairs]) if each not in frame]:
        raise ConfigError(
            f"no column {', '.join(map(repr, unknown))} in the scores; they hold {', '.join(map(str, frame.columns))}",
            fix="name the columns as the header does",
        )
    if frame.empty:
        raise TableError("there are no rows to audit", fix="give one row a person")


def _people(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Return the frame with the names that the audit knows people, schools and dates by."""
    row = pd.Series(np.arange(len(frame)).astype(str), index=frame.index)
    nothing = pd.Series("", index=frame.index)
    named = {
        "person_id": _whole(frame, columns.person, row),
        "school_id": _whole(frame, columns.school, nothing),
        "as_of": _whole(frame, columns.as_of, nothing),
    }
    return frame.assign(**named).reset_index(drop=True)


def _whole(frame: pd.DataFrame, column: str | None, otherwise: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column as text, without a gap."""
    if column is None:
        return otherwise
    _refuse_lines(column, frame[column].isna().to_numpy(), "is empty", "fill it in, or leave the rows out")
    return frame[column].astype(str)


def _lists(frame: pd.DataFrame, columns: Columns) -> dict[str, Bools]:
    """Return the rows of each list; of several, everyone together is one more."""
    everyone = {EVERYONE: np.ones(len(frame), dtype=np.bool_)}
    if columns.list is None:
        return everyone
    names = _whole(frame, columns.list, frame[columns.list]).to_numpy(str)
    lists = {name: names == name for name in np.unique(names).tolist()}
    return everyone | lists if len(lists) > 1 and EVERYONE not in lists else lists


def _numbers(frame: pd.DataFrame, column: str, *, empty: bool = False) -> Floats:
    """Return a column as numbers; what is no number is refused by its line, as an empty one is where it may not be."""
    numbers = pd.to_numeric(frame[column], errors="coerce").to_numpy(np.float64)
    broken = ~np.isfinite(numbers)
    if empty:
        broken &= frame[column].notna().to_numpy()
    _refuse_lines(column, broken, "is no number", "give a number on every line, or leave the rows out")
    return np.asarray(numbers)


def _outcomes(frame: pd.DataFrame, column: str) -> Bools:
    words = frame[column].astype(str).str.strip().str.lower()
    _refuse_lines(
        column, ~words.isin(_YES | _NO).to_numpy(), "is neither yes nor no",
        "write 1 or 0 (or yes and no); leave out people of whom it is not known",
    )  # fmt: skip
    return words.isin(_YES).to_numpy()


def _refuse_lines(column: str, broken: NDArray[np.bool_], what: str, fix: str) -> None:
    """Refuse rows by their lines in a file with one header line; no value is quoted, it may be somebody's."""
    lines = np.flatnonzero(broken) + 1 + HEADER_LINES
    if len(lines):
        shown = ", ".join(map(str, lines[:5])) + (", ..." if len(lines) > 5 else "")
        raise TableError(f"column {column!r} {what} on {len(lines):,} line(s): {shown}", fix=fix)


def _ranks(score: Floats, probability: Floats | None) -> Floats:
    """Return the scores as log-odds, or else in units of their spread: parts of gaps move people along them."""
    if probability is not None:
        return log_odds(probability)
    spread = float(score.std())
    return (score - score.mean()) / spread if spread > 0 else np.zeros(len(score))
