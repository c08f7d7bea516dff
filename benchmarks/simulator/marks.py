"""When and why pupils are absent: terms, weeks, weekdays, how long for, and by which code.

In:  England's indicative daily series, and its shares of absence by code.
Out: `comparisons()`.
"""

import numpy as np

from earlywarn.simulate import england
from earlywarn.simulate.england.reasons import PREDECESSOR
from earlywarn.simulate.marks import CODES
from earlywarn.simulate.mixture import PHASES

from .compare import PERSISTENT, Comparison, Floats, ratio, shares, weighted
from .gather import AUTUMN_WEEKS, Run

TERMS = ("autumn", "spring", "summer")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
SPELLS = {"1 session": (1, 1), "2 to 4": (2, 4), "5 to 10": (5, 10), "more than 10": (11, None)}
ENROLMENTS = np.array([england.bands(phase).sum() for phase in PHASES], np.float64)  # phases weigh as in England
AUTUMNS = (2022, 2023)  # whole autumns, with as many weeks before and after the half-term


def comparisons() -> tuple[Comparison, ...]:
    """Return the comparisons for the reference year 2022/23."""
    return (_terms(), _persistent_in_term(), _weekdays(), _autumn(), _spells(), _codes())


def _terms() -> Comparison:
    phases = PHASES[:2]
    published = [england.term_absence(england.REFERENCE_YEAR, phase) for phase in phases]
    return Comparison(
        "Absence by term",
        TERMS,
        phases,
        100 * np.array(published).T,
        lambda run: np.array([[_sessions(run, place, term) for place in range(2)] for term in range(3)]),
        says="Special schools are not published by term.",
    )


def _persistent_in_term() -> Comparison:
    def count(run: Run) -> Floats:
        here = run.possible > 0
        missed = here & (run.absent / np.maximum(run.possible, 1) >= PERSISTENT)
        phases = [run.phase == place for place in range(len(PHASES))]
        return np.array([[(missed[at, t].sum(), here[at, t].sum()) for at in phases] for t in range(3)], np.float64)

    return Comparison(
        "Missed 10% or more of a term, all phases",
        TERMS,
        ("missed 10% or more",),
        100 * england.term_persistent(england.REFERENCE_YEAR)[:, None],
        count,
        finish=lambda counts: weighted(shares(counts), ENROLMENTS, axis=1)[:, None],
        within=3.0,
    )


def _weekdays() -> Comparison:
    def finish(counts: Floats) -> Floats:
        found = ratio(counts)
        return np.asarray(found / found.mean(axis=1, keepdims=True)).T

    return Comparison(
        "A weekday's absence over the week's mean",
        DAYS,
        PHASES,
        np.array([england.weekday(phase) for phase in PHASES]).T,
        lambda run: run.weekday.astype(np.float64),
        finish=finish,
        per_cent=False,
        places=3,
        says="England's are of whole weeks in September.",
    )


def _autumn() -> Comparison:
    """The waves of illness of single years average out: what is left is the rise towards the holidays."""
    published = np.mean([[week.absence for week in england.autumn_weeks(year)] for year in AUTUMNS], axis=0)
    before, after = AUTUMN_WEEKS
    rows = [f"{before - number} before half-term" for number in range(before)]
    rows += [f"{after - number} before Christmas" for number in range(after)]

    def finish(counts: Floats) -> Floats:
        level = weighted(ratio(counts), ENROLMENTS[:, None], axis=0)
        return np.asarray(level / level.mean())[:, None]

    return Comparison(
        "A week's absence over the autumn's mean, all phases",
        tuple(rows),
        ("over the mean",),
        (published / published.mean())[:, None],
        lambda run: run.autumn.astype(np.float64),
        finish=finish,
        per_cent=False,
        places=3,
        says="England's is the mean of 2022 (with the highest wave of illness in December) and 2023.",
    )


def _spells() -> Comparison:
    published = np.full((len(SPELLS), 2), np.nan)
    published[list(SPELLS).index("2 to 4")] = 100 * england.SPELLS_OF_2_TO_4

    def count(run: Run) -> Floats:
        slices = [slice(low, None if high is None else high + 1) for low, high in SPELLS.values()]
        return np.array([[run.spells[place, at].sum() for place in range(2)] for at in slices], np.float64)

    return Comparison(
        "Unbroken absences by length in sessions, shares of all",
        tuple(SPELLS),
        PHASES[:2],
        published,
        count,
        finish=lambda counts: 100 * counts / counts.sum(axis=0),
    )


def _codes() -> Comparison:
    """Only codes given to 0.05% of possible sessions or more are judged; the others have no figure here."""
    common = {phase: set(england.common_codes(phase)) for phase in PHASES}
    order = [code for code in england.code_shares("all") if any(code in common[phase] for phase in PHASES)]
    published = [
        [england.code_shares(phase)[code] if code in common[phase] else np.nan for phase in PHASES] for code in order
    ]
    called = [PREDECESSOR.get(code, code) for code in CODES]
    absence = np.isin(called, list(england.code_shares("all")))

    def count(run: Run) -> Floats:
        by_code = [[run.codes[place, [name == code for name in called]].sum() for place in range(3)] for code in order]
        everything = run.codes[:, absence].sum(axis=1)
        return np.stack([np.array(by_code, np.float64), np.tile(everything, (len(order), 1))], axis=-1)

    return Comparison(
        "Each code's share of absence",
        tuple(order),
        PHASES,
        100 * np.array(published),
        count,
        within=20.0,
        error=5.0,
        relative=True,
        says="England's are of 2025/26, the new codes C1 and C2 counted with C, codes of 0.05% of possible sessions "
        "or more.",
    )


def _sessions(run: Run, phase: int, term: int) -> tuple[float, float]:
    """Return absent and possible sessions of a phase in a term."""
    here = run.phase == phase
    return float(run.absent[here, term].sum()), float(run.possible[here, term].sum())
