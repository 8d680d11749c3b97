# Two commands do all the set-up: `make run` and `make test`.

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
INSTALL := $(BIN)/python -m pip install --quiet --editable

.PHONY: run test check bench fuzz cross-check soak pictures cpython-suites clean

run: $(VENV)/app.stamp
	@$(BIN)/syncscope $(ARGS)

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

check: $(VENV)/check.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks $(ARGS)

# CPython's own tests, bare and probed, some minutes per interpreter; ARGS='--python python3.12' for one of them
cpython-suites: $(VENV)/app.stamp
	PYTHONPATH=tests nice $(BIN)/python -m cpython_suites $(ARGS)

fuzz: $(VENV)/test.stamp
	PYTHONPATH=tests/engine $(BIN)/python tests/engine/fuzz.py $(ARGS)

cross-check: $(VENV)/test.stamp
	$(BIN)/python tests/engine/explore/cross_check.py $(ARGS)

soak: $(VENV)/app.stamp
	$(BIN)/python benchmarks/soak.py $(ARGS)

pictures: $(VENV)/app.stamp
	$(BIN)/python docs/pictures.py $(ARGS)

clean:
	rm -rf $(VENV) build dist

# One stamp for each set of packages: the second time, make only compares dates.
$(VENV)/app.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Syncscope into $(VENV) ..."
	@$(INSTALL) .
	@touch $@

$(VENV)/test.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Syncscope and its tests into $(VENV) ..."
	@$(INSTALL) '.[test]'
	@touch $@ $(VENV)/app.stamp

$(VENV)/check.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Syncscope, its tests and checks into $(VENV) ..."
	@$(INSTALL) '.[test,check]'
	@touch $@ $(VENV)/app.stamp $(VENV)/test.stamp

$(VENV)/bench.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@$(INSTALL) '.[bench]'
	@touch $@ $(VENV)/app.stamp

$(BIN)/python:
	@found=; \
	for python in $(PYTHON); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Syncscope needs Python 3.11 or later; found none among: $(PYTHON). Name one with make PYTHON=/path/to/python" >&2; exit 1; \
	fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$found lacks the venv module; install it (on Debian: apt install python3-venv) and try again." >&2; exit 1; \
	fi; \
	$$found -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
