#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bus_local/event_bus.hpp"
#include "adapters/checkpoint_file/checkpoint_file.hpp"
#include "adapters/checkpoint_file/write_ahead_files.hpp"
#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "core/envelope.hpp"
#include "fairness/async/tier.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {

inline constexpr core::Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
inline constexpr int kPlayers = 20;

inline core::PlayerId player_of(int number) {
  return core::PlayerId::trusted("p-" + std::to_string(number));
}

/// `count` events of all players, from number `first` on, a tenth of a second apart.
inline std::vector<core::Envelope> play(int first, int count) {
  std::vector<core::Envelope> envelopes;
  for (int number = first; number < first + count; ++number) {
    core::Event event;
    event.key_id = core::KeyId::trusted("k");
    event.id = core::EventId::derive(event.key_id, std::to_string(number));
    event.player_id = player_of(number % kPlayers);
    event.received_at = event.occurred_at = kStart + number * std::chrono::milliseconds(100);
    event.payload = core::Progression{.xp = 5 + number % 7, .score = 100 + number % 11};
    event.payload_json =
        R"({"xp":)" + std::to_string(5 + number % 7) + R"(,"score":)" + std::to_string(100 + number % 11) + "}";
    envelopes.push_back(core::encode_event(event));
  }
  return envelopes;
}

/// The tier of one process over the files of a directory. Its store is of another directory where two share the first.
struct TierProcess {
  TierProcess(const std::filesystem::path& kept, const std::filesystem::path& stored)
      : store(open(stored)), checkpoints(kept / "async.checkpoint"), ahead(kept / "async.ahead") {}

  static std::unique_ptr<adapters::store_sqlite::fairness::VerdictStore> open(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    auto opened = adapters::store_sqlite::fairness::VerdictStore::open(directory, "a secret of the audit, 32 bytes.");
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

  /// Events that it has counted, of all players.
  std::uint64_t counted() {
    std::uint64_t sum = 0;
    for (int number = 0; number < kPlayers; ++number) {
      const auto dossier = run(tier.of(player_of(number)));
      if (dossier && *dossier) sum += (*dossier)->events;
    }
    return sum;
  }

  std::unique_ptr<adapters::store_sqlite::fairness::VerdictStore> store;
  adapters::CheckpointFile checkpoints;
  adapters::WriteAheadFiles ahead;
  ManualClock clock{kStart};
  RecordingMetrics metrics;
  SilentLog log;
  fairness::async::Tier tier{{},
                             fairness::PlayerHasher({1, 2}),
                             [] { return std::string("p-1"); },
                             {*store, [this](auto requests) { return store->put(std::move(requests)); },
                              store->reviews(), ahead, clock, metrics, log}};
};

}  // namespace liveops::test
