# For a stranger: `make demo` and `make test`. Nothing but make and Python 3.11 or newer needs to be there before.

.DEFAULT_GOAL := help
.PHONY: help demo test drills bench lint check manage clean

ARGS ?=
JOBS ?= 2
export ARGS JOBS

# The first Python of a tried version, else any newer one.
PYTHON ?= $(shell for newest in 14 99; do \
	for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$python -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, $$newest))" 2>/dev/null && echo $$python && exit; \
	done; done; echo python3)
RUNNER = exec $(PYTHON) config/runner

help: ## these lines
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

demo: ## the whole product on this machine, with data to play with; PORT=8000
	@$(RUNNER) demo

test: ## all tests, from nothing; ARGS="-k cancel" for some, JOBS=1 for one process
	@$(RUNNER) test

drills: ## crash drills: kill -9, restarts (slow)
	@$(RUNNER) drills

bench: ## the figures of docs/performance.md
	@$(RUNNER) bench

lint: ## ruff, bandit, mypy
	@$(RUNNER) lint

check: ## deployment checks with production settings, migrations, API schema
	@$(RUNNER) check

manage: ## a command against the running demo: ARGS="work_promises"
	@$(RUNNER) manage

clean: ## removes data, logs and secrets of demo, tests and benchmark
	@$(RUNNER) clean
