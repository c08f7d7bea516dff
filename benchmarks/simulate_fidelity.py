"""How near is a simulated trust to England? Prints the tables side by side, in markdown.

    python benchmarks/simulate_fidelity.py [SEEDS]

England is the school census of 2022/23, by phase, free meals and special needs; year
groups are over state-funded schools of all phases, the simulation's over mainstream.
"""

import sys

import numpy as np

from earlywarn.simulate.plan import Plan
from earlywarn.simulate.rates import Rates, annual_rates

# Persistent, severe and mean absence in 2022/23, per cent; the mean is that of the mixture fitted to the bands.
ENGLAND = {
    "primary, neither": (10.1, 0.18, 4.9),
    "primary, SEN": (18.4, 1.03, 6.9),
    "primary, FSM": (26.9, 0.65, 8.2),
    "primary, FSM and SEN": (36.4, 2.24, 10.8),
    "secondary, neither": (18.7, 1.35, 7.2),
    "secondary, SEN": (30.4, 5.08, 11.5),
    "secondary, FSM": (42.2, 5.46, 13.8),
    "secondary, FSM and SEN": (53.9, 11.81, 19.8),
    "primary, not recorded": (50.7, 26.7, 28.3),
    "secondary, not recorded": (68.8, 41.3, 41.2),
}
YEAR_GROUPS = {1: 19.5, 2: 16.6, 3: 15.5, 4: 15.6, 5: 15.9, 6: 16.0, 7: 20.2, 8: 25.7, 9: 29.2, 10: 30.0, 11: 30.7}
YEAR_TO_YEAR = 0.63


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    plans = [Plan(schools=100, pupils=40_000, years=2, current_weeks=0, seed=seed) for seed in range(1, seeds + 1)]
    runs = [annual_rates(plan) for plan in plans]
    print(f"{seeds} seeds of {plans[0].pupils:,} pupils in {plans[0].schools} schools, two years each. Per cent.\n")
    by_characteristics(runs)
    by_year_group(runs)
    found = np.mean([year_to_year(run) for run in runs])
    print(f"Correlation of a pupil's rate with the year before: {found:.2f} (England, Year 6 to 7: {YEAR_TO_YEAR}).")


def by_characteristics(runs: list[Rates]) -> None:
    print("| pupils | persistent | England | severe | England | mean | England |")
    print("|---|---|---|---|---|---|---|")
    for group, (name, (persistent, severe, mean)) in enumerate(ENGLAND.items()):
        rate = np.concatenate([run.rate[(run.group == group) & (run.year_group > 0)] for run in runs])
        found = (100 * np.mean(rate >= 0.1), 100 * np.mean(rate >= 0.5), 100 * np.mean(rate))
        print(f"| {name} | {found[0]:.1f} | {persistent} | {found[1]:.2f} | {severe} | {found[2]:.1f} | {mean} |")
    print()


def by_year_group(runs: list[Rates]) -> None:
    print("| year group | persistent | England |")
    print("|---|---|---|")
    for group, persistent in YEAR_GROUPS.items():
        rate = np.concatenate([run.rate[run.year_group == group] for run in runs])
        print(f"| {group} | {100 * np.mean(rate >= 0.1):.1f} | {persistent} |")
    print()


def year_to_year(run: Rates) -> float:
    """Return the correlation of annual rates of pupils who are there in the first and the second year."""
    first, second = run.year == 0, run.year == 1
    _, before, after = np.intersect1d(run.person[first], run.person[second], return_indices=True)
    return float(np.corrcoef(run.rate[first][before], run.rate[second][after])[0, 1])


if __name__ == "__main__":
    main()
