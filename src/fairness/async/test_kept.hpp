#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ports/checkpoint_store.hpp"
#include "ports/write_ahead_log.hpp"

/// What a process keeps, in memory, failing when told to: for the tier's tests.
namespace liveops::fairness::async::test {

class KeptCheckpoint final : public ports::CheckpointStore {
 public:
  bool away = false;
  std::string bytes;

  ports::Task<void> save(std::function<core::Status(const Sink&)> write) override {
    std::string fresh;
    auto written = write([&fresh](std::string_view piece) {
      fresh += piece;
      return core::Status{};
    });
    if (away) written = core::fail(core::Errc::unavailable, "the checkpoint cannot be kept");
    if (written) bytes = std::move(fresh);
    co_return written;
  }
  core::Result<std::string> load() override {
    if (bytes.empty()) return core::fail(core::Errc::not_found, "there is no checkpoint");
    return bytes;
  }
};

class KeptAhead final : public ports::WriteAheadLog {
 public:
  bool away = false;
  std::map<std::uint64_t, std::vector<std::string>> parts{{1, {}}};

  core::Status append(std::string_view record) override {
    if (away) return core::fail(core::Errc::unavailable, "the disk is full");
    parts.rbegin()->second.emplace_back(record);
    return {};
  }
  core::Result<std::uint64_t> begin_part() override {
    if (away) return core::fail(core::Errc::unavailable, "the disk is full");
    const std::uint64_t part = parts.rbegin()->first + 1;
    parts[part];
    return part;
  }
  void drop_before(std::uint64_t part) override { parts.erase(parts.begin(), parts.lower_bound(part)); }
  core::Status replay(std::uint64_t first, const Reader& read) override {
    for (const auto& [part, records] : parts) {
      if (part < first) continue;
      for (const std::string& record : records) read(record);
    }
    return {};
  }
};

}  // namespace liveops::fairness::async::test
