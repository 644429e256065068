#include "backtest/scorer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "backtest/baselines.hpp"
#include "backtest/poisson.hpp"

namespace liveops::backtest {
namespace {

std::int32_t day_of(core::Timestamp at) {
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
}

std::size_t index(Level level) {
  return static_cast<std::size_t>(level);
}

/// The value that a share of all, found or missed, does not exceed.
double quantile(std::vector<double>& found, std::size_t all, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all)));
  if (all == 0 || rank > found.size()) return std::numeric_limits<double>::infinity();
  const std::size_t at = rank == 0 ? 0 : rank - 1;
  std::ranges::nth_element(found, found.begin() + static_cast<std::ptrdiff_t>(at));
  return found[at];
}

double ratio(double part, double whole, double otherwise) {
  return whole > 0 ? part / whole : otherwise;
}

}  // namespace

double Result::recall(Level level) const {
  return ratio(static_cast<double>(all.levels[index(level)].found), static_cast<double>(all.cheaters), 0);
}

double Result::precision(Level level) const {
  const auto found = static_cast<double>(all.levels[index(level)].found);
  return ratio(found, found + static_cast<double>(false_actions[index(level)].players), 1);
}

double Result::false_per_player_day(Level level) const {
  return ratio(static_cast<double>(false_actions[index(level)].player_days), static_cast<double>(honest_player_days),
               0);
}

double Result::false_bound(Level level) const {
  return ratio(poisson_upper_bound(false_actions[index(level)].player_days), static_cast<double>(honest_player_days),
               std::numeric_limits<double>::infinity());
}

void Scorer::add_player(const Label& label) {
  const auto [kind, is_new] = kind_numbers_.try_emplace(label.kind, static_cast<std::uint32_t>(kinds_.size()));
  if (is_new) kinds_.push_back(label.kind);
  Player player;
  player.cheats = label.onset.has_value();
  player.onset = label.onset.value_or(core::Timestamp());
  player.kind = kind->second;
  player.false_day.fill(-1);
  players_.push_back(std::move(player));
}

bool Scorer::is_honest(const Player& player, core::Timestamp at) {
  return !player.cheats || at < player.onset;
}

Truth Scorer::presumed(const Item& item) const {
  if (is_honest(players_[item.player], item.event->received_at)) return {};
  return {.illicit = true, .illicit_score = award_of(*item.event)};
}

void Scorer::count(const Item& item, const Truth& truth, const Judgement& judgement) {
  Player& player = players_[item.player];
  ++events_;
  refused_ += judgement.refused ? 1U : 0U;
  if (is_honest(player, item.event->received_at)) count_honest(player, item, judgement);
  if (truth.illicit && player.cheats) {
    if (player.illicit++ == 0) player.first_illicit = item.event->received_at;
    player.illicit_score += truth.illicit_score;
  }
  act(judgement);
  if (truth.illicit && judgement.ranked) player.leaked += truth.illicit_score;
}

void Scorer::count_honest(Player& player, const Item& item, const Judgement& judgement) {
  ++honest_events_;
  honest_refused_ += judgement.refused ? 1U : 0U;
  const std::int32_t day = day_of(item.event->received_at);
  if (day == player.day) return;
  player.day = day;
  ++honest_player_days_;
}

void Scorer::act(const Judgement& judgement) {
  for (const Action& action : judgement.actions) act(action);
}

void Scorer::act(const Action& action) {
  Player& player = players_[action.player];
  const bool rightly = !is_honest(player, action.at);
  note_rule(player, action.rule, rightly);
  if (action.level == Level::shadow) {
    act_at(player, action, Level::shadow, rightly);
    return;
  }
  player.strongest = std::max(player.strongest, action.level);
  for (auto level = index(Level::review); level <= index(action.level); ++level) {
    act_at(player, action, static_cast<Level>(level), rightly);
  }
}

void Scorer::act_at(Player& player, const Action& action, Level level, bool rightly) {
  const std::size_t at = index(level);
  if (!player.found[at].yes && !player.falsely[at]) ++acted_on_[at];
  if (rightly) {
    Found& found = player.found[at];
    if (found.yes) return;
    const bool begun = player.illicit > 0;
    found = {.yes = true,
             .events = static_cast<double>(player.illicit),
             .seconds = begun ? std::chrono::duration<double>(action.at - player.first_illicit).count() : 0,
             .leaked = player.leaked};
    return;
  }
  if (!player.falsely[at]) ++false_actions_[at].players;
  player.falsely[at] = true;
  const std::int32_t day = day_of(action.at);
  if (player.false_day[at] != day) ++false_actions_[at].player_days;
  player.false_day[at] = day;
}

void Scorer::note_rule(Player& player, std::string_view rule, bool rightly) {
  const std::pair noted(rule, rightly);
  if (std::ranges::find(player.rules, noted) != player.rules.end()) return;
  player.rules.push_back(noted);
  auto& result = rules_.try_emplace(std::string(rule)).first->second;
  ++(rightly ? result.cheaters : result.honest);
}

KindResult Scorer::summary(const std::vector<const Player*>& cheaters) const {
  KindResult result;
  result.cheaters = cheaters.size();
  double leaked = 0;
  for (const Player* player : cheaters) {
    result.illicit_score += player->illicit_score;
    leaked += player->leaked;
  }
  result.leaked = ratio(leaked, result.illicit_score, 0);
  for (std::size_t level = 0; level < kLevels; ++level) {
    std::vector<double> events;
    std::vector<double> seconds;
    double before = 0;
    for (const Player* player : cheaters) {
      const Found& found = player->found[level];
      before += found.yes ? found.leaked : player->leaked;
      if (!found.yes) continue;
      events.push_back(found.events);
      seconds.push_back(found.seconds);
    }
    LevelResult& at = result.levels[level];
    at.found = events.size();
    at.events = {quantile(events, cheaters.size(), 0.5), quantile(events, cheaters.size(), 0.95)};
    at.seconds = {quantile(seconds, cheaters.size(), 0.5), quantile(seconds, cheaters.size(), 0.95)};
    at.leaked_before = ratio(before, result.illicit_score, 0);
  }
  return result;
}

Result Scorer::result() const {
  Result result;
  result.players = players_.size();
  result.events = events_;
  result.refused = refused_;
  result.honest_events = honest_events_;
  result.honest_refused = honest_refused_;
  result.honest_player_days = honest_player_days_;
  result.labelled = labelled_;
  result.false_actions = false_actions_;
  result.players_acted_on = acted_on_;
  for (const auto& [rule, spoken] : rules_) result.rules.emplace(rule, spoken);
  std::vector<const Player*> everybody;
  std::map<std::uint32_t, std::vector<const Player*>> by_kind;
  for (const Player& player : players_) {
    if (player.illicit == 0) continue;  // has not come to it
    everybody.push_back(&player);
    by_kind[player.kind].push_back(&player);
  }
  result.all = summary(everybody);
  for (const auto& [kind, cheaters] : by_kind) result.kinds.emplace(kinds_[kind], summary(cheaters));
  return result;
}

}  // namespace liveops::backtest
