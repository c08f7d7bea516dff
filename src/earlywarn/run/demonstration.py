"""A made-up trust from data to packs."""

from dataclasses import dataclass
from pathlib import Path

from earlywarn.folders import clear_folder
from earlywarn.paths import shipped_configs
from earlywarn.progress import say
from earlywarn.run.scoring import ScoringRun, score
from earlywarn.run.training import TrainingRun, train
from earlywarn.simulate import Plan as TrustPlan
from earlywarn.simulate import simulate as make_trust
from earlywarn.simulate.calendar import next_morning

DEMO_MODELS = ("pupil-absence", "staff-resignation")
DEMO_SIGN = "made-by-demo.txt"


@dataclass(frozen=True)
class DemoRun:
    """What a demo wrote."""

    folder: Path
    trainings: tuple[TrainingRun, ...]
    scorings: tuple[ScoringRun, ...]


def demo(out: Path, trust: TrustPlan) -> DemoRun:
    """Make up a trust, train both models, and score the people on its rolls today.

    The folder is written in place, not as a draft: MLflow keeps absolute paths.
    """
    clear_folder(out, DEMO_SIGN)
    (out / DEMO_SIGN).write_text("Written by `earlywarn demo`; the next demo replaces this folder.\n", encoding="utf-8")
    data = make_trust(trust, out / "data").folder
    private = out / "private"
    trainings, scorings = [], []
    for name in DEMO_MODELS:
        say(f"\n{name}")
        run = train(shipped_configs() / f"{name}.yaml", data, out / "models", private, out / "mlruns")
        trainings.append(run)
        scorings.append(score(run.bundle, data, next_morning(trust), out / "scores" / name, private))
    return DemoRun(out, tuple(trainings), tuple(scorings))
