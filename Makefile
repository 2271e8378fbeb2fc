# Everything one does with a copy of the portal. `make` alone lists the targets.
# Needs make, bash and Python 3.11 or newer with venv; works in a path with spaces and without root.
# Console scripts are never called: the first line of a script cannot name a path with spaces.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.NOTPARALLEL:
.SUFFIXES:
.DEFAULT_GOAL := help

PORT ?= 8000
# Test processes: one per core, four at most (each builds its own database).
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((n > 4 ? 4 : n)))
# More arguments for pytest: make test ARGS='tests/income -k ledger'
ARGS ?=
PYTHON := .venv/bin/python
BABEL := $(PYTHON) -m babel.messages.frontend --quiet
LANGUAGE_FOLDERS := ar en es fr ru zh_Hans

export PYTHONUTF8 := 1
# What a developer's shell may hold must not reach a demonstration or a test.
OWN_SETTINGS := env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE -u SECRET_KEY -u DEBUG -u PORTAL_SECURE \
	-u PORTAL_BOOKS -u ALLOWED_HOSTS -u CSRF_TRUSTED_ORIGINS -u EMAIL_URL
# What Python compiled once is kept, wherever the shell forbids it: each start is seconds sooner.
unexport PYTHONDONTWRITEBYTECODE
DEMO := $(OWN_SETTINGS) -u REDIS_URL PORTAL_MODE=demo PORTAL_DATA_DIR="$(CURDIR)/var" PORT="$(PORT)"
# DATABASE_URL and REDIS_URL are taken where they are given; settings of production may be, too.
STACK := env -u DJANGO_SETTINGS_MODULE -u PORTAL_MODE -u PORTAL_SECURE -u PORTAL_BOOKS -u DEBUG \
	PORTAL_DATA_DIR="$(CURDIR)/var/stack" PORT="$(PORT)"
TEST := $(OWN_SETTINGS) -u PORTAL_DATA_DIR PORTAL_MODE=test

# Shell functions for set-up. The lock file itself, copied into .venv, is the stamp of an install.
define setup
steps=0
step() { steps=$$((steps + 1)); printf '[%d/%d] %s\n' "$$steps" "$(STEPS)" "$$*"; }
fail() { printf '%s\n' "$$*" >&2; exit 1; }

find_python() {
	local name old="" lame=""
	for name in python3.13 python3.12 python3.11 python3 python; do
		"$$name" -c '' 2>/dev/null || continue
		old=$${old:-$$name}
		"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
		lame=$${lame:-$$name}
		if "$$name" -c 'import ensurepip, venv' 2>/dev/null; then echo "$$name"; return; fi
	done
	if [ -n "$$lame" ]; then
		fail "$$lame cannot make virtual environments: venv is missing. On Debian or Ubuntu: apt install python3-venv"
	elif [ -n "$$old" ]; then
		fail "The portal needs Python 3.11 or newer; $$old is $$("$$old" -V 2>&1)."
	fi
	fail "No Python was found. The portal needs Python 3.11 or newer. On Debian or Ubuntu: apt install python3-venv"
}

environment() {
	if [ ! -e .venv/installing ] && "$(PYTHON)" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
	then step "Virtual environment .venv: there"; return; fi
	local python; python=$$(find_python)
	step "Making the virtual environment .venv with $$("$$python" -V)"
	rm -rf .venv
	"$$python" -m venv .venv
}

# Reads what pip says and prints a line now and then.
progress() {
	local first rest count=0
	while read -r first rest; do
		case $$first in
		Collecting) count=$$((count + 1)); [ $$((count % 10)) -ne 0 ] || printf '      %d of %d fetched\n' "$$count" "$$1" ;;
		Installing) printf '      unpacking\n' ;;
		esac
	done
}

# A left-over .venv/installing means that an install was cut off: then .venv is made anew.
install() {
	local lock=$$1 total
	if cmp -s "$$lock" ".venv/$$lock"; then step "Packages of $$lock: unchanged"; return; fi
	total=$$(grep -c '^[a-z].*==' "$$lock")
	step "Installing $$total packages of $$lock (a minute or two the first time) ..."
	touch .venv/installing
	if PYTHONUNBUFFERED=1 "$(PYTHON)" -m pip install --require-hashes --disable-pip-version-check --no-input \
		--progress-bar off -r "$$lock" 2>&1 | tee .venv/install.log | progress "$$total"
	then cp "$$lock" ".venv/$$lock"; rm .venv/installing; return; fi
	rm .venv/installing
	tail -n 8 .venv/install.log >&2
	fail "The packages of $$lock could not be installed (the whole account: .venv/install.log). Is there a network? Then run make again."
}

catalogues() {
	local source old=""
	for source in locale/*/LC_MESSAGES/django.po; do
		[ ! -e "$$source" ] || [ "$${source%.po}.mo" -nt "$$source" ] || old=yes
	done
	if [ -z "$$old" ]; then step "Message catalogues: unchanged"; return; fi
	step "Compiling the message catalogues"
	$(BABEL) compile -D django -d locale
}

# Two makes at once take turns.
take_turns() {
	exec 9>.setup.lock
	if command -v flock >/dev/null && ! flock -n 9; then echo "Waiting for another make to finish its set-up ..."; flock 9; fi
}
prepare() {
	take_turns
	environment
	local lock; for lock in "$$@"; do install "$$lock"; done
	catalogues
	exec 9>&-
}
endef

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-19s %s\n' "$$name" "$$text"; done

.PHONY: run
run: STEPS := 4
run: ## Set up what is missing and start the demonstration on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(setup)
	prepare requirements.txt
	step "Preparing the demonstration in ./var and starting the portal"
	exec $(DEMO) "$(PYTHON)" manage.py serve --set-up

.PHONY: stack
stack: STEPS := 4
stack: ## Run the portal as in production on this machine: PostgreSQL, Redis, gunicorn, Celery (PORT=8001 for another port)
	@$(setup)
	prepare requirements.txt
	step "Starting the stack in ./var/stack"
	exec $(STACK) "$(PYTHON)" -m habitat_portal.stack

.PHONY: test
test: STEPS := $(if $(filter true 1,$(CI)),6,5)
test: ## Run the tests on SQLite; with CI=true also those of PostgreSQL, Redis and the browser, and none may be missing
	@$(setup)
	prepare requirements.txt requirements-dev.txt
	run_tests() { $(TEST) "$(PYTHON)" -m pytest -n "$(WORKERS)" --dist loadfile --no-loadscope-reorder "$$@" $(ARGS); }
	case $${CI:-} in
	true|1)
		[ -n "$${DATABASE_URL_TEST_POSTGRES:-}" ] || fail "CI needs PostgreSQL: DATABASE_URL_TEST_POSTGRES is not set."
		step "Testing on SQLite"
		# tests/house has run in make check.
		run_tests --durations=20 --ignore=tests/house -m "not postgres and not whole"
		step "Testing on PostgreSQL what depends on the database"
		export TEST_DATABASE_URL=$$DATABASE_URL_TEST_POSTGRES
		run_tests --durations=20 -m "(postgres or both_databases) and not whole" ;;
	*)
		step "Testing on SQLite"
		run_tests -m "not slow and not whole" ;;
	esac

.PHONY: test-all
test-all: STEPS := 5
test-all: ## Run every test, the slow ones too; what is not on this machine is skipped with its reason
	@$(setup)
	prepare requirements.txt requirements-dev.txt
	step "Testing"
	exec $(TEST) FUZZED_FILES="$${FUZZED_FILES:-10000}" "$(PYTHON)" -m pytest -n "$(WORKERS)" --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: pictures
pictures: STEPS := 5
pictures: ## Walk the tours of docs/tours and make their pictures anew (needs Chromium)
	@$(setup)
	prepare requirements.txt requirements-dev.txt
	step "Making pictures"
	exec $(TEST) PICTURES="$(CURDIR)/docs/pictures" "$(PYTHON)" -m pytest -q tests/browser/test_tours.py

# Measures with the packages of a user's copy and the peer's, in an environment of its own.
define bench
environment_of_bench() {
	if cmp -s <(cat requirements.txt requirements-bench.txt) .venv-bench/installed; then return; fi
	step "Installing requirements.txt and requirements-bench.txt into .venv-bench (some minutes the first time)"
	local python; python=$$(find_python)
	rm -rf .venv-bench
	"$$python" -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --require-hashes --disable-pip-version-check --no-input \
		-r requirements.txt -r requirements-bench.txt || fail "The packages could not be installed. Is there a network?"
	cat requirements.txt requirements-bench.txt >.venv-bench/installed
}
measure() {
	step "Measuring: $$*"
	env -u TEST_DATABASE_URL $(OWN_SETTINGS) .venv-bench/bin/python -P bench/run.py "$$@" $(ARGS)
}
endef

.PHONY: bench
bench: STEPS := 2
bench: ## Measure the portal beside its rivals with little data (half an hour; ARGS='figures posting' for some of it)
	@$(setup)
	$(bench)
	environment_of_bench
	measure --size small

.PHONY: bench-large
bench-large: STEPS := 2
bench-large: ## The same with up to 10,000,000 entries, and write docs/performance.md anew (some hours)
	@$(setup)
	$(bench)
	environment_of_bench
	measure --size large --write

.PHONY: bench-load
bench-load: STEPS := 2
bench-load: ## Let 200 Board members read and 20 officers post at once for five minutes (needs PostgreSQL and Redis)
	@$(setup)
	$(bench)
	environment_of_bench
	step "Measuring many people at once"
	env -u DJANGO_SETTINGS_MODULE -u PORTAL_MODE .venv-bench/bin/python -P bench/load.py $(ARGS)

.PHONY: check
check: STEPS := 5
check: ## Check format, lint, types, house rules (floors, sizes, documents), migrations, templates, deployment
	@$(setup)
	prepare requirements.txt requirements-dev.txt
	step "Checking"
	failed=()
	output=$$(mktemp); trap 'rm -f "$$output"' EXIT
	check() {
		local name=$$1 started=$${EPOCHREALTIME//[^0-9]/} verdict=ok tenths; shift
		"$$@" >"$$output" 2>&1 </dev/null || { verdict=FAILED; failed+=("$$name"); }
		tenths=$$(( ($${EPOCHREALTIME//[^0-9]/} - started) / 100000 ))
		printf '  %-22s %-6s %4d.%d s\n' "$$name" "$$verdict" $$((tenths / 10)) $$((tenths % 10))
		[ "$$verdict" = ok ] || sed 's/^/      /' "$$output"
	}
	check "format" "$(PYTHON)" -m ruff format --check .
	check "lint" "$(PYTHON)" -m ruff check .
	check "types" $(TEST) "$(PYTHON)" -m mypy
	check "house rules" $(TEST) "$(PYTHON)" -m pytest tests/house -q
	check "missing migrations" $(TEST) DATABASE_URL=sqlite://:memory: "$(PYTHON)" manage.py makemigrations --check --dry-run
	check "templates" "$(PYTHON)" -m djlint templates --lint --quiet
	secret=$$("$(PYTHON)" -c 'import secrets; print(secrets.token_urlsafe(64))')
	check "deployment" $(OWN_SETTINGS) PORTAL_MODE=production PORTAL_SECURE=1 SECRET_KEY="$$secret" \
		ALLOWED_HOSTS=portal.example.org CSRF_TRUSTED_ORIGINS=https://portal.example.org \
		DATABASE_URL=postgres://portal@127.0.0.1:5432/portal REDIS_URL=redis://127.0.0.1:6379/0 \
		PORTAL_ADDRESS=https://portal.example.org EMAIL_URL=smtp+tls://portal:secret@mail.example.org:587 \
		"$(PYTHON)" manage.py check --deploy --fail-level WARNING
	if [ $${#failed[@]} -gt 0 ]; then printf -v list ', %s' "$${failed[@]}"; fail "Failed: $${list:2}"; fi
	echo "All checks passed."

.PHONY: check-deps
check-deps: STEPS := 2
check-deps: ## Ask whether a locked package has a known vulnerability (needs a network)
	@$(setup)
	step "Fetching pip-audit into var/audit"
	python=$$(find_python)
	mkdir -p var
	if ! { var/audit/bin/python -c 'import pip_audit' 2>/dev/null || { rm -rf var/audit && "$$python" -m venv var/audit \
		&& var/audit/bin/python -m pip install --quiet --disable-pip-version-check --no-input pip-audit==2.10.1; }; }
	then echo "Warning: pip-audit could not be fetched, so nothing was checked."; exit 0; fi
	step "Asking for known vulnerabilities"
	answer=0
	for lock in requirements.txt requirements-dev.txt; do
		report=$$(var/audit/bin/python -m pip_audit --progress-spinner off --disable-pip --require-hashes -r "$$lock" 2>&1) && status=0 || status=$$?
		if [ "$$status" -eq 0 ]; then echo "  $$lock: no known vulnerability"
		elif grep -qiE 'connection|resolve|timed out|unreachable|ServiceError' <<<"$$report"; then echo "Warning: the service could not be reached, so $$lock was not checked."
		else printf '%s\n' "$$report"; answer=1; fi
	done
	exit "$$answer"

.PHONY: fix
fix: STEPS := 5
fix: ## Format the source and mend what the linter can mend
	@$(setup)
	prepare requirements.txt requirements-dev.txt
	step "Formatting and mending"
	"$(PYTHON)" -m ruff format .
	"$(PYTHON)" -m ruff check --fix .

.PHONY: messages
messages: STEPS := 4
messages: ## Collect the texts of source and templates into the catalogues of the six languages
	@$(setup)
	prepare requirements.txt
	step "Collecting texts into locale/"
	mkdir -p var
	$(BABEL) extract -F pyproject.toml --add-location file --sort-output --no-wrap -c Translators: \
		--project "Habitat Portal" --version 1 \
		--header-comment "# Texts of the Habitat Portal. SPDX-License-Identifier: Apache-2.0" \
		-k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2 -k npgettext_lazy:1c,2,3 -o var/django.pot .
	for folder in $(LANGUAGE_FOLDERS); do
		catalogue=locale/$$folder/LC_MESSAGES/django.po
		mkdir -p "$${catalogue%/*}"
		if [ -e "$$catalogue" ]; then
			$(BABEL) update -D django -d locale -l "$$folder" -i var/django.pot --no-fuzzy-matching --no-wrap --ignore-pot-creation-date
		else $(BABEL) init -D django -d locale -l "$$folder" -i var/django.pot --no-wrap; fi
		sed -i -E '/^"(Report-Msgid-Bugs-To|Last-Translator|Language-Team): /d' "$$catalogue"  # Babel's blanks
		printf '      %-8s %d texts\n' "$$folder" "$$(($$(grep -c '^msgid ' "$$catalogue") - 1))"
	done

.PHONY: compile
compile: STEPS := 3
compile: ## Compile the message catalogues
	@$(setup)
	prepare requirements.txt

.PHONY: lock
lock: ## Write the locks anew from requirements*.in (needs uv and a network)
	@command -v uv >/dev/null || { echo "uv was not found: see https://docs.astral.sh/uv/" >&2; exit 1; }
	for name in requirements requirements-telemetry requirements-dev requirements-bench; do
		uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate -o "$$name.txt" "$$name.in"
		echo "$$name.txt written"
	done

.PHONY: reset
reset: ## Remove ./var: the demonstration's database, files and secret key (not the virtual environment)
	@echo "Removing $(CURDIR)/var: the demonstration's database, files and secret key. The next make run makes them anew."
	rm -rf var

.PHONY: clean
clean: ## Remove what checks, tests and Python leave behind (not ./var, not the virtual environment)
	@find . -path "./.venv*" -prune -o -path ./.git -prune -o -path ./var -prune -o -type d -name __pycache__ -exec rm -rf {} +
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache locale/*/LC_MESSAGES/django.mo .setup.lock
