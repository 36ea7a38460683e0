PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
DATABASE_URL ?= sqlite:///crosscheck.db
BIN = $(VENV)/bin
READY = $(VENV)/.ready
READY_DEV = $(VENV)/.ready-dev
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCKED = $(PIP) install --require-hashes --no-build-isolation --requirement
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --constraint constraints.txt \
	--no-emit-index-url --no-annotate --custom-compile-command 'make lock'
SERVICE = build/service
BILL = build/crosscheck.cdx.json

export HOST PORT DATABASE_URL

.PHONY: run test fuzz lint bench openapi lock licences sbom clean

run: $(READY)
	@exec $(BIN)/crosscheck serve --migrate --load fixtures

test: $(READY_DEV)
	@sh tests/browser/have-chromium.sh
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist worksteal --both-databases --cov --cov-report=term

fuzz: $(READY_DEV)
	$(BIN)/python -m tests.fuzzing

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/shellcheck lookup tests/browser/have-chromium.sh deploy/systemd/check.sh .ci/run
	$(BIN)/hadolint Dockerfile
	$(BIN)/docker-compose --file deploy/compose.yaml config --quiet
	$(BIN)/compose-lint --quiet --skip-suppressed --fail-on low --strict-config --config deploy/.compose-lint.yml deploy/compose.yaml
	$(BIN)/kubernetes-validate --strict --quiet deploy/kubernetes/*.yaml
	@sh deploy/systemd/check.sh

bench: $(READY_DEV)
	$(BIN)/python -m tests.bench

openapi: $(READY_DEV)
	$(BIN)/python -m tests.openapi

# What is installed, by hash: after a change of setup.cfg, pyproject.toml or constraints.txt.
lock: $(READY_DEV)
	printf 'pip\nsetuptools\n' | $(LOCK) --output-file requirements/build.lock -
	$(LOCK) --extra postgresql --extra redis --output-file requirements/run.lock setup.cfg
	$(LOCK) --all-extras --output-file requirements/dev.lock setup.cfg

licences: $(SERVICE)/.ready
	$(BIN)/pip-licenses --python $(SERVICE)/bin/python

sbom: $(SERVICE)/.ready
	$(BIN)/python -m tests.supply $(SERVICE) $(BILL)

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis .coverage

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(READY): setup.cfg pyproject.toml requirements/build.lock requirements/run.lock | $(BIN)/python
	@$(PIP) install --require-hashes --requirement requirements/build.lock
	@$(LOCKED) requirements/run.lock
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_DEV): $(READY) requirements/dev.lock
	@$(LOCKED) requirements/dev.lock
	@touch $@

# The service alone, built and installed as in the Dockerfile: what is there and nothing beside it.
$(SERVICE)/.ready: $(READY_DEV)
	@rm -rf $(SERVICE) build/wheels
	@$(PIP) wheel --require-hashes --no-build-isolation --wheel-dir build/wheels --requirement requirements/run.lock
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir build/wheels .
	@$(BIN)/python -m venv --without-pip $(SERVICE)
	@$(PIP) --python $(SERVICE)/bin/python install --no-index --find-links build/wheels 'crosscheck[postgresql,redis]'
	@touch $@
