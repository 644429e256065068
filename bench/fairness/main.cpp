// One cell of docs/fairness.md: a simulated population, judged; the result is one JSON object on stdout.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>

#include "adapters/config/rules_file.hpp"
#include "adapters/config/simulation_file.hpp"
#include "bench/fairness/cell.hpp"

namespace {

struct Flags {
  std::string params = "config/simulation.toml";
  std::string policy = "config/liveops.toml";
  std::uint64_t seed = 1;
  double share = 0.05;
  std::uint32_t players = 1000;
  double days = 10;
};

int run(const Flags& flags, liveops::bench::Cell cell) {
  auto parameters = liveops::adapters::config::load_simulation(flags.params);
  auto rules = liveops::adapters::config::load_rules(flags.policy);
  if (!parameters || !rules) {
    std::cerr << (parameters ? rules.error() : parameters.error()).message << '\n';
    return 2;
  }
  cell.parameters = std::move(*parameters);
  cell.policy = std::move(rules->fairness);
  cell.population = {.seed = flags.seed, .players = flags.players, .cheater_share = flags.share, .days = flags.days};
  const auto started = std::chrono::steady_clock::now();
  boost::json::object out = liveops::bench::run_cell(cell);
  out["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  out["params"] = flags.params;
  out["policy"] = flags.policy;
  out["seed"] = flags.seed;
  out["share"] = flags.share;
  out["players"] = flags.players;
  out["days"] = flags.days;
  std::cout << out << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A cell of the fairness report");
  Flags flags;
  liveops::bench::Cell cell;
  app.add_option("--params", flags.params);
  app.add_option("--policy", flags.policy);
  app.add_option("--seed", flags.seed);
  app.add_option("--share", flags.share);
  app.add_option("--players", flags.players);
  app.add_option("--days", flags.days);
  app.add_flag("--baselines", cell.baselines);
  app.add_flag("--ablation", cell.ablation);
  app.add_flag("--curve", cell.curve);
  app.add_flag("--examples", cell.examples);
  CLI11_PARSE(app, argc, argv);
  return run(flags, std::move(cell));
}
