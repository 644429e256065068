#include "progression/reward_catalogue.hpp"

#include <algorithm>
#include <limits>

namespace liveops::progression {

namespace {

using ports::Measure;
using ports::RewardThreshold;

constexpr std::int64_t kNeverReached = std::numeric_limits<std::int64_t>::max();

struct ToThreshold {
  const core::RewardId& id;
  const LevelCurve& levels;

  RewardThreshold operator()(const core::LevelReached& condition) const {
    const auto xp = levels.threshold_of(condition.level);
    return {.reward_id = id, .measure = Measure::total_xp, .boss_id = {}, .value = xp.value_or(kNeverReached)};
  }
  RewardThreshold operator()(const core::BossKills& condition) const {
    return {.reward_id = id, .measure = Measure::boss_kills, .boss_id = condition.boss_id, .value = condition.count};
  }
  RewardThreshold operator()(const core::SeasonXp& condition) const {
    return {.reward_id = id, .measure = Measure::season_xp, .boss_id = {}, .value = condition.xp};
  }
};

template <class Map, class Key>
std::int64_t value_or_zero(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

struct ToProgress {
  const ports::Progress& progress;
  const LevelCurve& levels;
  const core::SeasonId& season;

  RewardProgress operator()(const core::LevelReached& condition) const {
    return {levels.level_of(progress.xp), condition.level};
  }
  RewardProgress operator()(const core::BossKills& condition) const {
    return {value_or_zero(progress.boss_kills, condition.boss_id), condition.count};
  }
  RewardProgress operator()(const core::SeasonXp& condition) const {
    return {value_or_zero(progress.season_xp, season), condition.xp};
  }
};

}  // namespace

RewardCatalogue::RewardCatalogue(std::vector<core::RewardRules> rewards, const LevelCurve& levels)
    : rewards_(std::move(rewards)) {
  std::vector<RewardThreshold> thresholds;
  thresholds.reserve(rewards_.size());
  for (const auto& reward : rewards_) {
    thresholds.push_back(std::visit(ToThreshold{reward.id, levels}, reward.condition));
  }
  thresholds_ = std::make_shared<const std::vector<RewardThreshold>>(std::move(thresholds));
}

std::size_t RewardCatalogue::index_of(const core::RewardId& id) const {
  const auto found = std::ranges::find(rewards_, id, &core::RewardRules::id);
  return static_cast<std::size_t>(found - rewards_.begin());
}

const core::RewardRules* RewardCatalogue::find(const core::RewardId& id) const {
  const auto index = index_of(id);
  return index == rewards_.size() ? nullptr : &rewards_[index];
}

const RewardThreshold& RewardCatalogue::threshold_of(const core::RewardId& id) const {
  return thresholds_->at(index_of(id));
}

std::string RewardCatalogue::list() const {
  std::string text;
  for (const auto& reward : rewards_) {
    if (!text.empty()) text += ", ";
    text += reward.id.str();
  }
  return text;
}

bool is_seasonal(const core::RewardRules& reward) {
  return std::holds_alternative<core::SeasonXp>(reward.condition);
}

RewardProgress progress_toward(const core::RewardRules& reward, const ports::Progress& progress,
                               const LevelCurve& levels, const core::SeasonId& season) {
  return std::visit(ToProgress{progress, levels, season}, reward.condition);
}

}  // namespace liveops::progression
