"""The command line: parse, call `run`, print.

Heavy imports wait until a command runs, so that `--help` answers at once. Results go to
standard output, as text or with `--json`; progress and errors go to standard error.
"""

import os
import sys

import typer

from earlywarn.cli.app import app

# isort: off
# Each module registers its commands; `--help` lists them in this order.
from earlywarn.cli import demonstration, data, training, scoring, packing, auditing, studying  # noqa: F401
from earlywarn.cli import monitoring, retraining, deciding, forgetting, bundle, records  # noqa: F401
from earlywarn.cli import serving  # noqa: F401
from earlywarn.cli import comparing  # noqa: F401

# isort: on
from earlywarn.errors import EarlyWarnError


def main() -> None:
    """Run the command line; an expected error is shown without a traceback and sets the exit code."""
    # LightGBM's threads wait asleep, not spinning: on a busy machine that is several times faster.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app()
    except EarlyWarnError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(error.exit_code)
