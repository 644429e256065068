#pragma once

#include <vector>

#include "adapters/config/toml_table.hpp"
#include "core/rules.hpp"

/// The sections of the rules file, one reader each. Internal to this folder.
namespace liveops::adapters::config {

[[nodiscard]] core::WindowRules read_windows(TomlTable& root);
[[nodiscard]] core::LevelRules read_levels(TomlTable& root);
[[nodiscard]] std::vector<core::BossRules> read_bosses(TomlTable& root);

/// `bosses`: those that boards and rewards may name.
[[nodiscard]] std::vector<core::BoardRules> read_boards(TomlTable& root, const std::vector<core::BossRules>& bosses);
[[nodiscard]] std::vector<core::RewardRules> read_rewards(TomlTable& root, const std::vector<core::BossRules>& bosses);

[[nodiscard]] core::FairnessRules read_fairness(TomlTable& root);

/// One of the event types.
[[nodiscard]] core::EventType read_event_type(TomlTable& table, std::string_view key, std::string_view name);

/// Refuses an id that an earlier entry has.
template <class Entries, class Id>
void refuse_repeated(TomlTable& table, const Entries& earlier, const Id& id) {
  for (const auto& entry : earlier) {
    if (entry.id == id) table.fail("id", "'" + id.str() + "' is used twice");
  }
}

/// Reads `key` as the id of one of the bosses.
[[nodiscard]] core::BossId read_boss_reference(TomlTable& table, std::string_view key,
                                               const std::vector<core::BossRules>& bosses);

}  // namespace liveops::adapters::config
