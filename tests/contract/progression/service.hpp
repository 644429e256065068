#pragma once

#include <memory>
#include <string>

#include "adapters/memory/progression/progress_cache.hpp"
#include "core/crypto/jws.hpp"
#include "core/event.hpp"
#include "core/http/message.hpp"
#include "core/receipt.hpp"
#include "progression/progression.hpp"
#include "tests/contract/progression/stores.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::test {

/// A store that fails when told to.
class FlakyProgressStore final : public ports::ProgressStore {
 public:
  explicit FlakyProgressStore(ports::ProgressStore& inner) : inner_(inner) {}
  bool away = false;

  ports::Task<ports::ApplyOutcome> apply(std::vector<ports::LedgerEntry> entries, ports::RewardThresholds thresholds,
                                         core::Timestamp now) override;
  ports::Task<ports::Progress> progress_of(core::PlayerId player) override;
  ports::Task<std::vector<ports::InventoryItem>> inventory_of(core::PlayerId player) override;
  ports::Task<std::size_t> forget_events(core::Timestamp applied_before, std::size_t limit) override;

 private:
  ports::ProgressStore& inner_;
};

/// A cache that fails when told to.
class FlakyProgressCache final : public ports::ProgressCache {
 public:
  bool away = false;

  ports::Task<std::optional<ports::Progress>> get(core::PlayerId player) override;
  ports::Task<void> put(std::vector<ports::Progress> progress) override;

 private:
  adapters::memory::progression::ProgressCache inner_{100};
};

/// Season "s1" is the day of at(0), "s2" the next one; levels at 100 and 250 XP; the dragon gives 40 XP.
[[nodiscard]] core::GameRules sample_rules();

/// An event as the gateway publishes it.
[[nodiscard]] ports::Delivery delivery(int n, const std::string& who, core::Payload payload,
                                       core::Timestamp occurred_at);

/// The whole service over one pair of stores.
class Service {
 public:
  explicit Service(std::unique_ptr<Stores> stores);

  /// Takes the events in; gives what was poison.
  std::vector<runtime::Poison> take_in(std::vector<ports::Delivery> deliveries);

  /// Calls the route `method pattern` with this path parameter, query and body.
  core::http::Response get(const std::string& pattern, const std::string& id = {}, const std::string& query = {});
  core::http::Response post(const std::string& pattern, const std::string& body);

  std::unique_ptr<Stores> stores;
  ManualClock clock;
  RecordingMetrics metrics;
  SilentLog log;
  FlakyProgressStore progress_store;
  FlakyProgressCache cache;
  core::crypto::JwsSigner jws;
  core::ReceiptSigner signer;
  progression::Progression service;

 private:
  core::http::Response call(const std::string& method, const std::string& pattern, core::http::Request request);
};

}  // namespace liveops::test
