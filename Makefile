.PHONY: run run-postgres test test-all test-postgres test-postgres-short cluster check bench browser faults soak load audit
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHOSEN := -m "not long"
ON_SERVER := SHIPDESK_TEST_DB=postgresql $(BIN)/python -m pytest -n auto --dist loadfile
# What a server may break first: its own store, every service that writes, and a shop that moves there and back.
FIRST_ON_SERVER := $(addprefix tests/,store/postgres store/test_tracking.py store/test_shipments.py services/keeping/test_same_on_both.py \
	services/keeping/test_moving_to_server.py $(addprefix services/shipments/test_,invoices.py scan.py actions.py undo.py parcels.py \
	worklist.py forgetting.py changing_together.py) services/uploading/test_registering.py services/importing/test_running.py \
	services/handback/test_parcels.py services/people services/tracking/test_polling.py services/tracking/test_refresher.py)

run: $(VENV)/run.stamp  ## start the desk; the first start makes a demo shop
	$(BIN)/streamlit run app.py

run-postgres: $(VENV)/run.stamp  ## the same on a PostgreSQL server of its own, for trying
	$(BIN)/python -m tests.postgres_server

test: $(VENV)/dev.stamp browser  ## every promise; tests in the browser two at a time, but those that type as fast as a scanner
	$(BIN)/python -m pytest -n auto --dist loadfile $(CHOSEN) --ignore=tests/browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --reruns 2 $(CHOSEN) --ignore=tests/browser/test_register.py tests/browser
	$(BIN)/python -m pytest --reruns 2 $(CHOSEN) tests/browser/test_register.py

test-all:  ## and the whole matrices of what `test` shows in short
	$(MAKE) test CHOSEN=

test-postgres: $(VENV)/dev.stamp  ## the tests of store, services and pages on a PostgreSQL server of their own
	$(ON_SERVER) tests/store tests/services tests/pages

test-postgres-short: $(VENV)/dev.stamp  ## those of them that a server may break first, in three minutes
	$(ON_SERVER) $(FIRST_ON_SERVER)

check: $(VENV)/dev.stamp  ## style, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/dev.stamp browser  ## speed and memory, as ratios
	$(BIN)/python -m tests.bench

faults: $(VENV)/dev.stamp  ## every fault from outside, made for real: disks, damage, kills, hostile files
	$(BIN)/python -m tests.faults

cluster: $(VENV)/dev.stamp  ## desks behind nginx over a database with a standby, fifty of them killed
	$(BIN)/python -m tests.cluster

soak: $(VENV)/dev.stamp browser  ## twenty people at work for twenty minutes
	$(BIN)/python -m tests.soak --minutes 20 --people 20

load: $(VENV)/dev.stamp  ## fifty people with five seconds between their clicks, then more
	$(BIN)/python -m tests.load

audit: $(VENV)/dev.stamp  ## the libraries, looked up among known weaknesses
	$(BIN)/pip-audit -r requirements.txt --no-deps --disable-pip

browser: $(VENV)/dev.stamp
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || $(BIN)/playwright install --with-deps chromium

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
