# The few commands of the house. What takes more than a line is in scripts/.
# Cargo builds in $CARGO_TARGET_DIR, by default ~/.cache/weiting/target (scripts/common.sh).

.DEFAULT_GOAL := help
.PHONY: help run test bench gen fmt

help:                    ## what can be done here
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:                     ## a court with demo cases at http://127.0.0.1:8080; ARGS="--port 9000" reaches `weiting demo`
	@scripts/run $(ARGS)

test:                    ## everything that must hold; STEPS="format clippy" runs only these
	@scripts/test $(STEPS)

bench:                   ## the promised speeds, measured on a release build
	@scripts/bench $(ARGS)

gen:                     ## rewrite what is generated and committed: OpenAPI, the web client's types, docs
	@scripts/gen

fmt:                     ## format the Rust code and put the web code's lint fixes in place
	@cargo fmt --all
	@scripts/web deps
	@npm run --prefix web --silent lint -- --fix
