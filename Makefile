# make demo        sets up .venv, runs the bundled demo and prints the paths of its reports
# make test        sets up .venv and runs the tests
# make docs        builds the documentation site in docs/_build/html and prints the path of its first page
# make benchmark   times scoring together with other programs and writes docs/performance.md: about
#                  40 minutes; it needs several GB for their environments, an otherwise idle machine
#                  and, for BPReveal, Python 3.12 on PATH; ONLY=bpnet64,start measures these parts
# make scale       runs the steps on 300,000 regions and writes docs/scale.md
# make coverage    runs this package and its peers on each operation and writes docs/coverage.md
# make reproduction  measures the claims of the DeepLIFT paper on its own model, which ../shared/data
#                  holds, on the demo and on a real model, and writes docs/reproduction.md
# make methods     evaluates and times all methods of attribution on the demo and on a real model, and
#                  writes the table of docs/methods.md that tells which to choose: an hour or more
# make peers       holds all methods against other programs that have them, and writes the table of
#                  docs/methods.md that says how far they agree; it needs some GB for environments
# make package     builds the wheel and the sdist in dist/
# PYTHON=/path/to/python3.12 names another Python than python3.11, on any of these: Python 3.11 to 3.13
PYTHON ?= python3.11
BIN := .venv/bin
RUN := PATH="$(CURDIR)/$(BIN):$$PATH"

.PHONY: demo test lint docs benchmark pins published package notebooks clean
.PHONY: coverage scale reproduction methods peers finemo supply sbom audit outdated pythons

demo: .venv/run
	$(RUN) snakemake --cores all
	@echo
	@echo "Open the demo's report in a browser, and the page above all samples:"
	@ls -1 $(CURDIR)/results/demo/report.html $(CURDIR)/results/index.html

# on all cores, but for the tests that start a SLURM, which takes the cores for itself
test: .venv/dev
ifdef PYTEST
	$(RUN) python -m pytest $(PYTEST)
else
	$(RUN) python -m pytest --numprocesses auto --ignore=tests/cluster
	$(RUN) python -m pytest tests/cluster
endif

lint: .venv/dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) snakefmt --check Snakefile workflow
	$(RUN) snakemake --lint

# a warning is an error; what is built stays, so that the next build is quick
docs: .venv/dev
	$(RUN) python -m sphinx --quiet --fail-on-warning --keep-going --nitpicky --conf-dir docs . docs/_build/html
	@echo "The site: $(CURDIR)/docs/_build/html/index.html"

benchmark: .venv/run
	$(BIN)/python -m benchmarks.attribution $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

.venv/run: envs/requirements.txt pyproject.toml setup.py
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2> /dev/null || { \
	  echo "$(PYTHON) is not there, or is not Python 3.11 to 3.13. Name one that is:" \
	    "make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up .venv: 3 to 10 minutes in which pip says nothing, and 2.5 GB on disk (the download is"
	@echo "several hundred MB)."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --no-deps --require-hashes -r envs/requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	# compiled while the disk has room: Python would cut a module short that a full disk cannot hold
	@$(BIN)/python -m compileall -q deeplift_genomics
	@echo "Compiling what compares motifs: a minute or two."
	$(BIN)/python -m deeplift_genomics.motifs.tomtom
	@touch $@

.venv/dev: .venv/run envs/requirements-dev.txt
	@echo "Adding what the tests need: a minute or two."
	$(BIN)/pip install --quiet --no-deps --require-hashes -r envs/requirements-dev.txt
	@touch $@

# Fi-NeMo in an environment of its own, about 2 GB with a CPU build of torch; without it, the test
# that runs it on our files is skipped
finemo: .venv/finemo/installed

.venv/finemo/installed: envs/finemo.txt .venv/dev
	@echo "Setting up Fi-NeMo and torch for a test; about a minute."
	$(PYTHON) -m venv .venv/finemo
	.venv/finemo/bin/pip install --quiet --no-compile --requirement envs/finemo.txt
	@touch $@

# resolves the pins again after a change in envs/*.in; needs pip-tools. tensorflow is left out:
# tensorflow-cpu is in its place
pins:
	cd envs && for name in requirements requirements-dev supply; do \
	  CUSTOM_COMPILE_COMMAND="make pins" pip-compile --quiet --generate-hashes --unsafe-package tensorflow \
	    --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --no-emit-options -o $$name.txt $$name.in; \
	done

# tools that look at the pins, and that validate the crate of a run, in an environment of their own
supply: .venv/supply/installed

.venv/supply/installed: envs/supply.txt .venv/dev
	@echo "Setting up what looks at the pins; half a minute."
	$(PYTHON) -m venv .venv/supply
	.venv/supply/bin/pip install --quiet --no-compile --no-deps --require-hashes --requirement envs/supply.txt
	@touch $@

# the bill of materials of the pins, in CycloneDX; envs/bill.py joins what cyclonedx-py finds out
CYCLONEDX := .venv/supply/bin/cyclonedx-py

sbom: .venv/supply/installed
	$(CYCLONEDX) environment $(BIN)/python --pyproject pyproject.toml --output-reproducible \
	  --output-file .venv/supply/installed.json
	$(CYCLONEDX) requirements envs/requirements.txt --output-reproducible \
	  --output-file .venv/supply/pins.json
	@$(BIN)/python envs/bill.py \
	  $$($(BIN)/python -c 'from deeplift_genomics.version import __version__; print(__version__)') \
	  .venv/supply/installed.json .venv/supply/pins.json sbom.json

# known vulnerabilities of the pins; needs a network that reaches the database, and fails without
KNOWN := ^tf-keras .* requires tensorflow, which is not installed|^No broken requirements

audit: .venv/supply/installed
	@echo "pip check, but for tf-keras, which asks for tensorflow: tensorflow-cpu is that, by another name"
	@! $(BIN)/pip check | grep -vE '$(KNOWN)'
	@.venv/supply/bin/pip-audit --strict --require-hashes --disable-pip \
	  --requirement envs/requirements.txt || { \
	  echo "Not passed: a pin has a known vulnerability, or could not be audited, as where no network" \
	    "reaches the database. The lines above say which."; exit 1; }

# the tests of the engine, the steps, the settings, and the readers of genomes and regions with other
# Pythons, where they are on PATH or in pyenv; with QUICK=1, a small run of the workflow instead
pythons: .venv/dev
	@for version in 3.12 3.13; do envs/pythons.sh $$version $(if $(QUICK),quick) || exit 1; done

# pins of which there are newer versions
outdated: .venv/run
	$(BIN)/pip list --outdated

# runs the notebooks of docs/notebooks again, on the results of `make demo`, and stores what they show
notebooks: .venv/dev
	cd docs/notebooks && ../../$(BIN)/jupyter execute --inplace *.ipynb

# the schemas, config/config.yaml and the table of config/README.md, made from settings/
published: .venv/run
	$(BIN)/python -m deeplift_genomics.settings.published .

package: .venv/dev
	$(BIN)/python -m build --no-isolation

scale: .venv/run
	$(BIN)/python -m benchmarks.scale $(if $(QUICK),--quick)

reproduction: .venv/run
	$(BIN)/python -m benchmarks.reproduction $(if $(QUICK),--quick)

methods: .venv/run
	$(RUN) python -m benchmarks.methods

peers: .venv/run
	$(RUN) python -m benchmarks.peers_of_methods

COVERAGE := benchmarks/coverage
PEERS := benchmarks/.environments/coverage

coverage: .venv/run $(PEERS)/installed
	$(BIN)/python $(COVERAGE)/ours.py $(COVERAGE)/results/ours.json
	$(PEERS)/bin/python $(COVERAGE)/peers.py $(COVERAGE)/results/peers.json
	$$($(BIN)/python -m benchmarks.attribution.environments bpreveal) $(COVERAGE)/bpreveal_run.py \
	  $(COVERAGE)/results/bpreveal.json
	$(BIN)/python $(COVERAGE)/render.py

$(PEERS)/installed: $(COVERAGE)/requirements.txt
	@echo "Setting up shap, captum and tangermeme; the download is several hundred MB to some GB."
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet -r $(COVERAGE)/requirements.txt
	@touch $@

clean:
	rm -rf .venv build dist results .snakemake benchmarks/.environments docs/_build
