#include "apps/liveops/simulate/traffic.hpp"

#include <utility>

namespace liveops::apps {
namespace {

constexpr double kEndlessDays = 1e6;

simulation::Parameters for_server(simulation::Parameters parameters, const core::GameRules& rules) {
  // Times are the sender's, who also does the retrying: what happens at a time of the simulation has no meaning.
  parameters.retry_chance = 0;
  parameters.stalls_per_hour = 0;
  parameters.skewed_share = 0;
  parameters.idle_share = 0;
  parameters.cafe_share = 0;
  parameters.outage_day = parameters.double_xp_day = parameters.patch_day = 0;
  if (rules.bosses.empty()) return parameters;
  const std::size_t own = parameters.bosses.size();
  std::vector<simulation::BossParameters> bosses;
  for (const core::BossRules& rule : rules.bosses) {
    bosses.push_back(parameters.bosses[bosses.size() % own]);
    bosses.back().id = rule.id.str();
  }
  parameters.bosses = std::move(bosses);
  return parameters;
}

}  // namespace

Traffic::Traffic(const Options& options, const core::GameRules& rules)
    : parameters_(for_server(options.parameters, rules)),
      text_(parameters_, options.run_id, core::Timestamp()),
      stream_(parameters_, {.seed = options.seed,
                            .players = options.players,
                            .cheater_share = options.cheater_share,
                            .days = kEndlessDays,
                            .at_once = true}) {}

SimulatedEvent Traffic::next(core::Timestamp now) {
  const auto made = stream_.next();  // there is always one: nobody ever stops
  SimulatedEvent event{
      .idempotency_key = text_.idempotency_key(*made), .json = {}, .player = made->player, .xp = made->xp};
  text_.append_json(event.json, *made, now);
  return event;
}

}  // namespace liveops::apps
