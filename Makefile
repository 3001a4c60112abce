# `make` lists the commands. Each makes the virtual environment it needs, once.
#   LIGHT=1   without sentence-transformers and PyTorch also for the tests (the default needs neither)
#   PYTHON=…  another interpreter than python3
#   ARGS=…    passed on, as in: make test ARGS="-k metrics"

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
ARGS ?=
ifdef LIGHT
  VENV := .venv-light
  TESTED := requirements-light.txt
else
  VENV := .venv
  TESTED := requirements.txt
endif
LOCKS := requirements.lock requirements-torch.lock
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check $(addprefix --constraint ,$(LOCKS))
UV_LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header $(ARGS)
SOURCES := $(wildcard app.py setup.py rag tests bench training docs)

.PHONY: run
run: $(VENV)/installed ## set up, index corpus/ and serve the chat on http://127.0.0.1:7860
	@$(BIN)/python -m rag models needs | while read -r extra why; do \
		WHY="$$why" $(MAKE) --no-print-directory $(VENV)/installed-$$extra; done
	$(BIN)/python -m rag index
	exec $(BIN)/python app.py $(ARGS)

.PHONY: test
test: $(VENV)/installed-dev ## set up and run the tests
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile $(ARGS) # many wait for a server or a sandbox

.PHONY: lint
lint: $(VENV)/installed-dev ## check style, types and formatting; change nothing
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/vulture
	$(BIN)/bandit --quiet --severity-level medium --recursive app.py rag 2> >(grep -v 'no failed test' >&2) # counts a line twice

.PHONY: format
format: $(VENV)/installed-dev ## put the code into its one format and mend what can be mended
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

.PHONY: docs
docs: $(VENV)/installed-dev ## build the documentation as a site, in build/site
	$(BIN)/properdocs build --quiet
	@echo "Open build/site/index.html"

.PHONY: bench
bench: $(VENV)/installed-bench ## measure quality and speed on the sets beside the repository
	$(BIN)/python -m bench $(ARGS)

.PHONY: screenshots
screenshots: $(VENV)/installed-dev ## make the pictures of every screen in docs/images anew
	$(BIN)/python -W ignore -m bench.screenshots

# The CUDA libraries stay out of the lock: a CPU build of PyTorch does without, and any other pins its own.
.PHONY: lock
lock: $(VENV)/installed-dev ## pin what is installed, after a change of requirements*.txt (ARGS=--upgrade: newest)
	$(PIP) --quiet uv
	$(UV_LOCK) requirements-light.txt requirements-dev.txt --output-file requirements.lock >/dev/null
	$(UV_LOCK) requirements.txt --constraint requirements.lock --output-file requirements-torch.lock >/dev/null
	grep -vE '^(nvidia|cuda|triton)' requirements-torch.lock | grep -vxFf requirements.lock > $(VENV)/torch.lock
	mv $(VENV)/torch.lock requirements-torch.lock

.PHONY: clean
clean: ## remove the virtual environments and what tools left; index and articles stay
	rm -rf .venv .venv-light .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## list these commands
	@echo "make COMMAND [LIGHT=1] [PYTHON=python3.12] [ARGS=…]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' Makefile

# A stamp is newer than the requirements it was installed from, so a later start installs nothing.
$(VENV)/installed: requirements-light.txt $(LOCKS) $(VENV)/made
	@echo "Installing what the default needs (requirements-light.txt) into $(VENV): about 850 MB and some minutes, once"
	$(PIP) --requirement requirements-light.txt
	@touch $@

# What a setting asks for besides: `python -m rag models needs` says which, and why.
$(VENV)/installed-torch $(VENV)/installed-qdrant: $(VENV)/installed-%: requirements-%.txt $(VENV)/installed
	@echo "Installing requirements-$*.txt into $(VENV), once$${WHY:+: $$WHY}$(if $(filter torch,$*), (PyTorch: minutes and gigabytes))"
	$(PIP) --requirement requirements-$*.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements-torch.txt requirements.txt $(VENV)/installed
	@echo "Installing $(TESTED) and requirements-dev.txt into $(VENV)$(if $(LIGHT),, (LIGHT=1 leaves PyTorch out))"
	$(PIP) --requirement $(TESTED) --requirement requirements-dev.txt
	@touch $@

$(VENV)/installed-bench: bench/requirements.txt $(VENV)/installed-dev
	@echo "Installing bench/requirements.txt, the systems to compare with, into $(VENV)"
	$(PIP) --requirement bench/requirements.txt
	@touch $@

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)." >&2; \
		echo "Install it, or name another: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making the virtual environment $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "Python's venv module is incomplete; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@
