"""Schemathesis asks the service what its OpenAPI document allows and much that it does not, over HTTP."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from asked import answering
from earlywarn.serve.access import access_log
from earlywarn.serve.app import make_app
from earlywarn.serve.guard import Rules
from earlywarn.serve.held import held
from earlywarn.serve.tokens import add_token, read_tokens
from small_scores import contents

PHASES = "coverage,fuzzing"
REFUSED = ["400", "401", "404", "405", "413", "414", "422", "429", "431"]  # 414: before the query is read


def test_nothing_is_found(tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(f"[checks.negative_data_rejection]\nexpected-statuses = {REFUSED}\n")
    secret = add_token(tmp_path / "tokens.yaml", "900001", "schemathesis", date.max)
    rules = Rules(read_tokens(tmp_path / "tokens.yaml"), frozenset({"127.0.0.1"}), a_minute=1_000_000)
    with access_log(tmp_path / "access.jsonl") as note, answering(make_app(held(contents()), rules, note)) as address:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json", "--no-color"]
        options = ["-H", f"Authorization: Bearer {secret}", "-c", "all", "--phases", PHASES, "-n", "5", "--seed", "1"]
        ran = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "No issues found" in ran.stdout
    assert ran.stdout.count("✅ 4 passed") == 2  # operations, in each phase
