# Every target first installs what it needs; the second time that costs nothing.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
INSTALLED := .venv/.installed
PIP_INSTALL := $(BIN)/python -m pip install --no-input --progress-bar off --constraint .config/constraints.txt
# One line for each package that pip brings, not five, and none for the list of all
BRIEFLY := | sed --unbuffered --quiet --regexp-extended 's/^(Collecting [^ ]+|Installing collected packages).*/    \1/p'
PYTEST := $(BIN)/python -m pytest
ORCHESTRATE := $(BIN)/orchestrate

.PHONY: help
help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: $(INSTALLED) ## Install what is missing: Debian packages, a virtual environment, the tools
	@echo "Installed. Next: make demo, make check, make test"

$(INSTALLED): pyproject.toml .config/constraints.txt .ci/packages
	@.ci/packages
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("$(PYTHON) is older than 3.11: make PYTHON=/usr/bin/python3")'
	@echo "==> virtual environment in .venv"
	@$(PYTHON) -m venv .venv
	@$(PIP_INSTALL) pip $(BRIEFLY)
	@$(PIP_INSTALL) --editable ".[lab]" --group dev --group docs $(BRIEFLY)
	@touch $@

.PHONY: check
check: $(INSTALLED) ## Fast checks: style, types, layers, YAML, tests that need no machine
	@# The longest first, two at a time
	@$(MAKE) --jobs=2 --keep-going --output-sync=target unit types properties docs style layers yaml
	@echo "==> all checks passed"

.PHONY: docs
docs: $(INSTALLED) ## Build docs/ as a site in dist/docs; a broken link is an error
	@echo "==> docs"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file .config/mkdocs.yml 2>&1 | { grep -v ^INFO || true; }
	@! grep --recursive --include='*.html' --extended-regexp '<(script|link|img|iframe)[^>]*(src|href)="?(https?:)?//' dist/docs || \
		{ echo "docs: pages must load nothing from other hosts"; false; }

.PHONY: style types layers yaml unit properties
style: $(INSTALLED)
	@echo "==> ruff"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(INSTALLED)
	@echo "==> mypy"
	@$(BIN)/mypy

layers: $(INSTALLED)
	@echo "==> import-linter"
	@$(BIN)/lint-imports --no-logo

yaml: $(INSTALLED)
	@echo "==> yamllint"
	@$(BIN)/yamllint --strict .

unit: $(INSTALLED)
	@echo "==> unit tests, cases"
	@$(PYTEST) --quiet tests/unit tests/cases

properties: $(INSTALLED)
	@echo "==> properties"
	@$(PYTEST) --quiet tests/properties

.PHONY: test
test: check ## Everything: check, ansible-lint, one real component each, labs of real nodes
	@$(MAKE) --jobs=2 --output-sync=target thorough ansible
	@$(MAKE) pythons
	@$(MAKE) real

.PHONY: pythons
pythons: $(INSTALLED) ## Tests that need no machine, under the other Pythons of controllers and the oldest of nodes
	@.ci/pythons

.PHONY: thorough ansible real contract e2e
thorough: $(INSTALLED)
	@echo "==> properties, more thoroughly"
	@ORCHESTRATE_EXAMPLES=6 $(PYTEST) --quiet --numprocesses=2 --no-loadscope-reorder tests/properties

ansible: $(INSTALLED)
	@echo "==> ansible-lint"
	@PATH="$(BIN):$$PATH" ansible-lint

real: $(INSTALLED)
	@.ci/packages fish haproxy nftables zsh
	@echo "==> contract tests, end-to-end tests: two labs side by side"
	@$(PYTEST) -m "contract or e2e" --numprocesses=2 --no-loadscope-reorder --verbose --durations=20

contract: $(INSTALLED)
	@.ci/packages fish haproxy nftables zsh
	@echo "==> contract tests"
	@$(PYTEST) -m contract --verbose --durations=10

e2e: $(INSTALLED)
	@echo "==> end-to-end tests"
	@$(PYTEST) -m e2e --verbose --durations=20

.PHONY: cases
cases: $(INSTALLED) ## Rewrite docs/compose.md and what tests/cases expects; review the diff like code
	@$(PYTEST) --quiet tests/cases --update-cases

.PHONY: pictures
pictures: $(INSTALLED) ## Draw the pictures of docs/pictures anew, from what the commands print
	@$(PYTEST) --quiet tests/cases/test_pictures.py --update-cases

.PHONY: structure
structure: $(INSTALLED) ## Measure the structure of the code and write it into docs/architecture.md
	@$(BIN)/python -m tests.structure

.PHONY: bench
bench: $(INSTALLED) bench-loading bench-placement ## Measure loading and placing, then, on a lab, against plain playbooks
	@$(PIP_INSTALL) --group bench $(BRIEFLY)
	@$(BIN)/python -m tests.bench

.PHONY: bench-loading bench-placement
bench-loading: $(INSTALLED)
	@$(BIN)/python -m tests.bench.loading

bench-placement: $(INSTALLED)
	@$(BIN)/python -m tests.bench.placement

.PHONY: wheel
wheel: $(INSTALLED) ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

.PHONY: demo
demo: $(INSTALLED) ## Three real nodes on this machine, with the example running on them
	@.ci/demo

.PHONY: clean
clean: ## Take away all that these targets made, but for the Debian packages
	@for lab in $(notdir $(wildcard .orchestrate/lab/*)); do $(ORCHESTRATE) lab down --name $$lab; done
	@[ ! -x $(ORCHESTRATE) ] || $(ORCHESTRATE) lab clean || echo "Kept, as another checkout needs it."
	@rm -rf .venv .orchestrate .ansible .*_cache .hypothesis .coverage dist
