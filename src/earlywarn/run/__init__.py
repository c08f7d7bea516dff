"""One function for each command: glue without arithmetic.

Each reads top to bottom as the data flow, and returns what was found and where it was written.
"""

from earlywarn.run.auditing import AuditRun, audit, audit_scores
from earlywarn.run.data import Checked, check, simulate
from earlywarn.run.demonstration import DEMO_MODELS, DEMO_SIGN, DemoRun, demo
from earlywarn.run.scoring import ScoringRun, score
from earlywarn.run.shelf import Shelf, models
from earlywarn.run.training import TrainingRun, rehearse, train

__all__ = [
    "DEMO_MODELS",
    "DEMO_SIGN",
    "AuditRun",
    "Checked",
    "DemoRun",
    "ScoringRun",
    "Shelf",
    "TrainingRun",
    "audit",
    "audit_scores",
    "check",
    "demo",
    "models",
    "rehearse",
    "score",
    "simulate",
    "train",
]
