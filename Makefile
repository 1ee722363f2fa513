# Everything runs in a virtual environment of its own, .venv, made on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
# Tests run in four processes: many of them wait for servers, and each has its own folders and ports.
TOGETHER := -n 4 --dist worksteal

.PHONY: demo test check unit guards mutants lowest format bench fuzz audit crash clean

demo: $(VENV)/.installed
	@rm -rf $(DEMO) && mkdir $(DEMO) && cp samples/legacy-orders.xlsx samples/bulkpo.yaml $(DEMO)/
	@cd $(DEMO) && ../$(BIN)/bulkpo import ../mappings/import/legacy-orders.yaml legacy-orders.xlsx
	@echo
	@cd $(DEMO) && ../$(BIN)/bulkpo export ../mappings/export/order-lines.yaml -o orders-from-coupa.xlsx
	@echo
	@echo "The files are in $(DEMO)/:"
	@ls -1 $(DEMO)

test: check unit guards lowest

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy bulkpo tests scripts benchmarks fuzzing
	$(BIN)/lint-imports

unit: $(VENV)/.installed-dev
	$(BIN)/pytest -p no:randomly $(TOGETHER)

mutants: $(VENV)/.installed-dev
	$(BIN)/python scripts/mutants.py

guards: $(VENV)/.installed-dev
	$(BIN)/python scripts/mutants.py proofs.py group.py check.py order_rules.py choices.py moves.py mapping/proving order_starts.py

# The quick tests again: by the lowest versions allowed, and in an order of chance.
lowest: $(VENV)-lowest/.installed
	$(VENV)-lowest/bin/python -m pytest -q -p no:cacheprovider $(TOGETHER) -m "not slow" tests/unit tests/journeys tests/docs

# Ten minutes of inputs made by chance; what fails is written to fuzz/.
fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m fuzzing $(FUZZ)

# What is known against the packages that bulkpo is made of, and what their licences allow; needs the network.
audit: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group audit
	$(BIN)/python scripts/audit.py

crash: $(VENV)/.installed-dev
	BULKPO_CRASH_KILLS=200 BULKPO_CRASH_ORDERS=500 $(BIN)/pytest tests/crash

bench: $(VENV)-bench/.installed
	$(VENV)-bench/bin/python -m benchmarks $(BENCH)

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(VENV)-bench $(VENV)-lowest $(DEMO) dist build

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

$(VENV)-bench/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check -e . --group bench
	@touch $@

$(VENV)-lowest/.installed: pyproject.toml tests/lowest.txt
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet --disable-pip-version-check -c tests/lowest.txt -e . \
		pytest pytest-randomly pytest-timeout pytest-xdist hypothesis
	@touch $@
