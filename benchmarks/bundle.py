"""How long a bundle takes to read, beside reading it without any check.

    python benchmarks/bundle.py MODELS [MODELS ...]

Processor time, the least of twenty times each, apart from imports: what else the machine does is left out. "Without
checks" reads the same files, parses the same JSON and builds the same two models.
"""

import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from earlywarn.bundle.protocol import model_file, tested_file
from earlywarn.bundle.read import Bundle, read_bundle
from earlywarn.bundle.write import versions
from earlywarn.model.fit import TreeModel, booster_from_text
from earlywarn.model.logistic import logistic_from_dict

TIMES = 20
MEGABYTE = 1024 * 1024


def main(roots: list[Path]) -> None:
    folders = [
        root / name.name / str(one) for root in roots for name in _names(root) for one in versions(root, name.name)
    ]
    print(f"Python {platform.python_version()}; milliseconds of processor time.\n")
    print("| bundle | format | MB | trees | read | without checks | ratio |\n|---|---|---|---|---|---|---|")
    for folder in folders:
        bundle = read_bundle(folder)
        checked, plain = _least(read_bundle, folder), _least(_unchecked, folder)
        size = sum(file.stat().st_size for file in folder.iterdir()) / MEGABYTE
        row = (bundle.manifest.name, bundle.manifest.format, f"{size:.1f}", _trees(bundle))
        times = (f"{1000 * checked:.0f}", f"{1000 * plain:.0f}", f"{checked / plain:.1f}")
        print(f"| {' | '.join(map(str, (*row, *times)))} |")


def _names(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir())


def _trees(bundle: Bundle) -> int:
    models = (bundle.kept.model, bundle.tested.model)
    return sum(model.booster.num_trees() for model in models if isinstance(model, TreeModel))


def _least(read: Callable[[Path], Any], folder: Path) -> float:
    found = []
    for _ in range(TIMES):
        began = time.process_time()
        read(folder)
        found.append(time.process_time() - began)
    return min(found)


def _unchecked(folder: Path) -> list[Any]:
    content = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    said = {name: json.loads(text) for name, text in content.items() if name.endswith(".json")}
    kind = said["manifest.json"]["model"]
    names = (model_file(kind), tested_file(kind))
    return [booster_from_text(content[name]) if kind == "trees" else logistic_from_dict(said[name]) for name in names]


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
