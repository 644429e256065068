# The targets people expect; each calls ./dev, which says more (./dev help).
.PHONY: build test demo run up down package run-gateway run-fairness run-leaderboard run-progression bench format lint clean

build test demo run up down package bench format lint clean:
	./dev $@

# One service each, with the settings of .env (docs/deploy.md says which it needs).
run-gateway run-fairness run-leaderboard run-progression: build
	bin/$(@:run-%=%)
