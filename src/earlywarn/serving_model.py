"""The registered model: a bundle behind MLflow's `predict`.

MLflow keeps a copy of this file with the registered model and runs it when the
model is loaded, in place of a pickle. The bundle beside it is checked like any
other before it is used.

In:  a frame with the bundle's features as columns, numbers, NaN for not known.
Out: the calibrated probability of the outcome, one a row.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel
from numpy.typing import NDArray

from earlywarn.bundle.read import read_bundle


class BundleModel(PythonModel):
    """The kept model of a bundle."""

    def load_context(self, context: Any) -> None:
        self._bundle = read_bundle(Path(context.artifacts["bundle"]))

    def predict(
        self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> NDArray[np.float64]:
        values = model_input[list(self._bundle.names)].to_numpy(dtype=np.float32, na_value=np.nan)
        return self._bundle.kept.risk(values)


set_model(BundleModel())
