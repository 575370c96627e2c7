# `make test` is everything a change must pass; it installs what it needs.
# Every other target does what its name says.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/fathom-to-loom/fathom-to-loom/app.Version=$(VERSION)

.PHONY: build demo test tools lint unit e2e types bench clean

build: ## a static binary in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/fathom-to-loom .

demo: ## try everything, nothing needed
	$(GO) run . demo

test: tools lint types unit e2e

tools:
	@sh e2e/install.sh

lint:
	@unformatted=$$(gofmt -l app bench e2e hooks migrations pb_public main.go); \
	if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted"; exit 1; fi
	$(GO) vet ./...

unit: ## with the race detector
	$(GO) test -race -shuffle=on -timeout 10m . ./app/... ./hooks/... ./migrations/... ./pb_public/...

# The built binary, driven with the PocketBase JS SDK, the official Fathom SDK,
# a browser and kill -9.
e2e: e2e/node_modules
	$(GO) test -count=1 -timeout 10m ./e2e

types: e2e/node_modules ## the web app's JSDoc types
	cd e2e && npx --no-install tsc -p tsconfig.json

e2e/node_modules: e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund
	@touch $@

# The queue beside a bare compare-and-set and goqite, then user databases beside a
# stock PocketBase process per user, with ten thousand users.
bench: ## figures, never assertions; compare ratios within one run
	$(GO) test -run '^$$' -bench . -benchtime 200x ./hooks
	$(GO) test -run '^$$' -bench . -benchtime 20000x -timeout 30m ./bench
	$(GO) run ./bench

clean:
	rm -rf bin e2e/node_modules
