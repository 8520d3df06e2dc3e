# Linekeeper's Makefile: `make help` lists what it can do. demo, test and lab
# do all their own set-up on a fresh Debian 12 with Go, Node and make, as root.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-builtin-rules --no-print-directory

# What is built or fetched once and kept between clones.
LINEKEEPER_CACHE ?= $(HOME)/.cache/linekeeper
export LINEKEEPER_CACHE

# Pinned tools: the version stands in deploy/tools/go.mod and nowhere else.
pin      = $(shell awk '$$1 == "$(1)" {print $$2}' deploy/tools/go.mod)
GOLANGCI := $(LINEKEEPER_CACHE)/bin/golangci-lint-$(call pin,github.com/golangci/golangci-lint/v2)
CODEGEN  := $(LINEKEEPER_CACHE)/bin/oapi-codegen-$(call pin,github.com/oapi-codegen/oapi-codegen/v2)
SQLC     := $(LINEKEEPER_CACHE)/bin/sqlc-$(call pin,github.com/sqlc-dev/sqlc)

WEB         := agentdesk/web
WEB_SOURCES := $(shell find $(WEB) \( -name node_modules -o -name dist \) -prune -o -type f ! -name '*.go' -print)
# The binary names its commit, if there is one to name.
VCS         := $(if $(shell git rev-parse --verify --quiet HEAD 2>/dev/null),true,false)
GO_BUILD    := CGO_ENABLED=0 go build -trimpath -buildvcs=$(VCS) -ldflags "-s -w"

# Tests run shuffled and in UTC. PKG, RUN and BENCH narrow a run down:
#   make unit PKG=./queue/... RUN=Offer
PKG   ?= ./...
RUN   ?=
BENCH ?= .
TEST_ARGS := -shuffle=on $(if $(RUN),-run=$(RUN))
E2E       := ./cmd/linekeeper/e2e/...
# The end-to-end tests in two parts that take about as long, each with a lab of its own,
# beside each other; then the one whose ten desks need the whole machine.
APART     := ^Test(Conformance|FollowUp|Outbound|Queue|Recordings|TheControlsOfACall|TollFraud|TooManyNumbers|AnothersCall|WordsThatAreScripts|APhoneOfTheirOwn|ALineAfterItsSession|RacesAtTheDesk|Strategies|Lines|HandOver|WhatGoesWrongAtADesk|ADeskWithoutAMouse|WhatIsWrittenOnACallStays|APageThatIsClosed|WhoSingleSignOnRefuses)
ALONE     := ^TestTenDesks
HALVES     = -run '$(APART)' $(E2E) -args -half=1 ++ -skip '$(APART)|$(ALONE)' $(E2E) -args -half=2 -- -run '$(ALONE)' $(E2E)

##@ Run it

.PHONY: demo
demo: bin/linekeeper ## lab up, simulated callers and agents, console URL and logins; until Ctrl-C
	@deploy/tools/need root
	exec bin/linekeeper demo

.PHONY: lab
lab: bin/linekeeper ## the whole stack up in the background; writes .lab/env; returns when healthy
	@deploy/tools/need root
	bin/linekeeper lab up

.PHONY: lab-down
lab-down: ## the lab down, nothing of it left running
	@deploy/tools/need root
	@[ -x bin/linekeeper ] || $(MAKE) bin/linekeeper
	bin/linekeeper lab down

##@ Check it

.PHONY: test
test: lint web-test bin/linekeeper bin/testsum ## everything: lint, unit, integration, end to end; no test may be skipped
	@deploy/tools/need root
	bin/linekeeper lab setup
	all=$$(go list ./...) && e2e=$$(go list $(E2E)) && \
	TZ= LINEKEEPER_BINARY=$(CURDIR)/bin/linekeeper bin/testsum -noskip -args "$(TEST_ARGS) -timeout 25m" $$(grep -vxF "$$e2e" <<<"$$all") -- $(HALVES)

.PHONY: check
check: lint unit web-test ## lint and unit tests only: fast, needs no rights and no services

.PHONY: unit
unit: bin/testsum ## Go tests that need nothing but Go (-short leaves the others out); PKG= RUN=
	TZ= bin/testsum -args "-short $(TEST_ARGS)" $(PKG)

.PHONY: e2e
e2e: bin/linekeeper bin/testsum ## the end-to-end tests alone: sipp, Asterisk, Chromium; RUN=
	@deploy/tools/need root
	bin/linekeeper lab setup
	TZ= LINEKEEPER_BINARY=$(CURDIR)/bin/linekeeper bin/testsum -noskip -args "$(TEST_ARGS) -timeout 25m" $(if $(RUN),$(E2E),$(HALVES))

.PHONY: race
race: ## unit tests under the race detector (needs gcc); PKG= RUN=
	@deploy/tools/need go
	TZ= CGO_ENABLED=1 go test -race -short -shuffle=on -run '$(RUN)' $(PKG)

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (5s)
	@deploy/tools/need go
	@grep -rHo --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]*' . \
	| while IFS=: read -r file fn; do \
	    echo "$${file%/*} $${fn#func }"; \
	    go test -run '^$$' -fuzz "^$${fn#func }\$$" -fuzztime $${FUZZTIME:-5s} "$${file%/*}" </dev/null; \
	  done

.PHONY: bench
bench: ## every Go benchmark, with allocations; PKG= BENCH=
	@deploy/tools/need go
	TZ= go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 60m $(PKG)

.PHONY: lint
lint: $(GOLANGCI) $(WEB)/node_modules/.package-lock.json ## golangci-lint, and Biome for the console
	$(GOLANGCI) run ./...
	cd deploy/tools && $(GOLANGCI) run --config ../../.golangci.yml ./testsum/...
	cd $(WEB) && npm run --silent lint

.PHONY: format
format: $(GOLANGCI) ## format the Go code as lint wants it
	$(GOLANGCI) fmt ./...

.PHONY: web-test
web-test: $(WEB)/node_modules/.package-lock.json ## the console's unit tests
	cd $(WEB) && TZ= npm run --silent test

.PHONY: axe
axe: $(WEB)/dist/index.html ## every view of the console, light, dark, narrow: axe (WCAG 2.2 AA), fit, movement, pictures; 5 minutes; needs Chromium
	cd $(WEB) && npm run --silent axe

##@ Measure it

.PHONY: bench-queue
bench-queue: ## decision time of the queue at 10,000 waiting x 5,000 agents, beside app_queue's algorithm
	@deploy/tools/need go
	TZ= go test ./queue -run '^$$' -bench 'Floor$$' -benchtime 100000x -timeout 30m
	TZ= go test ./queue -run '^$$' -bench 'FloorMemory|FloorYardstick' -timeout 30m

.PHONY: bench-asterisk
bench-asterisk: bin/linekeeper ## head to head with app_queue on one Asterisk: latency, rate, CPU; 15 minutes; .lab/bench
	@deploy/tools/need root
	bin/linekeeper bench asterisk

.PHONY: bench-restart
bench-restart: bin/linekeeper ## a crash of the controller under 300 live calls: how soon control is back, what is lost; 2 minutes; .lab/bench
	@deploy/tools/need root
	bin/linekeeper bench restart

.PHONY: bench-pop
bench-pop: bin/linekeeper ## a screen pop's questions over 5 million past calls, in a PostgreSQL of its own; 5 minutes, 10 GB
	@deploy/tools/need root
	bin/linekeeper bench pop

.PHONY: bench-live
bench-live: bin/linekeeper ## 2,000 live consoles: delay, heap and CPU, beside the naive ways; 4 minutes; .lab/bench
	bin/linekeeper bench live

.PHONY: bench-console
bench-console: bin/linekeeper ## how soon the console can be used, in Chromium from the lab, cold and warm; 2 minutes; .lab/bench
	@deploy/tools/need root
	bin/linekeeper bench console

##@ Build it

.PHONY: build
build: bin/linekeeper ## bin/linekeeper, with the console in it

# Always asked for: Go's own cache knows better than make what has changed.
.PHONY: bin/linekeeper
bin/linekeeper: $(WEB)/dist/index.html
	@deploy/tools/need go
	$(GO_BUILD) -o $@ ./cmd/linekeeper

.PHONY: web
web: $(WEB)/dist/index.html ## the console, into agentdesk/web/dist

$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(WEB_SOURCES)
	cd $(WEB) && npm run --silent build
	@touch $@

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	@deploy/tools/need node
	cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: bin/testsum
bin/testsum:
	@deploy/tools/need go
	@CGO_ENABLED=0 go build -C deploy/tools -o $(CURDIR)/$@ ./testsum

.PHONY: generate
generate: $(CODEGEN)/oapi-codegen $(SQLC)/sqlc ## rewrite generated code: API types (Go, TypeScript), SQL
	PATH="$(CODEGEN):$$PATH" go generate ./...
	cd cdr/store && $(SQLC)/sqlc generate
	cd $(WEB) && npm run --silent api

.PHONY: verify
verify: generate ## fail if generated code is not what is committed
	@git diff --exit-code --stat -- agentdesk cdr \
	|| { echo "linekeeper: generated code differs from what is committed: commit what make generate wrote" >&2; exit 1; }

.PHONY: clean
clean: ## remove what was built here (not .lab: make lab-down; not the cache)
	rm -rf bin $(WEB)/node_modules $(WEB)/codegen/node_modules
	find $(WEB)/dist -mindepth 1 ! -name .gitkeep -delete

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

# Tools are built once, under a name that holds their version.
$(GOLANGCI):
	@deploy/tools/need go
	@echo "building golangci-lint once (about three minutes)"
	CGO_ENABLED=0 go build -C deploy/tools -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(CODEGEN)/oapi-codegen:
	@deploy/tools/need go
	CGO_ENABLED=0 go build -C deploy/tools -o $@ github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen

$(SQLC)/sqlc: # reads SQL with PostgreSQL's own parser, so it needs gcc
	@deploy/tools/need go
	@echo "building sqlc once (about three minutes)"
	CGO_ENABLED=1 go build -C deploy/tools -o $@ github.com/sqlc-dev/sqlc/cmd/sqlc
