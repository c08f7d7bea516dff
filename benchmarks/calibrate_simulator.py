"""Finds the simulator's constants from England's published figures, and says how far the present ones are off.

    python benchmarks/calibrate_simulator.py mixture    the two-part mixtures of mixture.py
    python benchmarks/calibrate_simulator.py years      the later reference years, in propensity.py
    python benchmarks/calibrate_simulator.py reasons    the weights of reasons in marks.py, of weekdays in spells.py

What it prints is pasted into the modules by hand, so that a reader of those sees the numbers; `docs/simulator.md`
then shows what came of them on other seeds.
"""

import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betainc, expit, logit, ndtri

from earlywarn.simulate import england, marks, mixture, propensity, schools, shifts, spells
from earlywarn.simulate.calendar import year_plan
from earlywarn.simulate.latent import WAVE_TO_WAVE, path
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.rates import annual_rates
from earlywarn.simulate.season import season
from earlywarn.simulate.trust import make_trust, stream, years_of

Floats = NDArray[np.float64]
SEEDS = range(101, 161)  # others than the ones that the documentation shows
EDGES = england.BAND_EDGES[1:-1]
PUPILS = 4000
SESSIONS = 376


def plan(seed: int) -> Plan:
    return Plan(schools=120, pupils=40_000, years=1, current_weeks=0, seed=seed)


def mixtures() -> None:
    """Print the mixtures with which simulated years fall into the published bands."""
    with ProcessPoolExecutor(2) as pool:
        runs = list(pool.map(annual_rates, map(plan, SEEDS)))
    print("#  w, m1, k1, m2, k2; largest band off, in points: now, and in the approximation after the fit")
    for number, (phase, fsm, sen) in enumerate(mixture.GROUPS):
        counts = england.bands(phase, fsm, sen) if fsm is not None else england.bands(phase, recorded=False)
        published = counts / counts.sum()
        rate = np.concatenate([run.rate[(run.group == number) & (run.year_group > 0)] for run in runs])
        simulated = np.histogram(rate, england.BAND_EDGES)[0] / max(len(rate), 1)
        paths, levels = _paths(phase), season(phase, 2022, year_plan(2023))
        now = _bands(mixture.PARAMETERS[number], paths, levels)
        # What chance and the approximation leave out, the target makes good; little of it where pupils are few.
        trust = len(rate) / (len(rate) + 3000)
        wanted = np.clip(published + trust * (now - simulated), 1e-5, 1)
        found = _fit(wanted / wanted.sum(), mixture.PARAMETERS[number], paths, levels)
        off = 100 * np.abs(simulated - published).max()
        left = 100 * np.abs(_bands(found, paths, levels) - wanted).max()
        values = ", ".join(f"{value:.4f}" if value < 1 else f"{value:.2f}" for value in found)
        print(f"    ({values}),  # {phase}, {fsm}, {sen}: {len(rate)} pupils, off {off:.2f}, {left:.2f}", flush=True)


def years() -> None:
    """Print, for each reference year and phase, the line on the normal scale that leads from 2022/23 to it."""
    for year in (2023, 2024):
        for phase in mixture.PHASES:
            levels, paths = season(phase, year, year_plan(2023)), _paths(phase)
            now, wanted = england.annual(2022, phase), england.annual(year, phase)
            first = _phase(phase, paths, levels)
            goal = first * [wanted.persistent / now.persistent, wanted.severe / now.severe]

            found = _line(phase, goal, paths, levels)
            print(year, phase, np.round(found, 3), "from", np.round(first, 4), "to", np.round(goal, 4), flush=True)


def _line(phase: england.Phase, goal: Floats, paths: Floats, levels: Floats) -> Floats:
    """Return what is added, and by how much it spreads further, so that a phase reaches its goal."""

    def off(line: Floats) -> float:
        return float((np.log(_phase(phase, line[0] + line[1] * paths, levels) / goal) ** 2).sum())

    return np.asarray(minimize(off, np.array([-0.1, 1.05]), method="Nelder-Mead", options={"maxfev": 60}).x)


def _phase(phase: england.Phase, paths: Floats, levels: Floats) -> Floats:
    """Return persistent and severe absence of a phase, over its groups by their enrolments."""
    total, weights = np.zeros(2), 0
    for number, (of, fsm, sen) in enumerate(mixture.GROUPS):
        if of == phase and fsm is not None:
            bands = _bands(mixture.PARAMETERS[number], paths, levels)
            enrolments = int(england.bands(of, fsm, sen).sum())
            total += enrolments * np.array([bands[2:].sum(), bands[10]])
            weights += enrolments
    return total / weights


def _paths(phase: england.Phase) -> Floats:
    """Return (pupils, weeks) propensities: what lasts the year, the drift and engagement, in their weights."""
    rng = np.random.default_rng(7)
    weeks = int(year_plan(2023).week[-1])
    lasts = ndtri((rng.permutation(PUPILS) + 0.5) / PUPILS)
    drift = path(PUPILS, weeks, propensity.DRIFT_PERSISTENCE, rng)
    engaged = path(PUPILS, 4, WAVE_TO_WAVE, rng)[:, np.searchsorted((5, 18, 30), np.arange(1, weeks + 1))]
    kept = (1 - schools.SCHOOL_EFFECT[phase] ** 2) / (1 + shifts.SPREAD_OF_SHIFTS[phase] ** 2)
    moved = propensity.EFFECT**2 / (1 + propensity.EFFECT**2) * kept
    drifts = propensity.DRIFT**2 / (1 + propensity.EFFECT**2) * kept
    return np.asarray(np.sqrt(1 - moved - drifts) * lasts[:, None] + np.sqrt(drifts) * drift + np.sqrt(moved) * engaged)


def _bands(parameters: Floats, paths: Floats, levels: Floats) -> Floats:
    """Return the shares in each band, each pupil's year taken as a beta with the right mean and variance."""
    tends = np.interp(paths, mixture.PROPENSITY, mixture.quantiles(parameters))
    busy = -np.log1p(-np.minimum(tends, 0.99)) * levels
    mean = np.clip(-np.expm1(-busy).mean(axis=1), 1e-4, 0.9999)
    long = np.clip(tends - spells.LONG_ABOVE, 0, 1)
    longer = np.maximum(spells.LENGTHS, spells.LONG)
    variance = (1 - long) * _clumps(busy, spells.LENGTHS) + long * _clumps(busy, longer)
    k = np.maximum(mean * (1 - mean) / (variance.mean(axis=1) / SESSIONS) - 1, 0.5)
    below = np.array([betainc(mean * k, (1 - mean) * k, edge).mean() for edge in EDGES])
    return np.diff(np.concatenate([[0.0], below, [1.0]]))


def _clumps(busy: Floats, lengths: NDArray[np.int64]) -> Floats:
    """Return the variance a session of the number of sessions missed: spells make them come in clumps."""
    overlap = [float((spells.SHARES * np.maximum(lengths - lag, 0)).sum()) for lag in range(int(lengths.max()) + 1)]
    at = np.concatenate([[0.0], np.geomspace(1e-4, 8, 300)])
    lags = sum(np.expm1(at * share / overlap[0]) for share in overlap[1:])
    variance: Floats = np.interp(busy, at, np.exp(-2 * at) * (np.expm1(at) + 2 * lags))
    return variance


def _fit(wanted: Floats, start: Floats, paths: Floats, levels: Floats) -> Floats:
    """Return the mixture by maximum likelihood, begun from another one."""

    def unpacked(u: Floats) -> Floats:
        return np.array([expit(u[0]), expit(u[1]), np.exp(u[2]), expit(u[3]), np.exp(u[4])])

    def loss(u: Floats) -> float:
        far = max(u[2] - np.log(400), 0) ** 2 + max(np.log(0.8) - u[4], 0) ** 2 + max(u[3] - logit(0.92), 0) ** 2
        return float(-(wanted * np.log(_bands(unpacked(u), paths, levels) + 1e-7)).sum() + far)

    w, m1, k1, m2, k2 = start
    first = np.array([logit(w), logit(m1), np.log(k1), logit(m2), np.log(k2)])
    options = {"maxfev": 350, "xatol": 1e-3, "fatol": 1e-7}
    return unpacked(minimize(loss, first, method="Nelder-Mead", options=options).x)


def reasons_and_weekdays() -> None:
    """Print weights of reasons and weekdays with which shares come out as published; run it two or three times."""
    codes, days = _counted()
    for phase in mixture.PHASES:
        share = codes[phase] / codes[phase].sum()
        print(phase, _reweighted(marks.WHOLE_DAYS[phase], phase, share))
        print("  half days:", _reweighted(marks.HALF_DAY[phase], phase, share))
        study = england.code_shares(phase).get("S", 0) / max(share[marks.NUMBER["S"]], 1e-9)
        print(f"  study leave: {marks.STUDY_LEAVE[phase] * study:.2f}")
        absent, possible = days[phase]
        factor = (absent / possible) / (absent / possible).mean()
        begin = spells.START_BY_WEEKDAY[phase] * (england.weekday(phase) / factor) ** 1.5
        off = np.round(factor - england.weekday(phase), 3)
        print("  weekdays:", np.round(begin / begin.mean(), 3).tolist(), "off", off)


def _reweighted(weights: dict[str, float], phase: england.Phase, share: Floats) -> dict[str, float]:
    """Return the weights, each multiplied by how far its code falls short; C, C1 and C2 are one."""
    published, folded = england.code_shares(phase), {"C1": "C", "C2": "C"}
    together = {code: share[number] for code, number in marks.NUMBER.items()}
    together["C"] += together["C1"] + together["C2"]
    found = {}
    for code, weight in weights.items():
        known_as = folded.get(code, code)
        short = published.get(known_as, 0) / together[known_as] if together[known_as] else 1.0
        found[code] = round(float(weight * min(max(short, 0.5), 2.0)), 4)
    return found


def _counted() -> tuple[dict[england.Phase, Floats], dict[england.Phase, Floats]]:
    """Return, by phase, sessions missed by code as they stand in the end, and absent and possible ones by weekday."""
    codes = {phase: np.zeros(len(marks.CODES)) for phase in mixture.PHASES}
    days = {phase: np.zeros((2, 5)) for phase in mixture.PHASES}
    for seed in SEEDS[:10]:
        trust = make_trust(plan(seed))
        for school in trust.schools:
            rng = stream(trust.plan, "marks", school.number)
            for year in years_of(trust, school):
                found = marks.make_marks(year, marks.spell_reasons(year, rng), year.open_days[-1], rng)
                _, last = np.unique(np.stack([found.row, found.session])[:, ::-1], axis=1, return_index=True)
                final = found.code[::-1][last]
                codes[school.phase] += np.where(ABSENCE, np.bincount(final, minlength=len(marks.CODES)), 0)
                weekday = (np.repeat(year.open_days, 2).astype(np.int64) + 3) % 7
                for row, sessions in enumerate((year.absent, year.expected)):
                    days[school.phase][row] += np.bincount(weekday, sessions.sum(axis=0), minlength=5)
    return codes, days


ABSENCE = np.isin(marks.CODES, ["I", "M", "R", "S", "T", "E", "C", "C1", "J1", "C2", "G", "H", "O", "U", "N"])


if __name__ == "__main__":
    {"mixture": mixtures, "years": years, "reasons": reasons_and_weekdays}[sys.argv[1]]()
