"""MLflow holds the run and a model that predicts as the bundle does, and nobody's data."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.write import write_bundle
from earlywarn.track import record_run
from small_bundle import NAMES, contents, people


def test_a_bundle_becomes_a_run_and_a_registered_model(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    excluded = tmp_path / "exclude.txt"
    excluded.write_text("PUPIL-4711\n")
    given = contents()
    config = given.config.model_copy(update={"exclude": excluded})
    path = write_bundle(tmp_path / "models", replace(given, config=config))
    store = tmp_path / "mlruns"

    tracked = record_run(path, store)
    again = record_run(path, store)

    assert capfd.readouterr() == ("", "")
    assert (tracked.model_version, again.model_version) == ("1", "2")
    import mlflow  # as late as the package does: after its reporting is switched off

    run = mlflow.get_run(tracked.run_id)
    bundle = read_bundle(path)
    assert run.data.metrics == {
        f"{population}.{contender}.auc": value
        for population in ("everyone", "onset")
        for contender, value in (("model", 0.8123), ("rate_to_date", 0.79))
    }
    assert run.data.params["outcome.window"] == "rest_of_year"
    assert run.data.tags["bundle_digest"] == bundle.manifest.digest
    values, _ = people()
    frame = pd.DataFrame(values.astype(np.float64), columns=list(NAMES))
    served = mlflow.pyfunc.load_model("models:/pupil-absence/1").predict(frame[list(reversed(NAMES))])
    np.testing.assert_array_equal(served, bundle.kept.risk(values))
    kept = [file for file in store.rglob("*") if file.is_file()]
    assert not any(b"PUPIL-4711" in file.read_bytes() for file in kept)
    assert not any(file.suffix in (".pkl", ".pickle", ".cloudpickle") for file in kept)
