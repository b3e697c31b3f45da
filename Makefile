# What people and CI run alike. `make run` and `make test` need Python, pip, make and git only.
PYTHON ?= python3
VENV ?= .venv
WHISPERCMS_HOSTILE ?= ../shared/hostile
RUNS ?= 200
BIN = $(VENV)/bin
STAMP = $(VENV)/.installed

.PHONY: install run test test-all e2e check audit bench soak crash hostile requirements

install: $(STAMP)

$(STAMP): requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $(STAMP)

run: $(STAMP)
	WHISPERCMS_DEVELOPMENT=1 $(BIN)/python manage.py serve

# What is compiled for one process of the tests is read by the others and by the next run.
test test-all e2e: export PYTHONDONTWRITEBYTECODE =

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m "not long" --dist worksteal

test-all: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m long

# The console in a real browser; pictures of its pages are left in build/screenshots.
e2e: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m e2e -rs tests/e2e

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	sha256sum --check --quiet supply/codemirror/SHA256SUMS

# Licences, our own code, and known vulnerabilities where their database can be reached.
audit: $(STAMP)
	$(BIN)/python -m supply

# Any folder of hostile programs of the same form: WHISPERCMS_HOSTILE=FOLDER make hostile
hostile: $(STAMP)
	$(BIN)/python -m tests.extensions.corpus $(WHISPERCMS_HOSTILE)

# Kills every operation on a site at lines and moments of all kinds: RUNS=2000 SEED=7 make crash
crash: $(STAMP)
	$(BIN)/python -m tests.gitsync.crash --runs $(RUNS) $(if $(SEED),--seed $(SEED))

# All figures, and docs/performance.md with them: NAMES="all --document" make bench
bench: $(STAMP)
	$(BIN)/python -m bench $(NAMES)

# Every answer of a hundred visitors is looked at, while the site and its plugins change.
soak: $(STAMP)
	$(BIN)/python -m bench.soak $(or $(MINUTES),10)

requirements:
	uv pip compile --universal --generate-hashes --python-version 3.11.7 --no-header --no-emit-index-url --no-emit-find-links -o requirements/base.txt requirements/base.in
	uv pip compile --universal --generate-hashes --python-version 3.11.7 --no-header --no-emit-index-url --no-emit-find-links -c requirements/base.txt -o requirements/dev.txt requirements/dev.in
