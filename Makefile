# One word for each daily task; `make` alone lists them.
#   make test T=tests/engine     some of the tests
#   make run BIND=0.0.0.0:8000   another address
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q
export PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

BIND ?= 127.0.0.1:8000
WORKERS ?= 2
T ?=
# Links in notices of a demo district elsewhere than at its usual address lead there.
ELSEWHERE := $(if $(filter-out 127.0.0.1:8000,$(BIND)),MEDIATION_PUBLIC_URL=http://$(BIND))
PLACE := $(or $(MEDIATION_INSTANCE),instance)
LOGINS := $(PLACE)/demo-logins

# Stamps: a second `make install` has nothing to do until one of these files changes.
RUN := $(VENV)/.ready-to-run
TEST := $(VENV)/.ready-to-test
BENCH := $(VENV)-bench/.ready-to-measure

.PHONY: help install run test check lint types layers format long bench wheel chart lock clean

help: ## list the words
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

install: $(RUN) ## everything that is needed to run, into .venv

$(RUN): requirements/run.txt setup.cfg pyproject.toml tools/system tools/fonts
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: apt-get install python3" >&2; exit 1; }
	tools/system run
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --require-hashes -r requirements/run.txt
	@# Only the builder, out of the file that pins it: what builds the package is hashed too.
	awk '/^[a-z]/ { found = /^setuptools==/ } found' requirements/dev.txt >$(VENV)/builder.txt
	$(PIP) install --require-hashes -r $(VENV)/builder.txt
	$(PIP) install --no-build-isolation --no-deps -e .
	tools/fonts $(VENV)/share/mediation/fonts
	@touch $@

$(TEST): $(RUN) requirements/dev.txt
	tools/system test
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

run: install ## serve a demo district at http://127.0.0.1:8000
	@# Only into an empty folder: made-up cases must never get among real ones.
	@test -e $(PLACE)/mediation.sqlite || test -n "$(DATABASE_URL)" || { umask 077; mkdir -p $(PLACE); \
		$(ELSEWHERE) $(BIN)/mediation demo >$(PLACE)/demo-logins.part && mv $(PLACE)/demo-logins.part $(LOGINS); }
	@test ! -e $(LOGINS) || { echo "Staff of the demo district, who log in at http://$(BIND)/staff:"; cat $(LOGINS); }
	@echo "Serving http://$(BIND) (Ctrl-C stops it)"
	@# Papers, notices and anchors that wait are looked after once a minute, as a timer does in service.
	@$(ELSEWHERE) $(BIN)/mediation work --every 60 & work=$$!; trap 'kill $$work' EXIT INT TERM; \
		$(ELSEWHERE) MEDIATION_SHOW_INBOX=true $(BIN)/gunicorn -c python:mediation.serving --bind $(BIND) \
		--workers $(WORKERS) --log-level warning 'mediation.app:create_app()'

test: $(TEST) ## check everything, then run every test but the long ones
	@$(MAKE) check
	$(BIN)/pytest -n 2 $(T)

check: lint types layers ## what a machine can judge without running the program
	$(BIN)/mediation workflows check

lint: $(TEST) ## style and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint templates --lint --quiet

types: $(TEST) ## mypy --strict
	$(BIN)/mypy --strict mediation

layers: $(TEST) ## who may import whom
	$(BIN)/lint-imports --no-cache

format: $(TEST) ## put the code into the one format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

long: $(TEST) ## the tests that take minutes, and every property on examples it has not seen
	$(BIN)/pytest -m long $(T)
	HYPOTHESIS_PROFILE=search $(BIN)/pytest -n 2 tests/engine tests/domain tests/services

bench: $(BENCH) ## every benchmark, one after the other, beside peers from PyPI
	@set -e; for each in benchmarks/*.py; do echo "== $$each"; $(VENV)-bench/bin/python "$$each"; done

# An environment of its own: what we are compared with is never beside what we run.
$(BENCH): $(TEST) requirements/bench.txt
	test -x $(VENV)-bench/bin/pip || $(PYTHON) -m venv --clear $(VENV)-bench
	$(VENV)-bench/bin/pip --disable-pip-version-check -q install --require-hashes \
		-r requirements/run.txt -r requirements/dev.txt -r requirements/bench.txt
	$(VENV)-bench/bin/pip --disable-pip-version-check -q install --no-build-isolation --no-deps -e .
	mkdir -p $(VENV)-bench/share && cp -r $(VENV)/share/mediation $(VENV)-bench/share
	@touch $@

wheel: $(TEST) ## dist/*.whl
	@# A stale build/ resurrects files that were deleted.
	rm -rf build dist
	$(PIP) wheel --no-build-isolation --no-deps -w dist .

chart: $(RUN) ## draw docs/chart.md again
	$(BIN)/mediation workflows draw --out docs/chart.md

lock: ## pin the libraries again (tools/lock --upgrade for newer ones)
	tools/lock

clean: ## forget the environment and all that was built; instance/ stays
	rm -rf $(VENV) $(VENV)-bench build dist ./*.egg-info
