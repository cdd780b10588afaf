# Two commands matter: `make report` and `make test`. Both set up `.venv` first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
READY := $(VENV)/ready-$(VERSION)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard slanb/locale/*/LC_MESSAGES/slanb.po))

.DEFAULT_GOAL := help
.PHONY: help setup report test test-engines lab soak attack bench calibrate notebooks messages lock lowest audit wheel

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: $(READY) $(CATALOGUES)  ## .venv with the locked dependencies and slanb itself

$(READY): requirements.lock pyproject.toml
	@test -n "$(VERSION)" || { echo "$(PYTHON) does not run: install Python 3.11, 3.12 or 3.13, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

%.mo: %.po
	@$(BIN)/python -m tests.catalogues $(patsubst slanb/locale/%/LC_MESSAGES/slanb.po,%,$<)

report: setup  ## the sample company's report of its latest closed month
	@$(BIN)/slanb sample >/dev/null
	@$(BIN)/slanb run latest

test: setup  ## every check: style, formulas, imports, notebooks, whole runs, pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --quiet
	$(BIN)/slanb sample
	$(BIN)/python -m pytest -p no:cacheprovider --nbval-lax --nbval-current-env notebooks

test-engines: setup  ## the same questions on PostgreSQL and Spark, where these are installed
	$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint requirements.lock \
	    --editable ".[postgres,spark,sqlite]"
	$(BIN)/python -m pytest --quiet -rs tests/test_engines*.py

lab: setup  ## JupyterLab on the notebooks
	$(BIN)/slanb sample
	$(BIN)/jupyter lab notebooks

soak: setup  ## two thousand mutated exports, as many cases of every property of the estimates, three hundred notebooks
	$(BIN)/python -m tests.soak
	$(BIN)/python -m tests.soak_kernels
	ROUNDS=2000 $(BIN)/python -m pytest --quiet -m hypothesis tests/test_estimates_*.py

attack: setup  ## kills, limits, changes, hostile files and names, each trial counted; ARGS=kills for one part
	$(BIN)/python -m tests.attack $(ARGS)

bench: setup  ## time and memory beside what a user would write; ARGS=facts for one part
	$(BIN)/python -m tests.bench $(ARGS)

calibrate: setup  ## hold the estimates against known truth; writes tests/calibration/README.md
	$(BIN)/python -m tests.calibration.study

notebooks: setup  ## run the notebooks on the sample company and renew the outputs that are checked
	$(BIN)/slanb sample
	$(BIN)/python -m tests.renew_notebooks

messages: $(READY)  ## bring the catalogues of slanb/locale up to date with the texts, and say what is missing
	$(BIN)/python -m tests.catalogues

UPGRADE ?= --upgrade
lock: $(READY)  ## renew requirements.lock from pyproject.toml; UPGRADE= only adds what is new
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 $(UPGRADE) \
	    --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock

lowest: $(READY)  ## the sample company's report with the oldest versions that pyproject.toml allows
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python build/lowest
	$(BIN)/uv pip compile pyproject.toml --resolution lowest-direct --quiet --output-file build/lowest/versions.txt
	$(BIN)/uv pip install --quiet --python build/lowest -r build/lowest/versions.txt
	$(BIN)/uv pip install --quiet --python build/lowest --no-deps .
	build/lowest/bin/slanb sample
	build/lowest/bin/slanb run latest --again --outputs build/lowest/outputs

audit: $(READY)  ## hold the locked packages against known advisories
	$(BIN)/python -m tests.audit

wheel: $(READY)  ## dist/slanb-….whl, for `pip install`
	$(BIN)/uv build --quiet --wheel
