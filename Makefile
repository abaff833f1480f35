# Everything is installed below this folder: packages in .venv, browser assets in core/web/static/dist, and a note in
# .state of what is done, so that a second run does only what a change asks for.

SHELL := bash
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --silent

PYTHON_IN_VENV := .venv/bin/python
PIP_INSTALL := $(PYTHON_IN_VENV) -m pip install -qq --no-compile --no-build-isolation
FRONTEND := core/web/frontend
ASSETS := core/web/static/dist/manifest.json
CATALOGUES := $(patsubst %.po,%.mo,$(shell find core plugins admin -name node_modules -prune -o -name '*.po' -print))

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# What a person has set for other projects is not to reach into this one.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX NODE_ENV

# Node trusts its own list of authorities; behind a company's proxy it has to trust the machine's, as pip does.
NODE_EXTRA_CA_CERTS ?= $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt))
export NODE_EXTRA_CA_CERTS

# Notes about an environment that is gone are worth nothing.
ifeq ($(wildcard .venv/pyvenv.cfg),)
  FORGOTTEN := $(shell rm -rf .state)
endif

.PHONY: help setup demo test verify lock clean

help: ## list the commands
	sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile

setup: ## install everything and build the browser assets
	$(MAKE) -j4 .state/project .state/compiled $(ASSETS) $(CATALOGUES)

demo: setup ## make the demo station and serve it on 127.0.0.1:8000
	.venv/bin/weibao demo

test: setup ## run every check and every test
	$(MAKE) .state/dev
	chromium=$$(.ci/chromium) && WEIBAO_CHROMIUM=$$chromium $(PYTHON_IN_VENV) tests/checks.py

verify: setup ## run what is too long for every commit, and write core/docs/verification.md; ONLY="feeds" chooses steps
	$(MAKE) .state/dev
	.ci/calendars
	chromium=$$(.ci/chromium) && WEIBAO_CHROMIUM=$$chromium $(PYTHON_IN_VENV) tests/verify.py $(ONLY)

lock: ## write the lock files anew from pyproject.toml; UPGRADE=--upgrade takes newer versions
	$(MAKE) .state/lock/bin/uv
	compile=".state/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate $(UPGRADE)"; \
	$$compile --group build -o requirements-build.lock >/dev/null; \
	$$compile --group node -o requirements-node.lock >/dev/null; \
	$$compile pyproject.toml -o requirements.lock >/dev/null; \
	$$compile pyproject.toml --group dev -o requirements-dev.lock >/dev/null

clean: ## remove everything that was installed or built
	rm -rf .venv .state $(FRONTEND)/node_modules $(dir $(ASSETS)) $(CATALOGUES)

.state/venv: requirements-build.lock
	.ci/venv
	mkdir -p .state && touch $@

.state/packages: .state/venv requirements.lock
	echo "Installing packages (170 MB the first time)"
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	touch $@

.state/project: .state/packages pyproject.toml
	$(PIP_INSTALL) --no-deps --no-index --editable .
	touch $@

.state/compiled: .state/project $(wildcard core/planning/anneal/*.py)
	echo "Compiling the planner for this machine (about half a minute)"
	$(PYTHON_IN_VENV) -m core.planning.compilation
	touch $@

.state/dev: .state/project requirements-dev.lock
	echo "Installing what tests need"
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	touch $@

.state/node: .state/venv requirements-node.lock
	.ci/node
	touch $@

$(FRONTEND)/node_modules/.package-lock.json: .state/node $(addprefix $(FRONTEND)/,package.json package-lock.json .npmrc)
	echo "Installing browser packages"
	npm --prefix $(FRONTEND) ci --loglevel=error >/dev/null
	touch $@

$(ASSETS): $(FRONTEND)/node_modules/.package-lock.json $(FRONTEND)/build.mjs $(wildcard $(FRONTEND)/src/*)
	npm --prefix $(FRONTEND) run --loglevel=error build >/dev/null

%.mo: %.po | .state/packages
	pybabel --quiet compile --input-file $< --output-file $@

.state/lock/bin/uv:
	$$(.ci/python) -m venv .state/lock
	.state/lock/bin/python -m pip install -qq uv
