# Everything runs in a virtual environment of the project's own, made when first needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPO ?= .

.DEFAULT_GOAL := help
.PHONY: help scan history test check format bench bench-tree bench-history bench-hook bench-patterns bench-accuracy clean docs pictures

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "leakscan needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing leakscan into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

$(VENV)/installed-docs: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

scan: $(VENV)/installed ## scan a repository: make scan REPO=path [ARGS='-f json']
	@$(BIN)/leakscan scan $(ARGS) -- '$(REPO)'

history: $(VENV)/installed ## scan all that was ever committed: make history REPO=path [ARGS='-f json']
	@$(BIN)/leakscan history $(ARGS) -- '$(REPO)'

test: $(VENV)/installed-dev ## run the tests
	@$(BIN)/python -m pytest -q -n auto

check: $(VENV)/installed-dev ## formatting, lint, types, layers, and the rules' own examples
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/leakscan rules check

format: $(VENV)/installed-dev ## lay the code out
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .

bench: bench-accuracy bench-tree ## both benchmarks, side by side with peers

bench-tree: $(VENV)/installed-bench ## speed over a folder: make bench-tree DIR=path
	@$(BIN)/python benchmarks/tree.py $(DIR)

bench-history: $(VENV)/installed-bench ## speed over a history: make bench-history REPO=path [ARGS=--all-rules]
	@$(BIN)/python benchmarks/history.py $(ARGS) -- '$(REPO)'

bench-hook: $(VENV)/installed-bench ## speed of a commit hook: make bench-hook [ARGS='--files 2000']
	@$(BIN)/python benchmarks/hook.py $(ARGS)

bench-patterns: $(VENV)/installed-bench ## what one pass of each group of patterns costs: make bench-patterns DIR=path
	@$(BIN)/python benchmarks/patterns.py '$(DIR)'

bench-accuracy: $(VENV)/installed-bench ## recall and precision on the labelled corpus
	@$(BIN)/python benchmarks/accuracy.py

docs: $(VENV)/installed-docs ## build the documentation's site in dist/site
	@$(BIN)/python docs/pages.py commands
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "dist/site/index.html"

pictures: $(VENV)/installed-dev ## make the documentation's pictures anew (needs a Chromium)
	@$(BIN)/python docs/pages.py pictures

clean: ## remove what make made
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
