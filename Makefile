GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/fathom-to-loom/fathom-to-loom/app.Version=$(VERSION)

# All but the race detector build as a release does, so that the tests try what is shipped and nothing is compiled twice.
export CGO_ENABLED := 0
export GOFLAGS     := $(GOFLAGS) -trimpath

# The race detector checks our code and the Go libraries, but not SQLite itself, which is C translated to Go:
# instrumenting it would double the time of all tests and find no bugs of ours.
C_CODE := -race=false -d=checkptr=0
RACE   := CGO_ENABLED=1 $(GO) test -race -gcflags='modernc.org/sqlite/lib=$(C_CODE)' -gcflags='modernc.org/libc=$(C_CODE)'

TOOL  := $(GO) tool -modfile=.ci/tools.mod
NPM   := npm --prefix e2e run --silent

# All packages but those whose tests start servers or processes.
SERVERS := app|app/gateway|app/notify|app/transfer|app/userdb|app/worker|hooks|e2e|bench|bench/stock
FAST     = $$($(GO) list ./... | grep -vE '/($(SERVERS))$$')

# The packages in which goroutines share memory. make test runs them with the race detector; make soak runs everything so.
CONCURRENT := app/(atlassian|atlassian/oauth|background|bus|connlimit|dispatch|jobfeed|ledger|limit|loomupload|mover|pool|queue|readlimit|sqlite|worker)
UNIT       := $(GO) list ./... | grep -vE '/(e2e|bench|bench/stock)$$'

.DEFAULT_GOAL := help
.PHONY: help setup bundle pictures build release demo quick test soak bench format lint web vulncheck unit e2e clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

setup: ## install the programs that the tests need, if they are missing
	@sh e2e/install.sh
	@$(MAKE) --no-print-directory e2e/node_modules

bundle: ## bundle the web app, after a change of it; commit the result
	rm -rf pb_public/dist
	sh .ci/bundle pb_public/dist

pictures: setup ## take the pictures of README.md and docs/guide.md, after a change of the web app
	PICTURES=$(CURDIR)/docs/pictures $(GO) test -count=1 -run TestPicturesOfTheWebApp ./e2e

build: ## build a static binary in bin/
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/fathom-to-loom .

release: ## build archives, Debian packages, SBOMs and checksums in dist/
	sh .ci/release $(VERSION)

demo: ## try everything with simulated services
	$(GO) run . demo

quick: lint web ## up to a minute: linters, types and the tests that need no server
	$(GO) test -shuffle=on $(FAST)

test: setup lint web unit e2e ## up to 12 minutes: all checks that a change must pass

soak: setup ## about two hours: the race detector, nginx, many kills, large data, fuzzing
	SOAK=1 TEST_SEED=random $(RACE) -shuffle=on -count=1 -timeout 60m ./app/... ./hooks/... ./simulator/...
	SOAK=1 TEST_SEED=random E2E_PROXY=nginx $(GO) test -count=1 -timeout 90m ./e2e
	sh .ci/fuzz 60s

bench: ## print figures; compare ratios within one run
	$(GO) test -run '^$$' -bench 'Provision|ColdOpen|WarmRequest|EnqueueToClaim' -benchtime 200x ./bench
	$(GO) test -run '^$$' -bench 'Enqueue$$|ClaimAndComplete|EnqueueToStart' -benchtime 20000x -timeout 30m ./bench
	$(GO) test -run '^$$' -bench 'StoreTranscript' -benchtime 500x ./bench
	$(GO) test -run '^$$' -bench 'Search' -benchtime 2000x -timeout 60m ./bench
	$(GO) test -run '^$$' -bench 'Library' -benchtime 100x ./bench
	$(GO) test -run '^$$' -bench 'HandOver' -benchtime 1000x ./bench
	$(GO) run ./bench

format: ## format all Go code
	$(TOOL) gofumpt -w $(GO_DIRS)

lint: ## check formatting, vet and staticcheck
	@unformatted=$$($(TOOL) gofumpt -l $(GO_DIRS)); \
	if [ -n "$$unformatted" ]; then echo "not formatted (run make format):" $$unformatted; exit 1; fi
	$(GO) vet ./...
	cd .ci/compose && $(GO) vet .
	$(TOOL) staticcheck ./...

GO_DIRS := $(wildcard *.go) app bench e2e hooks internal migrations pb_public simulator

web: e2e/node_modules ## lint, type-check and test the web app's modules
	$(NPM) lint
	$(NPM) types
	$(NPM) unit

vulncheck: ## check the dependencies for known vulnerabilities (needs the network)
	$(TOOL) govulncheck ./...

unit: ## all Go tests except those of the built binary
	$(GO) test -shuffle=on -parallel 6 -timeout 10m $$($(UNIT) | grep -vE '/$(CONCURRENT)$$')
	$(RACE) -shuffle=on -timeout 10m $$($(UNIT) | grep -E '/$(CONCURRENT)$$')

e2e: e2e/node_modules ## test the built binary with the JavaScript SDKs, a browser and kill -9
	$(GO) test -count=1 -parallel 3 -timeout 40m ./e2e

e2e/node_modules: e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund
	@touch $@

clean: ## delete the results of builds and tests
	rm -rf bin dist e2e/node_modules
