# Two commands matter: `make demo` and `make test`. Every target sets up .venv from requirements.lock first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test lint bench lock clean

setup: $(READY)

# The lock pins every package with hashes; the project itself is installed editable on top of it, without a network.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("armswire needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11 and run make again.") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || { echo "Setting up $(VENV) (once; a few minutes)"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: setup
	@$(BIN)/armswire demo

test: setup lint
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.benchmarks.line
	$(BIN)/python -m tests.benchmarks.polling
	$(BIN)/python -m tests.benchmarks.extraction

# Resolves pyproject.toml anew. No index host may be named in the lock.
lock: setup
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --upgrade --quiet --custom-compile-command "make lock" -o requirements.lock

clean:
	rm -rf $(VENV) var
