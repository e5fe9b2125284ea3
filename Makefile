# Every target installs what it needs first, and does so only once.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP_INSTALL := $(BIN)/python -m pip install --no-input --progress-bar off --constraint .config/constraints.txt
PYTEST := $(BIN)/python -m pytest
# One line for each package that pip brings, not five
BRIEFLY := | sed --unbuffered --quiet --regexp-extended '/^(Collecting|Successfully)/p'

.PHONY: help install check lint types imports yaml unit ansible contract e2e test cases bench demo wheel clean

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) ## Install what is missing: Debian packages, a virtual environment, the tools

$(INSTALLED): pyproject.toml .config/constraints.txt .ci/packages
	@.ci/packages
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=/usr/bin/python3")'
	@echo "==> virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) pip $(BRIEFLY)
	@$(PIP_INSTALL) --editable . --group dev $(BRIEFLY)
	@touch $@

check: install ## Fast checks: style, types, layers, YAML, tests without a machine (under 20 s)
	@$(MAKE) --jobs=2 --output-sync=target types lint imports yaml unit
	@echo "==> all checks passed"

lint: install
	@echo "==> ruff"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: install
	@echo "==> mypy"
	@$(BIN)/mypy

imports: install
	@echo "==> import-linter"
	@$(BIN)/lint-imports --no-logo

yaml: install
	@echo "==> yamllint"
	@$(BIN)/yamllint --strict .

unit: install
	@echo "==> unit, cases, properties"
	@$(PYTEST) -q

ansible: install
	@echo "==> ansible-lint"
	@$(BIN)/ansible-lint

contract: install
	@echo "==> contract tests: one real component each"
	@$(PYTEST) -m contract

e2e: install
	@echo "==> end-to-end tests on a lab of real nodes"
	@$(PYTEST) -m e2e

test: check ansible contract e2e ## Everything: check, ansible-lint, contract tests, end-to-end tests

cases: install ## Rewrite the expected files of tests/cases; read the diff before you commit it
	@$(PYTEST) -q tests/cases --update-cases

bench: install ## Measure against plain playbooks, on a lab
	@$(PIP_INSTALL) --group bench $(BRIEFLY)
	@$(BIN)/python -m tests.bench

demo: install ## Three real nodes on this machine, with the example running on them
	@$(BIN)/orchestrate lab up

wheel: install ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

clean: ## Take away everything that these targets made
	@rm -rf $(VENV)
