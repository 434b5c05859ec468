# Every verb of the project. Everything is installed into .venv in this folder, from the
# pinned and hashed requirements files, once; a stamp per file makes the next start quick.

VENV ?= .venv
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.version_info < (3, 11) or print("$(name)")' 2>/dev/null)))
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: view help demo tour bench chaos fuzz soak run test check fix requirements

help:  ## Say what there is.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.sandbox $(VENV)/.preview view  ## Try it in a browser: a Discord and four vendors on this machine, no account needed.
	@exec $(RUN) -m sandbox demo

tour: $(VENV)/.sandbox  ## The same without a browser: plays the main job and prints what was typed and seen.
	@exec $(RUN) -m sandbox tour

bench: $(VENV)/.dev  ## Measure; takes a quarter of an hour and wants a quiet machine.
	@exec $(RUN) -m sandbox bench

chaos: $(VENV)/.sandbox  ## Kill, cut and starve the bot at its worst moments, and audit the books (ROUNDS=50 SEED=).
	@exec $(RUN) -m sandbox chaos $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED))

fuzz: $(VENV)/.dev  ## Spoil 100,000 GLBs and see that none breaks us (ROUNDS=, SEED=).
	@exec $(RUN) -m tests.fuzz $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED))

soak: $(VENV)/.dev  ## Live 30 days in ten minutes and see that nothing grows that should not (DAYS=, SEED=).
	@exec $(RUN) -m tests.soak $(if $(DAYS),--days $(DAYS)) $(if $(SEED),--seed $(SEED))

run: $(VENV)/.bot view  ## The real bot, with the settings of .env.
	@exec $(RUN) -m bot run

test: $(VENV)/.dev  ## All tests.
	@$(RUN) -m pytest -n 3

# Each package's own tests have to cover it. The others, of the whole house, run without counting lines,
# which nearly doubles their time.
PACKAGES := tests/bot tests/providers tests/storage

check: $(VENV)/.dev  ## Format, lint, types, import contracts, tests, coverage.
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -c 'from importlinter.cli import lint_imports_command as run; run(["--no-logo"])'
	@$(RUN) -m pytest -n 3 $(PACKAGES) --cov
	@$(RUN) -m pytest -n 4 $(PACKAGES:%=--ignore=%)

fix: $(VENV)/.dev  ## Format, mend what lint can mend, write .env.example and the table of commands anew.
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .
	@$(RUN) -c 'from pathlib import Path; from bot.settings import example; Path(".env.example").write_text(example())'
	@$(RUN) -m tests.meta.command_table

# One file that plain pip installs on every supported Python, whatever index made it.
COMPILE := env -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS uv pip compile \
	pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

requirements:  ## Pin the newest allowed packages (needs uv).
	$(COMPILE) --upgrade --extra sandbox --extra preview --extra print --extra dev -o requirements-dev.txt
	$(COMPILE) --upgrade --extra preview --extra print -c requirements-dev.txt -o requirements-preview.txt
	$(COMPILE) --upgrade --extra sandbox -c requirements-dev.txt -o requirements-sandbox.txt
	$(COMPILE) --upgrade -c requirements-dev.txt -o requirements.txt

# The 3D view of the site comes as npm packages; without npm the pages show a picture instead, and say why.
view:
	@test -f node_modules/@google/model-viewer/package.json || \
		npm ci --omit=dev --ignore-scripts --no-audit --no-fund --silent || \
		echo "npm cannot install the 3D view here: pages of models show a picture instead." >&2

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Maquette needs Python 3.11 or later; none was found as python3." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "This Python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@touch $@

$(VENV)/.bot: requirements.txt $(VENV)/.made
$(VENV)/.sandbox: requirements-sandbox.txt $(VENV)/.made
$(VENV)/.dev: requirements-dev.txt $(VENV)/.made
$(VENV)/.bot $(VENV)/.sandbox $(VENV)/.dev:
	@echo "Installing $< into $(VENV), once ..."
	@$(PIP) -r $<
	@touch $@

# What draws models is large, and no wheel of it runs everywhere; without it the vendors' pictures are shown.
$(VENV)/.preview: requirements-preview.txt $(VENV)/.made
	@echo "Installing $< into $(VENV), once ..."
	@$(PIP) -r $< || echo "f3d cannot be installed here: models are shown with the vendors' own pictures." >&2
	@touch $@
