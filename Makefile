# make setup   the environment in .venv      make demo    a made-up trust, end to end
# make test    every test                    make check   lint, types, imports
# make bench   speed and fidelity            make pins    resolve the requirement files again (needs uv)

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.PHONY: setup demo test check bench pins
setup: $(STAMP)

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "earlywarn needs Python 3.11 or newer; set PYTHON=... to name one")'
	@$(PYTHON) -c 'import ctypes.util, sys; sys.exit(not (sys.platform == "darwin" or ctypes.util.find_library("gomp")) and "LightGBM needs the GCC OpenMP runtime: install libgomp1 (Debian, Ubuntu) or libgomp (Fedora)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/earlywarn demo --out demo

test: setup
	$(BIN)/python -m pytest -n 2

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/features.py
	$(BIN)/python benchmarks/demo.py
	$(BIN)/python -m benchmarks.engagement zero
	$(BIN)/python -m benchmarks.engagement power
	$(BIN)/python benchmarks/intervals.py
	$(BIN)/python -m benchmarks.train
	$(BIN)/python -m benchmarks.score
	$(BIN)/python -m benchmarks.reasons
	$(BIN)/python -m benchmarks.whole.training
	$(BIN)/python -m benchmarks.whole.study
	$(BIN)/python -m benchmarks.whole.retraining
	$(BIN)/python -m benchmarks.models.country
	$(BIN)/python -m benchmarks.models.observable
	$(BIN)/python -m benchmarks.models.calibrated
	$(BIN)/python -m benchmarks.models.coverage
	$(BIN)/python -m benchmarks.models.page
	$(BIN)/python -m benchmarks.lead.schools
	$(BIN)/python -m benchmarks.lead.recovery
	$(BIN)/python -m benchmarks.lead.page
	$(BIN)/python -m benchmarks.cycle.quiet --tuning
	$(BIN)/python -m benchmarks.cycle.quiet
	$(BIN)/python -m benchmarks.cycle.staff
	$(BIN)/python -m benchmarks.cycle.shocks build/cycle
	$(BIN)/python -m benchmarks.cycle.page
	$(BIN)/python -m benchmarks.simulator.speed
	$(BIN)/python -m benchmarks.simulator

pins:
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements/run.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
