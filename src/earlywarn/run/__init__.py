"""One function for each command: glue without arithmetic.

Each reads top to bottom as the data flow, and returns what was found and where it was written.
"""

from earlywarn.bundle.verify import Verified
from earlywarn.run.auditing import AuditRun, audit, audit_scores
from earlywarn.run.bundle import sign_bundle, verify_bundle
from earlywarn.run.comparing import Comparison, compare
from earlywarn.run.data import Checked, check, simulate
from earlywarn.run.deciding import Decided, promote, rollback
from earlywarn.run.demonstration import DEMO_MODELS, DEMO_SIGN, DemoRun, demo
from earlywarn.run.forgetting import Forgotten, forget, forget_overdue
from earlywarn.run.monitoring import MonitorRun, monitor
from earlywarn.run.packing import PackingRun, pack
from earlywarn.run.records import RecordRun, check_record, write_record
from earlywarn.run.retraining import Folders, RetrainRun, retrain
from earlywarn.run.retraining_steps import Step, rehearse_retraining
from earlywarn.run.scoring import ScoringChoice, ScoringRun, score
from earlywarn.run.serving import Door, Service, add_token, serve, service
from earlywarn.run.shelf import Shelf, models
from earlywarn.run.studying import StudyRun, Written, study, write_preregistration
from earlywarn.run.training import TrainingRun, rehearse, train

__all__ = [
    "DEMO_MODELS",
    "DEMO_SIGN",
    "AuditRun",
    "Checked",
    "Comparison",
    "Decided",
    "DemoRun",
    "Door",
    "Folders",
    "Forgotten",
    "MonitorRun",
    "PackingRun",
    "RecordRun",
    "RetrainRun",
    "ScoringChoice",
    "ScoringRun",
    "Service",
    "Shelf",
    "Step",
    "StudyRun",
    "TrainingRun",
    "Verified",
    "Written",
    "add_token",
    "audit",
    "audit_scores",
    "check",
    "check_record",
    "compare",
    "demo",
    "forget",
    "forget_overdue",
    "models",
    "monitor",
    "pack",
    "promote",
    "rehearse",
    "rehearse_retraining",
    "retrain",
    "rollback",
    "score",
    "serve",
    "service",
    "sign_bundle",
    "simulate",
    "study",
    "train",
    "verify_bundle",
    "write_preregistration",
    "write_record",
]
