# The one door to everything. `make run` and `make test` need Rust, Node and Debian, nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build ui run test test-faults test-all lint unit e2e bench lighthouse check check-corpus

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

ui/dist/manifest.json: ui/package.json ui/package-lock.json ui/icons.txt $(wildcard ui/*.css ui/*.js ui/*.mjs ui/src/*)
	cd ui && npm ci --no-audit --no-fund --loglevel=error && npm run build --silent

ui: ui/dist/manifest.json ## styles, scripts and icons, into ui/dist

build: ui ## the program, into target/release/aftercare
	cargo build --release --bin aftercare

run: build ## serve a demo company at http://127.0.0.1:8080 (Ctrl+C ends it)
	target/release/aftercare demo

check: ui ## types only, fast
	cargo check --workspace --all-targets

lint: ui
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	cd ui && npm run lint --silent && npm test --silent

unit: ui
	scripts/packages postgresql dovecot-imapd exim4-daemon-light openssl
	scripts/test-postgres start
	scripts/test-mail start
	cargo test --workspace --quiet

e2e: ui
	scripts/packages postgresql chromium fonts-noto-cjk dovecot-imapd exim4-daemon-light openssl
	scripts/test-postgres start
	scripts/test-mail start
	cargo build --bin aftercare
	cd e2e && npm ci --no-audit --no-fund --loglevel=error && npx playwright test

test: lint unit e2e ## format, lints, all tests on both engines, journeys in a real browser

test-faults: ui ## kill, lost database, full disk: no acknowledged case and no letter may be lost
	scripts/packages postgresql dovecot-imapd exim4-daemon-light openssl
	scripts/test-postgres start
	scripts/test-mail start
	cargo build --bin aftercare
	cargo test --package aftercare --test faults -- --nocapture --test-threads=1

test-all: lint unit ## as `test`, with every journey in every language, width, theme and engine
	scripts/packages postgresql chromium fonts-noto-cjk dovecot-imapd exim4-daemon-light openssl
	scripts/test-mail start
	cargo build --bin aftercare
	cd e2e && npm ci --no-audit --no-fund --loglevel=error && AFTERCARE_E2E_ALL=1 npx playwright test

bench: build ## the numbers of the design, as ratios measured in one run
	scripts/packages postgresql dovecot-imapd exim4-daemon-light openssl
	scripts/test-postgres start
	scripts/test-mail start
	cargo build --release --package aftercare --bench numbers
	cargo bench --package aftercare --bench numbers

lighthouse: build ## what Lighthouse says of every page, the bar is 95 of 100: make lighthouse [PAGE=/cases]
	scripts/packages chromium fonts-noto-cjk
	cd e2e/lighthouse && npm ci --no-audit --no-fund --loglevel=error && node measure.mjs $(PAGE)

check-corpus: build ## how well labels are learned: make check-corpus CORPUS=reviews.csv [TEST=others.csv]
	@[ -n "$(CORPUS)" ] || { echo 'name a CSV file with a column "text" and label columns: make check-corpus CORPUS=FILE [TEST=FILE]'; exit 2; }
	target/release/aftercare classify evaluate --train "$(CORPUS)" $(if $(TEST),--test "$(TEST)") --classes
