# Two commands: `make demo` (the assessment of Mali) and `make test` (everything that must hold).
# Both set up what they need: uv goes into .tools/, the environment into .venv/.
PYTHON ?= python3
UV := PYTHON="$(PYTHON)" sh requirements/uv.sh
TOGUNA := .venv/bin/toguna
DEMO := out/mali-2015-11-24
# Where an environment forbids Python to keep what it compiled, every process compiles 3,000 files anew: 5 s each.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test check docs bench bench-data cluster-demo lock clean

help:
	@echo "make demo    set up, replay the months before, assess Mali as of 24 November 2015"
	@echo "make test    set up, then style, types, layers, shape and tests"
	@echo "make docs    build the documentation into site/"
	@echo "make bench   run the slow scored and timed runs again (bench/results/)"
	@echo "make bench-data  the same for those that read files of UCDP and VIEWS (DATA=folder)"
	@echo "make cluster-demo  replay forecasts of all countries on a scheduler and two workers (TABLE=file)"
	@echo "make lock    renew requirements/*.txt from pyproject.toml"
	@echo "make clean   remove .venv, .tools, out and site"

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

# The scripts of the room. Without a line to the registry make goes on: pages work without scripts.
FRONTEND := frontend/build.py frontend/package-lock.json $(wildcard frontend/src/*.js)
.PHONY: frontend
frontend: .venv/.installed
	@if [ -n "$$(find $(FRONTEND) -newer .venv/.frontend 2>&1 | head -1)" ]; then \
	  .venv/bin/python frontend/build.py && touch .venv/.frontend || true; fi

demo: .venv/.installed frontend
	$(TOGUNA) replay --theatre mali --from 2012-06 --to 2015-10 --runner processes --out out/replay-mali > /dev/null
	$(TOGUNA) assess --theatre mali --as-of 2015-11-24 --out $(DEMO)

test: .venv/.installed-dev frontend
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@echo .venv/bin/mypy  # meanwhile the other core compiles what both workers of pytest will load
	@.venv/bin/pytest --collect-only -qq >/dev/null 2>&1 & .venv/bin/mypy; said=$$?; wait; exit $$said
	.venv/bin/lint-imports
	@sh tests/servers.sh
	.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

docs: .venv/.installed-docs
	.venv/bin/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict --quiet

BENCH := OPENBLAS_NUM_THREADS=1 .venv/bin/python -m
DATA ?= ../shared/data
GED := $(DATA)/ucdp/ucdp_ged_v21_1_global_whereprec12_1989_2020.parquet
COUNTRIES := $(DATA)/bench/ucdp_country_month_alltypes_1989_2021.parquet
VIEWS := $(DATA)/bench/views

bench: .venv/.installed
	for name in shifts_delay shifts_size_power nowcast spread scores plan responses appraisal warnings \
	  ingest kill_ingest room_kill fuzz_table search; do $(BENCH) bench.$$name || exit 1; done
	$(MAKE) .venv/.installed-cluster && $(BENCH) bench.replay
	$(MAKE) .venv/.installed-dev && $(BENCH) bench.room && $(BENCH) bench.room.moving_map

bench-data: .venv/.installed
	@test -f $(GED) || { echo "no UCDP files in $(DATA): say make bench-data DATA=FOLDER (ucdp/, bench/)"; exit 1; }
	$(BENCH) bench.linking --events $(GED)
	$(BENCH) bench.similar
	$(BENCH) bench.recurrence --events $(GED)
	$(BENCH) bench.policies --events $(GED)
	$(BENCH) bench.outlook --panel $(COUNTRIES)
	$(BENCH) bench.country_month --panel $(COUNTRIES)
	$(BENCH) bench.country_month --panel $(COUNTRIES) --years 1999-2014 --json bench/results/country_month_design.json
	$(BENCH) bench.grid_month --events $(GED) --years 2016-2020
	$(BENCH) bench.grid_month --events $(GED) --years 1999-2007 --json bench/results/grid_month_design_1999.json
	$(BENCH) bench.grid_month --events $(GED) --years 2008-2015 --json bench/results/grid_month_design_2008.json
	$(BENCH) bench.views_challenge --actuals $(VIEWS)_challenge_cm_actuals_2018_2021.parquet \
	  --history $(VIEWS)_ged_sb_country_month_2016nov_2021dec.parquet --events $(GED) \
	  --benchmark $(VIEWS)_challenge_cm_conflictology_12draws_2018_2021.parquet \
	  --scoreboard $(VIEWS)_2023_24_challenge_scoreboard.csv

.venv/.installed-cluster: .venv/.installed requirements/cluster.txt
	@$(UV) pip install --quiet --python .venv/bin/python --require-hashes -r requirements/cluster.txt
	@touch $@

cluster-demo: .venv/.installed-cluster
	.venv/bin/python -m bench.cluster_demo --out out/cluster-demo $(if $(TABLE),--table $(TABLE))

lock: .tools/bin/uv
	PYTHON="$(PYTHON)" sh requirements/lock.sh

clean:
	rm -rf .venv .tools out site
