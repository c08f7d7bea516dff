"""One function for each command: glue without arithmetic.

Each reads top to bottom as the data flow, and returns what was found and where it was written.
"""

from earlywarn.bundle.verify import Verified
from earlywarn.run.auditing import AuditRun, audit, audit_scores
from earlywarn.run.bundle import sign_bundle, verify_bundle
from earlywarn.run.data import Checked, check, simulate
from earlywarn.run.deciding import Decided, promote, rollback
from earlywarn.run.demonstration import DEMO_MODELS, DEMO_SIGN, DemoRun, demo
from earlywarn.run.forgetting import Forgotten, forget, forget_overdue
from earlywarn.run.packing import PackingRun, pack
from earlywarn.run.records import RecordRun, check_record, write_record
from earlywarn.run.scoring import ScoringChoice, ScoringRun, score
from earlywarn.run.shelf import Shelf, models
from earlywarn.run.training import TrainingRun, rehearse, train

__all__ = [
    "DEMO_MODELS",
    "DEMO_SIGN",
    "AuditRun",
    "Checked",
    "Decided",
    "DemoRun",
    "Forgotten",
    "PackingRun",
    "RecordRun",
    "ScoringChoice",
    "ScoringRun",
    "Shelf",
    "TrainingRun",
    "Verified",
    "audit",
    "audit_scores",
    "check",
    "check_record",
    "demo",
    "forget",
    "forget_overdue",
    "models",
    "pack",
    "promote",
    "rehearse",
    "rollback",
    "score",
    "sign_bundle",
    "simulate",
    "train",
    "verify_bundle",
    "write_record",
]
