# `make run` serves, `make test` is what CI runs, `make help` lists the rest.

.PHONY: run build test bench format lint generate docs help
.DEFAULT_GOAL := help

run: ## Install what is missing, build in release mode and serve
	@.ci/install run
	@swift build -c release --product gatehouse
	@exec .build/release/gatehouse serve

build: ## Build everything in debug mode, warnings being errors
	@.ci/install run
	@GATEHOUSE_WARNINGS_AS_ERRORS=1 swift build --build-tests

test: ## Every check and test
	@.ci/install test
	@.ci/test

bench: ## Measure this machine's limits and ours
	@.ci/install test
	@swift build -c release
	@Tests/Benchmarks/run

format: ## Format all Swift files in place
	@swift format --in-place --parallel --recursive Package.swift Protos/Generator/Sources Sources Tests Web

lint: ## The checks that need no build
	@.ci/test format house-rules

generate: ## Write the generated files anew from Protos
	@.ci/install test
	@Protos/Generator/generate

docs: ## Write the references of settings and commands in README.md anew
	@swift build --product gatehouse
	@.ci/update-readme .build/debug/gatehouse

help: ## This list
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
