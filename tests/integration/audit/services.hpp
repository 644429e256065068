#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/memory/leaderboard/leases.hpp"
#include "adapters/memory/leaderboard/rank_index.hpp"
#include "adapters/memory/progression/progress_cache.hpp"
#include "audit/audit.hpp"
#include "core/crypto/jws.hpp"
#include "leaderboard/leaderboard.hpp"
#include "progression/progression.hpp"
#include "tests/contract/books/stores.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::test {

/// Progression and leaderboard over one set of stores, and the audit of their books.
class Services {
 public:
  Services(const BookStoresCase& stores, core::GameRules rules, core::Timestamp now);

  /// Both take the events in, or one of them. Fails the test when something is poison.
  void take_in(const std::vector<core::Event>& events);
  void take_in_progression(const std::vector<core::Event>& events);
  void take_in_leaderboard(const std::vector<core::Event>& events);
  /// The leaderboard seals what is due, and clears up.
  void upkeep();
  void disqualify(const std::string& player);
  void block(const std::string& player);
  void claim(const std::string& player, const std::string& reward);

  /// Ranks as players see them, unless `offline`.
  audit::Report audit(bool offline = false);

  std::unique_ptr<BookStores> stores;
  ManualClock clock;
  adapters::memory::RankIndex index;

 private:
  class Ranks;

  RecordingMetrics metrics_;
  SilentLog log_;
  std::shared_ptr<const progression::GameBook> game_;
  std::shared_ptr<const leaderboard::BoardBook> boards_;
  adapters::memory::progression::ProgressCache cache_{1000};
  core::crypto::JwsSigner jws_;
  core::ReceiptSigner signer_;
  adapters::memory::Leases leases_{clock};
  progression::Progression progression_;
  leaderboard::Leaderboard leaderboard_;
};

}  // namespace liveops::test
