# Two commands do all the set-up: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV := $(or $(shell command -v uv),.uv/bin/uv)
# An installed 3.13 first (pyenv keeps it off the path); otherwise uv looks for one, or brings it.
PYTHON := $(or $(lastword $(wildcard $(HOME)/.pyenv/versions/3.13*/bin/python3.13 $(PYENV_ROOT)/versions/3.13*/bin/python3.13)),3.13)
PY := .venv/bin/python
LOCK := $(UV) pip compile -q --python-version 3.13 --generate-hashes --no-emit-index-url --no-header

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.uv/bin/uv:
	python3 -m venv .uv && .uv/bin/pip -q install uv==0.13.8

.venv/.done: requirements-dev.txt | $(UV)
	[ -x $(PY) ] || $(UV) venv -q --python $(PYTHON) .venv
	$(UV) pip sync -q --python $(PY) requirements-dev.txt && touch $@

.ministack/.done: requirements-cloud.txt | $(UV)
	[ -x .ministack/bin/python ] || $(UV) venv -q --python $(PYTHON) .ministack
	$(UV) pip sync -q --python .ministack/bin/python requirements-cloud.txt && touch $@

localcloud/node_modules/.done: localcloud/package-lock.json
	cd localcloud && npm ci --silent && touch node_modules/.done

# Not `npm ci`: it wants the packages of every platform in the lock, and takes none that a registry does not have.
web/node_modules/.done: web/package-lock.json
	cd web && npm install --no-save --silent && touch node_modules/.done

.PHONY: setup
setup: .venv/.done .ministack/.done localcloud/node_modules/.done web/node_modules/.done ## Install everything, pinned

# --- the local cloud ---

WEB := $(shell find web -name node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)

web/dist/index.html: web/node_modules/.done $(WEB)
	cd web && npm run --silent build -- --logLevel warn && touch dist/index.html

.PHONY: run
run: .venv/.done .ministack/.done localcloud/node_modules/.done web/dist/index.html ## Run it all on this machine (PORT=8080)
	@exec $(PY) -m localcloud

.PHONY: journey
journey: .venv/.done ## Citizens go through the whole job against the running local cloud: N=100
	@$(PY) -m localcloud.journey --n $(or $(N),100)

# --- one town and its books: against the running local cloud, or with STAGE=prod against an installation ---

BOOKS = $(PY) -m tools.books $(1) $(or $(CITY),$(error say whose: CITY=modrinov)) $(if $(STAGE),--stage $(STAGE))

.PHONY: prove
prove: .venv/.done ## Prove a town's books now: CITY=modrinov
	@$(call BOOKS,prove)

.PHONY: rebuild
rebuild: .venv/.done ## Make a town's figures again from the transfers: CITY=modrinov
	@$(call BOOKS,rebuild-figures)

.PHONY: rebuild-balances
rebuild-balances: .venv/.done ## Balances from the transfers, and what is missing: CITY=modrinov WRITE=1
	@$(call BOOKS,rebuild-balances) $(if $(WRITE),--write)

.PHONY: found
found: .venv/.done ## Found a town, or write what is missing: TOWN=town.toml (docs/journeys/founding.md)
	@$(PY) -m tools.found $(or $(TOWN),$(error say by which file: TOWN=town.toml)) $(if $(STAGE),--stage $(STAGE))

# --- proof ---

NO_CLOUD := --ignore tests/localcloud --ignore tests/deploy --ignore tests/browser --ignore tests/demo/test_fill.py --ignore tests/demo/test_towns_apart.py
DAYS := tomorrow a-month-on leap-day new-years-eve an-hour-skipped an-hour-twice
# Without the one whose child is a process of the office, with a clock of its own.
REGINA := regina/tests --deselect regina/tests/test_protocol.py::test_the_process_survives_a_dead_cloud_and_ends_well_on_sigterm
# Where a rule has a day in it, and little else: what the build server runs on each of the days.
DAYS_ROOMS := tests/core tests/town/messages tests/town/people tests/money/ledger/test_budget_years.py tests/money/ledger/test_money_moves.py tests/money/ledger/test_limits_and_freezes.py tests/money/programmes/test_ending.py tests/money/programmes/test_reviewing.py tests/money/offers/test_orders.py $(REGINA)

.PHONY: check
check: .venv/.done .ministack/.done localcloud/node_modules/.done ## The fast inner loop: lint, types, imports, unit
	$(PY) -m ruff check . && $(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m pytest -n 2 $(NO_CLOUD)

.PHONY: check-web
check-web: web/node_modules/.done ## Lint, types and unit tests of the web
	cd web && npm run --silent check && npm test --silent

.PHONY: test-days
test-days: setup ## The unit tests as on other days (tests/days.py): DAYS="leap-day tomorrow" ROOMS=tests/money/ledger
	@for day in $(DAYS); do echo "$$day"; DAY=$$day $(PY) -m pytest -n 2 $(NO_CLOUD) $(ROOMS) || exit 1; (cd web && DAY=$$day npm test --silent) || exit 1; done

.PHONY: check-sizes
check-sizes: web/dist/index.html ## What each app loads first, against its budget
	cd web && npm run --silent sizes

.PHONY: check-templates
check-templates: .venv/.done ## cfn-lint; the application's template is checked as packaged, by tests/deploy
	.venv/bin/cfn-lint infra/data.yaml infra/edge.yaml infra/logs.yaml

.PHONY: test
test: setup check check-web check-templates check-sizes ## Everything: the above, the local cloud, the deployed template, the browser
	$(MAKE) test-days DAYS="tomorrow leap-day an-hour-twice" ROOMS="$(DAYS_ROOMS)"
	$(PY) -m pytest tests/localcloud tests/deploy tests/demo
	$(MAKE) faults N=300 SECONDS=40
	$(PY) -m pytest tests/browser

.PHONY: docs-check
docs-check: .venv/.done ## Are the documents that come from the code up to date?
	$(PY) -m pytest tests/house/test_documents.py

.PHONY: faults
faults: .venv/.done .ministack/.done localcloud/node_modules/.done ## Break everything while money moves, then prove the books: N=3000 SECONDS=60
	$(PY) -m faults --n $(or $(N),3000) --seconds $(or $(SECONDS),60)

.PHONY: mutate
mutate: setup ## How much the tests notice of small changes at random: ROOMS="ledger fees" SECONDS=600 SEED=7
	@$(PY) -m tools.mutate $(ROOMS) --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED)) $(if $(SINCE),--since $(SINCE))

BENCHES := $(patsubst bench/%.py,%,$(wildcard bench/[a-z]*.py))

.PHONY: bench
bench: .venv/.done .ministack/.done localcloud/node_modules/.done ## The numbers, as ratios to their floors (QUICK=1: a tenth of the big ones)
	@for each in $(BENCHES); do $(PY) -m bench.$$each $(if $(QUICK),--quick) || exit 1; done

# --- deployment ---

.PHONY: package
package: .venv/.done ## Build what ships to Lambda and print its size
	$(PY) -m infra.package

.PHONY: deploy
deploy: .venv/.done web/dist/index.html ## Build, package and deploy it all: STAGE=prod
	$(PY) -m infra.deploy $(or $(STAGE),$(error say where: make deploy STAGE=prod; infra/stages/prod.json describes it))

.PHONY: lock
lock: | $(UV) ## Pin the requirements again after changing a .in file
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-cloud.in -o requirements-cloud.txt

.PHONY: docs
docs: .venv/.done .ministack/.done localcloud/node_modules/.done ## Make the documents that come from the code again
	$(PY) -m tools.docs
