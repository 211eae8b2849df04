# Two commands matter: `make run` and `make test`. The rest is for those who build.
.PHONY: help run test demo bench screenshots lint types layers api law check lock clean

PORT ?= 8000
VENV := .venv/bin

help:
	@echo "make run    the system on http://127.0.0.1:$(PORT), with synthetic demo data"
	@echo "make test   the whole suite"
	@echo "make demo   [ROSTER=file.csv] [OUT=folder]  import, commit, draw, bundle, verify; headless"
	@echo "make demo STAGE=inspection [OUT=folder]  from the plan to published results and opened names; headless"
	@echo "make screenshots  the pictures of the user guide, from the browser tests"
	@echo "make bench  [NAME=…]  measure; quick by default"

run:
	@tools/prepare.sh base
	@tools/prepare.sh front
	@$(VENV)/xiezhi run --port $(PORT) --demo

test:
	@tools/prepare.sh dev
	@tools/prepare.sh front
	@$(VENV)/python tools/suite.py

# The papers of a visit are set in the fonts that come with the front end.
demo:
	@tools/prepare.sh base
	@$(if $(filter inspection,$(STAGE)),tools/prepare.sh front,:)
	@$(VENV)/xiezhi demo --stage $(or $(STAGE),draw) $(if $(ROSTER),--roster "$(ROSTER)") $(if $(OUT),--out "$(OUT)")

bench:
	@tools/prepare.sh dev
	@$(VENV)/python benchmarks/run.py $(NAME)

# The pictures of docs/user-guide.zh.md, from the browser tests; Debian's chromium-l10n makes date fields Chinese.
screenshots:
	@tools/prepare.sh dev
	@tools/prepare.sh front
	@mkdir -p docs/images
	@XIEZHI_SCREENSHOTS="$(CURDIR)/docs/images" $(VENV)/python -m pytest -q tests/browser --ignore=tests/browser/test_access.py --ignore=tests/browser/test_shell.py

lint:
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .

types:
	@$(VENV)/mypy

layers:
	@$(VENV)/lint-imports --no-logo

api:
	@$(VENV)/xiezhi openapi --check

law:
	@$(VENV)/xiezhi legal-basis --check

check: lint types layers api law
	@$(VENV)/xiezhi makemigrations --check --dry-run

lock:
	@tools/lock.sh

clean:
	rm -rf .venv var frontend/node_modules src/xiezhi/web/static/dist
