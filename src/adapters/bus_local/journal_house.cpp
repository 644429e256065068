// What the journal does besides publishing: positions, space, dead letters.
#include <algorithm>
#include <ranges>
#include <utility>

#include "adapters/bus_local/journal.hpp"

namespace liveops::adapters::bus_local {

using core::Errc;
using core::Status;

namespace {

constexpr std::chrono::milliseconds kHouseInterval{100};
constexpr std::chrono::milliseconds kLookInterval{1000};     // for requests of other processes
constexpr std::chrono::milliseconds kBusyHouseInterval{20};  // while there is much to reclaim
constexpr int kReclaimRows = 256;                            // a step, so that publishes do not wait long
constexpr int kShrinkPages = 1024;
constexpr int kAllPages = 0;  // PRAGMA incremental_vacuum's way to say so

}  // namespace

ports::Task<void> Journal::run(Job job) {
  co_return co_await on_thread([this, work = std::move(job)]() mutable {
    const auto done = in_transaction([&] { return work(store_, dead_); });
    note(done);
    measure();
    return done;
  });
}

ports::Task<void> Journal::add_group(ports::Topic name, std::string group) {
  co_return co_await on_thread([this, name, group = std::move(group)]() -> Status {
    auto& log = topic(name);
    if (log.find_group(group) != nullptr) return {};
    const auto oldest = store_.oldest(name);
    if (!oldest) return std::unexpected(oldest.error());
    const std::uint64_t position = oldest->value_or(log.head());
    const auto saved = in_transaction([&] { return store_.save_position(name, group, position); });
    note(saved);
    if (!saved) return saved;
    saved_[static_cast<std::size_t>(name)][group] = position;
    log.add_group(group, position);
    return {};
  });
}

ports::Task<void> Journal::redrive(std::string id) {
  co_return co_await on_thread([this, id = std::move(id)]() -> Status {
    const auto letter = dead_.find(id);
    if (!letter) return std::unexpected(letter.error());
    return redrive_now(*letter);
  });
}

Status Journal::redrive_now(const ports::DeadLetter& letter) {
  auto& log = topic(letter.topic);
  auto segment = std::make_shared<Segment>(
      Segment{.first = log.head(), .appended_at = clock_.now(), .only_group = letter.group, .frames = {}});
  if (!segment->frames.add(letter.envelope)) return core::fail(Errc::invalid_argument, "envelope too large to store");
  const auto done = in_transaction([&]() -> Status {
    if (auto appended = store_.append(letter.topic, *segment); !appended) return appended;
    return dead_.remove(letter.id);
  });
  note(done);
  if (!done) return done;
  log.append(std::vector<SharedSegment>{std::move(segment)});
  return {};
}

Status Journal::redrive_requested() {
  const auto version = store_.data_version();
  if (!version) return std::unexpected(version.error());
  if (*version == data_version_) return {};
  while (true) {
    const auto letters = dead_.requested();
    if (!letters) return std::unexpected(letters.error());
    if (letters->empty()) break;
    for (const auto& letter : *letters) {
      if (auto done = redrive_now(letter); !done) return done;
    }
  }
  data_version_ = *version;  // only now: what failed is tried again at the next look
  return {};
}

ports::Task<void> Journal::tidy() {
  co_return co_await on_thread([this]() -> Status {
    if (auto moved = redrive_requested(); !moved) return moved;
    while (true) {
      const auto rows = settle();
      if (!rows) return std::unexpected(rows.error());
      if (*rows == 0) break;
    }
    if (auto shrunk = store_.shrink(kAllPages); !shrunk) return shrunk;
    measure();
    return store_.database().exec("PRAGMA wal_checkpoint(TRUNCATE)");
  });
}

void Journal::keep_house() {
  const auto now = std::chrono::steady_clock::now();
  const auto rows = settle();
  next_house_ = now + (rows.value_or(0) >= kReclaimRows ? kBusyHouseInterval : kHouseInterval);
  Status done;
  if (!rows) done = std::unexpected(rows.error());
  if (done && now >= next_look_) {
    next_look_ = now + kLookInterval;
    done = redrive_requested();
    if (done) done = store_.shrink(kShrinkPages);
  }
  if (!done) note(done);
  measure();
}

core::Result<std::int64_t> Journal::settle() {
  auto positions = saved_;
  bool changed = false;
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    for (auto& [group, position] : topics_[i].positions()) {
      changed = changed || positions[i][group] != position;
      positions[i][group] = position;
    }
  }
  if (!changed && reclaimed_all_) return 0;
  std::int64_t rows = 0;
  const auto done = in_transaction([&]() -> Status {
    if (auto saved = save(positions); !saved) return saved;
    const auto deleted = reclaim(positions);
    if (!deleted) return std::unexpected(deleted.error());
    rows = *deleted;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  saved_ = std::move(positions);
  reclaimed_all_ = rows == 0;
  return rows;
}

Status Journal::save(const Positions& positions) {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    for (const auto& [group, position] : positions[i]) {
      if (saved_[i][group] == position) continue;
      if (auto done = store_.save_position(topics_[i].topic(), group, position); !done) return done;
    }
  }
  return {};
}

core::Result<std::int64_t> Journal::reclaim(const Positions& positions) {
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    if (positions[i].empty()) continue;  // nobody has read this topic yet: keep all
    const auto lowest = std::ranges::min(positions[i] | std::views::values);
    const auto deleted = store_.reclaim(topics_[i].topic(), lowest, kReclaimRows);
    if (!deleted) return deleted;
    rows += *deleted;
    topics_[i].forget_below(lowest);
  }
  return rows;
}

ports::Task<void> Journal::check() {
  if (failing_) {
    co_return co_await on_thread([this] {
      const auto done = store_.probe();
      note(done);
      return done;
    });
  }
  if (used_bytes_ >= options_.max_bytes) {
    co_return core::fail(Errc::rate_limited, "the bus is full (" + std::to_string(used_bytes_) + " of " +
                                                 std::to_string(options_.max_bytes) +
                                                 " bytes): consumers are behind, or raise BUS_LOCAL_MAX_BYTES");
  }
  co_return Status();
}

}  // namespace liveops::adapters::bus_local
