PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
DATABASE_URL ?= sqlite:///crosscheck.db
BIN = $(VENV)/bin
READY = $(VENV)/.ready
READY_DEV = $(VENV)/.ready-dev

export HOST PORT DATABASE_URL

.PHONY: run test fuzz lint bench openapi clean

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
	$(BIN)/shellcheck lookup tests/browser/have-chromium.sh .ci/run
	$(BIN)/hadolint Dockerfile

bench: $(READY_DEV)
	$(BIN)/python -m tests.bench

openapi: $(READY_DEV)
	$(BIN)/python -m tests.openapi

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis .coverage

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(READY): setup.cfg pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(READY_DEV): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
