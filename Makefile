.PHONY: run test check bench browser
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

run: $(VENV)/run.stamp  ## start the desk; the first start makes a demo shop
	$(BIN)/streamlit run app.py

test: $(VENV)/dev.stamp browser  ## every test; those in the browser one after another: they type as fast as a scanner
	$(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/browser
	$(BIN)/python -m pytest --reruns 1 tests/browser

check: $(VENV)/dev.stamp  ## style, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/dev.stamp browser  ## speed and memory, as ratios
	$(BIN)/python -m tests.bench

browser: $(VENV)/dev.stamp
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || $(BIN)/playwright install --with-deps chromium

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
