#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/memory/leaderboard/rank_index.hpp"
#include "core/event.hpp"
#include "core/http/message.hpp"
#include "core/rules.hpp"
#include "core/verdict.hpp"
#include "leaderboard/leaderboard.hpp"
#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/contract/leaderboard/failing_stores.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::test {

/// Boards "score" (best), "xp" (sum) and "speed" (best, lowest first); days, weeks and seasons of 28 days in UTC;
/// grace of ten minutes.
[[nodiscard]] core::GameRules sample_rules();

[[nodiscard]] core::Timestamp time(const std::string& rfc3339);

/// Event `number`: `player` scores, and earns as much XP; received when it occurred unless said otherwise.
[[nodiscard]] ports::Delivery played(int number, const std::string& player, std::int64_t score,
                                     const std::string& occurred, const std::string& received = {});
[[nodiscard]] ports::Delivery verdict(const std::string& player, bool blocked, std::int64_t version,
                                      std::optional<core::Timestamp> until = {});

/// `since`: disqualified from then on; absent: not disqualified (any more).
[[nodiscard]] ports::Delivery disqualification(const std::string& player, std::int64_t version,
                                               const std::string& since = {});
/// Blocks of older versions were wrong since then.
[[nodiscard]] ports::Delivery overturning(const std::string& player, std::int64_t version, const std::string& since);

/// The whole service over one set of stores, with an index of its own if it is given none.
class Service {
 public:
  /// Starts the service: the index is loaded from the stores.
  Service(contract::StoresFixture& stores, const core::GameRules& rules, const std::string& now,
          ports::RankIndex* index = nullptr);

  std::vector<runtime::Poison> take_in(std::vector<ports::Delivery> deliveries);
  void judge(std::vector<ports::Delivery> deliveries);
  /// Seals what is due, with nothing left to consume.
  core::Result<std::uint64_t> seal();

  /// Writes the revisions that are due; how many.
  core::Result<std::uint64_t> revise();

  /// "1a=5 2b=4 " of a table's top.
  std::string top(const std::string& query = {});
  core::http::Response get(const std::string& pattern, const std::string& query = {}, const std::string& id = {});
  core::http::Response post(const std::string& pattern, const std::string& body);

  Trouble trouble;
  ManualClock clock;
  RecordingMetrics metrics;
  SilentLog log;
  FailingStandings standings;
  FailingSnapshots snapshots;
  FailingRevisions revisions;
  adapters::memory::RankIndex own_index;
  ports::RankIndex& index;
  leaderboard::Leaderboard service;

 private:
  core::http::Response call(const std::string& method, const std::string& pattern, core::http::Request request);
};

/// A caught-up function that always says so.
[[nodiscard]] leaderboard::CaughtUp nothing_left(bool caught_up = true);

}  // namespace liveops::test
