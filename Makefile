# Every target does the set-up that it needs; nothing else is required beforehand.
PY := .venv/bin/python
QT_TEST_ENV := QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software QT_QUICK_CONTROLS_STYLE=Basic QML_DISABLE_DISK_CACHE=1 LANG=C.UTF-8
VECTORS ?= ../shared/vectors
HISTORIES ?= 100000
MINUTES ?= 30
SEED ?= 0
OUT ?= demo-out
ALONE := tests/ui tests/e2e tests/chaos tests/docs

.PHONY: help run test setup check format demo bench adversary chaos screenshots conformance vectors contracts lock clean system python node

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: ## Open the app
	@packaging/setup/system.sh run
	@packaging/setup/python.sh
	@$(PY) -m cms_desktop

test: setup ## Run the whole suite, on real parts
	# Whole windows and whole processes are driven alone: what a person would wait for must not depend on other tests.
	$(QT_TEST_ENV) $(PY) -m pytest -q -n 2 --dist loadgroup $(ALONE:%=--ignore=%)
	$(QT_TEST_ENV) $(PY) -m pytest -q $(ALONE)

setup: ## Do all the set-up: Debian packages, Python packages, the chain's tools
	@packaging/setup/system.sh test
	@packaging/setup/python.sh
	@packaging/setup/node.sh

python:
	@packaging/setup/python.sh

node: python
	@packaging/setup/node.sh

demo: python ## The main job without a screen; writes its files to OUT
	@$(PY) -m cms_desktop.cli demo --out $(OUT)

check: setup ## Linters, types, architecture, QML and Solidity style
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	.venv/bin/deptry .
	$(PY) -m tests.ui.qml_tools lint
	$(PY) -m tests.ui.qml_tools format-check
	cd contracts && node_modules/@foundry-rs/forge-linux-amd64/bin/forge fmt --check

format: setup ## Put every file into the house format
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	$(PY) -m tests.ui.qml_tools format
	cd contracts && node_modules/@foundry-rs/forge-linux-amd64/bin/forge fmt

bench: setup ## Measure; writes JSON
	$(QT_TEST_ENV) $(PY) -m tests.benchmarks

screenshots: python ## A picture of every page in both themes, in docs/pictures
	@$(QT_TEST_ENV) $(PY) -m tests.ui.screenshots --out docs/pictures

adversary: python ## Search for files that say what did not happen: make adversary [HISTORIES=100000] [SEED=0]
	@$(PY) -m tests.adversary --histories $(HISTORIES) --seed $(SEED)

chaos: setup ## Kill backends, fail disks, move clocks while homes exchange files: make chaos [MINUTES=30]
	@$(PY) -m tests.chaos.soak --minutes $(MINUTES)

conformance: python ## Run published vectors: make conformance VECTORS=FOLDER [JSON=1]
	@$(PY) -m tests.conformance $(VECTORS) $(if $(JSON),--json)

vectors: python ## Make tests/vectors anew from fixed keys
	@$(PY) -m tests.vectors.generate

lock: ## Make the hashed locks anew (needs uv)
	packaging/locks/make.sh

clean: ## Remove what was built (not your data)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks build dist contracts/cache contracts/out demo-out
