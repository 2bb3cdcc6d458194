# `make` alone prints what there is. Each verb finds or makes the virtual environment first.
PYTHON_IN := .venv/bin/python
IN_STACK := $(PYTHON_IN) -m local exec
# Tests and checks run on a data folder, ports, limits and settings of their own.
UNSET := -u DATA -u REGISTRATION -u PROFILE -u PUBLIC_URL -u EMAIL_URL -u EMAIL_FROM -u PASSWORD_MIN_LENGTH \
	-u BREACHED_PASSWORDS_FILE -u SESSION_IP_VALIDATION -u SESSION_IP_DUAL_STACK -u TRUSTED_PROXIES
FRESH_STACK := env $(UNSET) PORT=0 RATE_LIMIT_EXEMPT=127.0.0.1 $(IN_STACK) --fresh --

# All tests together are shared out to processes with a stack each, more than most machines have processors, because
# tests also wait; a few that ARGS picks run in one process.
WORKERS := $(if $(ARGS),0,4)

.DEFAULT_GOAL := help
.PHONY: help run demo shell backup base-backup recover restore restore-drill test drill test-compose check docs bench format lock
PAGES := $(wildcard *.md LICENSE bench/README.md docs/*.md docs/decisions/*.md docs/site/* docs/site/*/*)

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: .venv/docs/index.html ## everything on this machine, at http://localhost:8000 (PORT, DATA)
	@$(PYTHON_IN) -m local run

demo: .venv/synced ## fill an account with a year of todos and print its login
	@$(IN_STACK) -- $(PYTHON_IN) manage.py demo

shell: .venv/synced ## a Python shell with the models at hand
	@$(IN_STACK) -- $(PYTHON_IN) manage.py shell

backup: ## save what the containers hold, or have held, into one archive in backups/ (TO)
	@db/archive.sh backup "$(TO)"

base-backup: ## make every moment from now on one that can be recovered (KEEP_DAYS=7)
	@KEEP_DAYS=$(KEEP_DAYS) db/archive.sh base-backup

recover: ## put back what there was at a moment (TO="2026-11-30 18:00:00+00", else the last; OVERWRITE=yes)
	@OVERWRITE=$(OVERWRITE) KEEP_DAYS=$(KEEP_DAYS) db/archive.sh recover "$(TO)"

restore: ## put an archive back into the containers (ARCHIVE, OVERWRITE=yes)
	@OVERWRITE=$(OVERWRITE) db/archive.sh restore "$(ARCHIVE)"

restore-drill: ## restore an archive beside the data, and compare (ARCHIVE, else the newest)
	@db/archive.sh drill $(ARCHIVE)

test: .venv/docs/index.html ## all tests, against real servers (ARGS="-k login" picks some)
	@$(FRESH_STACK) $(PYTHON_IN) -m pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

drill: .venv/docs/index.html ## the long tests at full size: faults, races, fuzzing, soak
	@DRILL=1 $(FRESH_STACK) $(PYTHON_IN) -m pytest -m drill --timeout 0 $(ARGS)

test-compose: .venv/synced ## the same journey through the containers, and their faults (needs Docker)
	@$(PYTHON_IN) -m pytest -m "$(if $(DRILL),compose,compose and not drill)" \
		--numprocesses $(if $(ARGS)$(DRILL),0,2) --dist loadfile tests/compose $(ARGS)

check: .venv/docs/index.html ## style, types, architecture, migrations, schema, nginx, image, documents
	@$(FRESH_STACK) local/check.sh

docs: .venv/docs/index.html ## the site that `make run` serves at /docs/

bench: .venv/bench ## what requests cost, beside other ways to write them (ARGS="--quick")
	@env $(UNSET) PORT=0 RATE_LIMIT_EXEMPT=127.0.0.1 $(PYTHON_IN) -m bench $(ARGS)

format: .venv/synced ## put the code into the one format
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix

lock: .venv/synced ## renew uv.lock with the newest versions that pyproject.toml allows
	@PATH="$$PWD/.tools/bin:$$PATH" uv lock --upgrade

.venv/synced: uv.lock pyproject.toml
	@local/bootstrap.sh

.venv/docs/index.html: .venv/synced $(PAGES)
	@$(PYTHON_IN) docs/site/build.py .venv/docs

.venv/bench: .venv/synced
	@local/bootstrap.sh --group bench
	@touch $@
