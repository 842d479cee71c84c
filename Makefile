# make serve: set up, build the graph from data/documents and serve it on http://127.0.0.1:8000
# make test:  set up and run lint, types and all tests
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
WEB := hatch_build.py $(wildcard web/*.* web/src/*.ts web/src/*/*.ts web/src/*/*.css)

.PHONY: serve build test lint bench conformance schemas fuzz quality clean

serve: $(STAMP)
	$(BIN)/avvn-graph serve

build: $(STAMP)
	$(BIN)/avvn-graph build

test: $(STAMP)
	$(BIN)/ruff check src tests benchmarks web hatch_build.py
	$(BIN)/mypy
	$(BIN)/pytest -q

lint: $(STAMP)
	$(BIN)/ruff check src tests benchmarks web hatch_build.py
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/extract.py
	$(BIN)/python benchmarks/startup.py

# docs/conformance.md, from the W3C's tests (in ../shared/w3c) over HTTP against our own server
conformance: $(STAMP)
	$(BIN)/python -m tests.conformance

# /reconcile against the JSON schemas of its specification, which RECONCILIATION_SCHEMAS=<folder> must hold
schemas: $(STAMP)
	$(BIN)/pytest -q tests/reconcile/schemas.py

# more than twenty thousand requests that are nearly right (it says how many); the test run has a small share of them
fuzz: $(STAMP)
	FUZZ_CASES=24000 $(BIN)/pytest -q -s tests/fuzz

# docs/quality.md, from a fresh build and the annotations
quality: build
	$(BIN)/avvn-graph quality data/gold/*.jsonl --output docs/quality.md

$(STAMP): pyproject.toml constraints.txt $(WEB)
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python web/islands.py --check
	touch $(STAMP)

clean:
	rm -rf .venv var web/node_modules src/avvn_graph/service/static/islands
