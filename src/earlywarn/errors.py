"""Every error earlywarn raises on purpose.

EarlyWarnError                  shown without a traceback
├── ConfigError        exit 10  the YAML, or an option, is wrong
├── TableError         exit 11  an input table breaks a rule
├── LeakageError       exit 12  something could see past the as-of date
├── BundleError        exit 13  a model bundle is damaged or of an unknown format
├── TooFewError        exit 14  too few people to train, audit or publish
└── LimitError         exit 15  a model fails a limit that its config sets, and is not promoted

A message says what is wrong, where, and what to do next. It never holds a
name, an identifier, a mark or a score of a person: logs are not pupil records.
Anything else that escapes is a bug, and keeps its traceback.
"""


class EarlyWarnError(Exception):
    """Base class: a problem the user can fix."""

    exit_code = 1

    def __init__(self, problem: str, *, fix: str) -> None:
        super().__init__(f"{problem}\n  fix: {fix}")
        self.problem = problem
        self.fix = fix


class ConfigError(EarlyWarnError):
    """The configuration, or an option of a command, is wrong."""

    exit_code = 10


class TableError(EarlyWarnError):
    """An input table is missing, unreadable or breaks a rule that stops."""

    exit_code = 11


class LeakageError(EarlyWarnError):
    """A feature, label or judgement could see past the as-of date."""

    exit_code = 12


class BundleError(EarlyWarnError):
    """A bundle is damaged, edited, or of a format this version cannot read."""

    exit_code = 13


class TooFewError(EarlyWarnError):
    """Too few people or outcomes to train, audit or publish."""

    exit_code = 14


class LimitError(EarlyWarnError):
    """A model is not known to keep the limits that its config sets, and is not promoted."""

    exit_code = 15
