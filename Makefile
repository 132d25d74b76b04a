# The two commands are `make run` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
PYTHON := /usr/bin/python3

.PHONY: help
help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## installs, builds and starts the daemon with a simulated cohort; ONCE=1 ends by itself with a summary
	@tools/setup
	@tools/build release cellvigild cellvigilctl
	@$(PYTHON) tools/run

.PHONY: test
test: ## installs, builds and runs every test
	@tools/setup test
	@tools/build dev
	@tools/test dev

.PHONY: bench
bench: ## measures the shipped build (built twice: see docs/contributing.md); writes bench-results.json
	@tools/setup test
	@CELLVIGIL_BENCH=ON tools/build shipped cellvigild cellvigilctl cellvigil_benchmarks
	@$(PYTHON) bench/run.py

.PHONY: lint
lint: ## layout, contract, clang-tidy on what changed (ALL=1: on everything), cppcheck, shell scripts
	@tools/setup test dev
	@tools/lint

.PHONY: kit
kit: ## dashboards, Dockerfile, compose file, Helm chart; PACKAGE=1 also builds the .deb and follows docs/operations.md on a clean Debian
	@tools/setup test dev
	@tools/kit

.PHONY: format
format: ## lays out all C++ and protobuf files
	@tools/setup dev
	@git ls-files '*.h' '*.cc' '*.proto' | xargs -r -P $(JOBS) -n 20 clang-format-14 -i

.PHONY: fuzz
fuzz: ## every fuzzer for SECONDS (default 60)
	@tools/setup test dev
	@tools/build fuzz
	@tools/fuzz $${SECONDS_EACH:-60}

.PHONY: asan
asan: ## the unit tests under the address and undefined-behaviour sanitizers
	@tools/setup test
	@tools/build asan
	@tools/test asan

.PHONY: tsan
tsan: ## the unit tests under the thread sanitizer
	@tools/setup test dev
	@tools/build tsan
	@tools/test tsan

.PHONY: clean
clean: ## removes what was built and the data of `make run`
	rm -rf build .run bench-results.json
