#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ports/progress_store.hpp"

/// Short ways to say what a test's events mean.
namespace liveops::test {

[[nodiscard]] core::Timestamp at(std::int64_t seconds);
[[nodiscard]] core::PlayerId player(const std::string& id);
[[nodiscard]] core::SeasonId season(const std::string& id);
[[nodiscard]] core::RewardId reward(const std::string& id);

/// Event number `n`, of `who`, with this xp in season "s1".
[[nodiscard]] ports::LedgerEntry xp_event(int n, const std::string& who, std::int64_t xp);
[[nodiscard]] ports::LedgerEntry kill_event(int n, const std::string& who, const std::string& boss);
[[nodiscard]] ports::LedgerEntry drop_event(int n, const std::string& who, const std::string& drop,
                                            const std::string& item, std::int64_t quantity);

[[nodiscard]] ports::RewardThreshold xp_reward(const std::string& id, std::int64_t value);
[[nodiscard]] ports::RewardThreshold season_reward(const std::string& id, std::int64_t value);
[[nodiscard]] ports::RewardThreshold kills_reward(const std::string& id, const std::string& boss, std::int64_t value);
[[nodiscard]] ports::RewardThresholds thresholds(std::vector<ports::RewardThreshold> list);

}  // namespace liveops::test
