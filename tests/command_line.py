"""The commands as a user types them: in this process, or in one of their own."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import earlywarn
from earlywarn.cli import main
from earlywarn.paths import shipped_configs


@dataclass(frozen=True)
class Ran:
    """What a command left behind: its exit code, its results and its news."""

    code: int
    out: str
    err: str


def earlywarn_here(*words: object) -> Ran:
    """Run a command in this process: no start-up to wait for."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["earlywarn", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
            sys.exit(0)
    return Ran(int(stopped.value.code or 0), out.getvalue(), err.getvalue())


def earlywarn_apart(*words: object, cwd: Path) -> Ran:
    """Run a command in a process of its own, as from a shell."""
    ran = _python("-m", "earlywarn", *map(str, words), cwd=cwd)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def python_apart(program: str, cwd: Path) -> Ran:
    """Run a few lines of Python in a process of their own."""
    ran = _python("-c", program, cwd=cwd)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def _python(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    source = str(Path(earlywarn.__file__).parents[1])
    env = {**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=240, check=False
    )


def quick_config(folder: Path, name: str, **changed: Any) -> Path:
    """Write a shipped config with two trials, and with sections replaced."""
    shipped = yaml.safe_load((shipped_configs() / f"{name}.yaml").read_text(encoding="utf-8"))
    quick = {**shipped, "model": {"trials": 2, "seed": 1}, **changed}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(quick, sort_keys=False), encoding="utf-8")
    return path
