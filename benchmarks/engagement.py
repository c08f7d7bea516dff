"""What a training says of the surveys when engagement truly matters, and when it does not.

Each seed is another made-up trust of 20 schools and 8,000 pupils, with the knob at 0 (nothing) and at 1
(the default). A gain from the surveys is claimed when its interval lies above 0.

Run as `python benchmarks/engagement.py [SEEDS]`; docs/performance.md shows a run.
"""

import json
import sys
import tempfile
from pathlib import Path

from earlywarn import run
from earlywarn.paths import shipped_configs
from earlywarn.progress import be_quiet
from earlywarn.simulate import Plan


def main(seeds: int) -> None:
    be_quiet()
    print("| effect | seed | population | gain in AUC from the surveys (95% interval) | smallest shown | claimed |")
    print("|---|---|---|---|---|---|")
    for effect in (0.0, 1.0):
        for seed in range(1, seeds + 1):
            for population, gain in gains(effect, seed).items():
                interval = f"{gain['value']:+.4f} ({gain['low']:+.4f} to {gain['high']:+.4f})"
                claimed = "yes" if gain["claimed"] else "no"
                print(f"| {effect:g} | {seed} | {population} | {interval} | {gain['smallest_shown']:.4f} | {claimed} |")
            sys.stdout.flush()


def gains(effect: float, seed: int) -> dict[str, dict[str, float]]:
    """Return what the surveys add, by population, on one made-up trust."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = run.simulate(Plan(seed=seed, engagement_effect=effect), folder / "data").folder
        config = shipped_configs() / "pupil-absence.yaml"
        found = run.train(config, data, folder / "models", folder / "private", folder / "mlruns")
        metrics = json.loads((found.bundle / "metrics.json").read_text(encoding="utf-8"))
    return {name: metrics["gains"][name]["without_surveys"]["auc"] for name in ("everyone", "onset")}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
