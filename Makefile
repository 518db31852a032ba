# What a person types. Each target installs what is missing and says what it does.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
JOBS ?= 2
SOURCES := Package.swift Sources Tests
# Without symbols; nothing looks any up by name, so none is exported, and what nobody calls can go.
LINK := -Xlinker -s -Xlinker --no-export-dynamic -Xlinker --icf=safe

.PHONY: help deps deps-test demo build test format lint bench fuzz crash sanitize simulate mutants

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

deps:
	@.ci/install-dependencies build

deps-test:
	@.ci/install-dependencies build test

demo: deps ## Watch an alert become a contained pod, in a rehearsal world: no account, no cluster
	@echo "make demo: building, then rehearsing one incident from alert to undo"
	@swift build -c release --product firebreak -j $(JOBS) 2>&1 | .ci/quiet-build
	@.build/release/firebreak demo

build: deps ## Release build, stripped, Swift runtime linked in: .build/release/firebreak
	@swift build -c release --product firebreak --static-swift-stdlib $(LINK) -j $(JOBS)
	@ls -l .build/release/firebreak

test: deps-test ## Format check, build, and all tests; the test runner's summary comes last
	@echo "make test: lint, build, test"
	@swift format lint --strict -r -p $(SOURCES)
	@swift build --build-tests -j $(JOBS) 2>&1 | .ci/quiet-build
	@.ci/python-path swift test --skip-build --disable-xctest 2>&1 | .ci/quiet-tests

format: ## Rewrite sources in the project's format
	@swift format -i -r -p $(SOURCES)

lint: ## Check the format and the playbooks
	@swift format lint --strict -r -p $(SOURCES)
	@swift build --product firebreak -j $(JOBS) 2>&1 | .ci/quiet-build
	@.build/debug/firebreak playbook check playbooks

bench: deps-test ## Event to first write, size, memory, HTTP, signatures, alerts and durable commits, each beside its measure
	@Tests/Benchmarks/run

fuzz: deps ## libFuzzer on every parser; SECONDS_EACH=600 each unless told
	@.ci/fuzz

crash: deps-test ## Kill live runs at every system call that writes, and judge what is left
	@swift build --build-tests -j $(JOBS) 2>&1 | .ci/quiet-build
	@FIREBREAK_ALL_CRASHES=1 .ci/python-path swift test --skip-build --disable-xctest --filter CrashTests 2>&1 | .ci/quiet-tests

sanitize: deps-test ## The tests of the C wrappers and parsers under AddressSanitizer
	@ASAN_OPTIONS=detect_leaks=0 swift test --scratch-path .build-asan --sanitize=address --disable-xctest \
	  --filter 'YAMLTreeTests|OpenSSLCryptoTests|SQLiteStoreTests|HostTests|VocabularyTests|PlaybooksTests'

simulate: deps-test ## Whole runs with crashes, faults and strangers; FIREBREAK_SEEDS=10000 unless told, SEED=n for one
	@FIREBREAK_SIMULATION=1 swift build --build-tests -c release --scratch-path .build-simulation -j $(JOBS) 2>&1 \
	  | .ci/quiet-build
	@FIREBREAK_SIMULATION=1 FIREBREAK_SEEDS=$${FIREBREAK_SEEDS:-10000} swift test -c release --skip-build \
	  --scratch-path .build-simulation --disable-xctest --filter SimulationTests 2>&1 | .ci/quiet-tests

mutants: deps-test ## Put one fault at a time into a copy; the simulation has to notice each
	@Tests/Simulation/mutants
