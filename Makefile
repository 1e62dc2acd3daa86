# Two commands: `make demo` (the assessment of Mali) and `make test` (everything that must hold).
# Both set up what they need: uv goes into .tools/, the environment into .venv/.
PYTHON ?= python3
UV := PYTHON="$(PYTHON)" sh requirements/uv.sh
TOGUNA := .venv/bin/toguna
DEMO := out/mali-2015-11-24

.PHONY: help demo test check docs bench cluster-demo lock clean

help:
	@echo "make demo    set up, replay the months before, assess Mali as of 24 November 2015"
	@echo "make test    set up, then style, types, layers, shape and tests"
	@echo "make docs    build the documentation into site/"
	@echo "make bench   run the slow scored and timed runs again (bench/results/)"
	@echo "make cluster-demo  replay forecasts of all countries on a scheduler and two workers (TABLE=file)"
	@echo "make lock    renew requirements/*.txt from pyproject.toml"
	@echo "make clean   remove .venv, .tools and out"

.tools/bin/uv: requirements/uv.txt
	@PYTHON="$(PYTHON)" sh requirements/bootstrap.sh

.venv/.installed: .tools/bin/uv requirements/run.txt pyproject.toml
	@echo "setting up .venv (the first time downloads some hundred MB of packages)"
	@test -x .venv/bin/python || $(UV) venv --quiet --python "$(PYTHON)" .venv
	@$(UV) pip install --quiet --python .venv/bin/python --require-hashes -r requirements/run.txt
	@$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements/dev.txt
	@$(UV) pip install --quiet --python .venv/bin/python --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.installed-docs: .venv/.installed requirements/docs.txt
	@$(UV) pip install --quiet --python .venv/bin/python --require-hashes -r requirements/docs.txt
	@touch $@

demo: .venv/.installed
	$(TOGUNA) replay --theatre mali --from 2012-06 --to 2015-10 --runner processes --out out/replay-mali > /dev/null
	$(TOGUNA) assess --theatre mali --as-of 2015-11-24 --out $(DEMO)

test: .venv/.installed-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest -n 2 --dist loadfile

docs: .venv/.installed-docs
	.venv/bin/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict --quiet

bench: .venv/.installed
	OPENBLAS_NUM_THREADS=1 .venv/bin/python -m bench.shifts_delay
	OPENBLAS_NUM_THREADS=1 .venv/bin/python -m bench.shifts_size_power
	OPENBLAS_NUM_THREADS=1 .venv/bin/python -m bench.nowcast
	$(MAKE) .venv/.installed-cluster && .venv/bin/python -m bench.replay
	.venv/bin/python -m bench.ingest
	.venv/bin/python -m bench.kill_ingest
	.venv/bin/python -m bench.fuzz_table

.venv/.installed-cluster: .venv/.installed requirements/cluster.txt
	@$(UV) pip install --quiet --python .venv/bin/python --require-hashes -r requirements/cluster.txt
	@touch $@

cluster-demo: .venv/.installed-cluster
	.venv/bin/python -m bench.cluster_demo --out out/cluster-demo $(if $(TABLE),--table $(TABLE))

lock: .tools/bin/uv
	PYTHON="$(PYTHON)" sh requirements/lock.sh

clean:
	rm -rf .venv .tools out site
