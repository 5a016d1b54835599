# Everything a fresh machine needs: Python 3.11 or later with venv, and git. `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUNS := $(VENV)/.runs
MANUAL := $(VENV)/.manual
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
	--custom-compile-command "make lock"
LOCK := $(COMPILE) pyproject.toml

# Tests and demo start hundreds of processes. Without byte code each compiles everything that it imports: twice the time.
unexport PYTHONDONTWRITEBYTECODE

# The own tests of emcs/ and ais/: pure, and measured. Each runs once, here or with the others.
OWN := tests/core tests/ais tests/playbooks

.DEFAULT_GOAL := help
.PHONY: help setup demo bench test coverage mutants check javascript docs lint types architecture lock

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' Makefile

setup: $(READY)  ## make the virtual environment from the locked requirements

demo: $(RUNS)  ## a whole exchange both ways on this machine, printed as a timeline
	@$(BIN)/esad demo

bench: $(READY)  ## measured figures next to the floor
	@$(BIN)/esad bench

test: coverage $(READY)  ## the whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(OWN:%=--ignore=%)

coverage: $(READY)  ## the own tests of emcs/ and ais/, which have to reach every line and branch
	@$(BIN)/coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder $(OWN)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

mutants: $(READY)  ## mutation testing, for hours; a sample with make mutants ONLY='*__mutmut_2'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/mutants.txt
	@nice $(BIN)/mutmut run $(if $(ONLY),'$(ONLY)')
	@$(BIN)/python tests/helpers/mutants.py

check: lint types architecture test  ## lint, types, architecture and tests

javascript:  ## signers, verifiers, a client of SOAP, a provider to sign in at and a reader of pages in JavaScript, for tests, in locked versions; needs npm
	@npm ci --prefix tests/clients/javascript --no-audit --no-fund --ignore-scripts
	@npm ci --prefix tests/signing/javascript --no-audit --no-fund --ignore-scripts
	@npm ci --prefix tests/signin/javascript --no-audit --no-fund --ignore-scripts
	@npm ci --prefix tests/simulator/javascript --no-audit --no-fund --ignore-scripts

docs: $(MANUAL)  ## the manual as a site, in build/site; a dead link fails
	@$(BIN)/python tests/helpers/site.py
	@$(BIN)/zensical build --strict --clean --config-file build/zensical.toml

lint: $(READY)  ## style and format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(READY)  ## static types
	@$(BIN)/mypy

architecture: $(READY)  ## imports point downwards only
	@$(BIN)/lint-imports

lock: $(READY)  ## renew the locked requirements from pyproject.toml
	$(LOCK) --output-file requirements/runtime.txt
	$(LOCK) --extra paper --constraints requirements/runtime.txt --output-file requirements/paper.txt
	$(LOCK) --extra dev --extra paper --constraints requirements/paper.txt --output-file requirements/dev.txt
	echo "hatchling>=1.33" | $(COMPILE) - --constraints requirements/dev.txt --output-file requirements/build.txt
	echo "zensical>=0.0.73" | $(COMPILE) - --constraints requirements/dev.txt --output-file requirements/docs.txt
	$(LOCK) --extra mutants --constraints requirements/dev.txt --output-file requirements/mutants.txt

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# pip checks the hashes, those of what builds the package as well.
$(RUNS): pyproject.toml requirements/runtime.txt requirements/build.txt
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; say which with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "putting what the gateway needs into $(VENV), in locked versions; only the first time takes long" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# What is imported is compiled then, and the greater part never is.
	@$(PIP) --no-compile --requirement requirements/runtime.txt
	@$(PIP) --no-compile --requirement requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY): $(RUNS) requirements/dev.txt
	@echo "putting what tests and checks need into $(VENV)" >&2
	@$(PIP) --requirement requirements/dev.txt
	@touch $@

# What makes the site of the manual: nothing else needs it.
$(MANUAL): $(READY) requirements/docs.txt
	@$(PIP) --requirement requirements/docs.txt
	@touch $@
