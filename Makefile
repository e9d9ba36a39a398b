.DEFAULT_GOAL := help
help:       ## list these commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t14
setup:      ## install everything into this checkout
	@scripts/setup.sh run
demo:       ## set up and run the product with demo content
	@scripts/demo.sh
test:       ## set up and run every check and test
	@scripts/test.sh
test-long:  ## the long checks: races, kills, long walks
	@scripts/test.sh long
check:      ## lint, types, import contract only
	@scripts/check.sh
bench:      ## measure the speed lanes on 150,000 dossiers
	@scripts/bench.sh
.PHONY: help setup demo test test-long check bench
