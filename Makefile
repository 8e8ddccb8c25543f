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

web/node_modules/.done: web/package-lock.json
	cd web && npm ci --silent && touch node_modules/.done

.PHONY: setup
setup: .venv/.done .ministack/.done localcloud/node_modules/.done web/node_modules/.done ## Install everything, pinned

.PHONY: lock
lock: | $(UV) ## Pin the requirements again after changing a .in file
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-cloud.in -o requirements-cloud.txt

.PHONY: docs
docs: .venv/.done ## Make the documents that come from the code again
	$(PY) -m tools.docs
