# The two commands of a newcomer are `make run` and `make test`; CI runs `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml

.PHONY: run test check format lint types layers mutations fuzz parts reset lock help bench replay chaos soak alerts

help:
	@echo "make run     everything on this machine, with a simulated ERP; Ctrl-C ends it"
	@echo "make test    all tests"
	@echo "make check   what CI runs: format, lint, types, import layers, tests"
	@echo "make mutations   does a test notice when the judging is changed? Takes long; ONLY=\"models.tally.*\" for a part"
	@echo "make fuzz    a million random inputs on every door: JSON, XML, CSV; SEED=2 for others, INPUTS=20000 for fewer"
	@echo "make bench   the worker's speed beside other programs; RUNS=1 PURCHASES=2000 for a short one"
	@echo "make replay  a history of 600,000 purchases from the topics into tables and database, timed; PURCHASES=60000"
	@echo "make chaos   the service under faults, decided by an oracle; SEED=1 FAULTS=\"--only broker\""
	@echo "make soak    half an hour of load with faults: does memory or anything else grow? MINUTES=30 RATE=1000"
	@echo "make alerts  which alerts fire at which fault, tried on the whole service and a Prometheus"
	@echo "make reset   forget what make run has stored"
	@echo "make lock    choose the newest allowed versions of all packages"

run: $(RUNTIME)
	@exec $(BIN)/python -m deploy.local.run

test: $(DEV) parts
	$(BIN)/pytest || { [ $$? -eq 1 ] && $(BIN)/python -m tests.again; }

check: lint types layers test

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/mypy

layers: $(DEV)
	$(BIN)/lint-imports

# What is left after a run is shown by `mutmut results` and `mutmut show NAME`; docs/mutations.md says what is known.
# ONLY="models.purchase.*" for a part of it.
ONLY ?=
mutations: $(DEV)
	$(BIN)/python -m mutmut run $(ONLY)

# Not part of `make check`, which tries a thousand; some minutes.
fuzz: INPUTS ?= 1000000
fuzz: $(DEV)
	$(BIN)/python -m tests.fuzz --inputs $(INPUTS) --seed $(SEED)

# Not part of `make check`, which tries a short form of it: this takes the better part of an hour.
SEED ?= 1
FAULTS ?=
chaos: $(DEV)
	$(BIN)/python -m tests.chaos --seed $(SEED) $(FAULTS)

# Half an hour at 1,000 events a second with faults; MINUTES=5 RATE=300 for a first look.
MINUTES ?= 30
RATE ?= 1000
soak: $(DEV)
	$(BIN)/python -m tests.chaos.soak --minutes $(MINUTES) --rate $(RATE) --seed $(SEED)

# About half an hour; what came of it stands in docs/runbook.md. FAULTS="broker-away poison" for some of it.
alerts: $(DEV) parts
	$(BIN)/python -m tests.system.alerts $(FAULTS)

# What tests drive and pip cannot bring: a browser, a Prometheus, a schema of npm.
parts:
	@.ci/parts

# Nothing else should run meanwhile. What the figures mean: docs/performance.md
bench: RUNS ?= 5
bench: PURCHASES ?= 30000
bench: $(DEV)
	@$(BIN)/python -m bench.compare --runs $(RUNS) --purchases $(PURCHASES)

replay: PURCHASES ?= 600000
replay: WORKERS ?= 2
replay: $(DEV)
	@$(BIN)/python -m bench.replay --purchases $(PURCHASES) --workers $(WORKERS)

reset: $(RUNTIME)
	@$(BIN)/python -m deploy.local.reset

lock: $(DEV)
	$(COMPILE) --upgrade --output-file requirements.lock
	$(COMPILE) --upgrade --extra dev --constraints requirements.lock --output-file requirements-dev.lock

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "No $(PYTHON) here. Install Python 3.11 or newer, or name it: make run PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, this is $$($(PYTHON) --version). Name another: make run PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install python3-venv"; exit 2; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock | $(VENV)/bin/python
	@echo "installing the packages of requirements.lock, once"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# Its lock holds the runtime's packages too, in the same versions.
$(DEV): requirements-dev.lock | $(VENV)/bin/python
	@echo "installing the packages of requirements-dev.lock, once"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(RUNTIME)
