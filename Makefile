# The targets people expect; each calls ./dev, which says more (./dev help).
.PHONY: build test demo run run-gateway run-fairness run-leaderboard run-progression bench format lint clean

build test demo run bench format lint clean:
	./dev $@

run-gateway run-fairness run-leaderboard run-progression: build
	bin/$(@:run-%=%)
