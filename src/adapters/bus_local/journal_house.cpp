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
constexpr std::size_t kReclaimFiles = 8;                     // a step, so that publishes do not wait long
constexpr int kShrinkPages = 1024;
constexpr int kAllPages = 0;  // PRAGMA incremental_vacuum's way to say so

}  // namespace

ports::Task<void> Journal::run(Job job) {
  co_return co_await on_thread([this, work = std::move(job)]() mutable {
    const auto done = in_transaction([&] { return work(dead_); });
    note(done);
    measure();
    return done;
  });
}

ports::Task<void> Journal::add_group(ports::Topic name, std::string group) {
  co_return co_await on_thread([this, name, group = std::move(group)]() -> Status {
    auto& log = topic(name);
    if (log.find_group(group) != nullptr) return {};
    const auto position = logs_[static_cast<std::size_t>(name)]->oldest();
    const auto saved = in_transaction([&] { return groups_.save_position(name, group, position); });
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
  auto& stored = *logs_[static_cast<std::size_t>(letter.topic)];
  const std::array<SharedSegment, 1> segments{[&] {
    Segment segment{.first = stored.head(), .appended_at = clock_.now(), .only_group = letter.group, .frames = {}};
    const bool fits = segment.frames.add(letter.envelope);
    return fits ? std::make_shared<const Segment>(std::move(segment)) : nullptr;
  }()};
  if (!segments[0]) return core::fail(Errc::invalid_argument, "envelope too large to store");
  // The message goes first to the disk. A crash before the commit leaves the letter, too: it may come once more.
  const auto done = in_transaction([&]() -> Status {
    if (auto removed = dead_.remove(letter.id); !removed) return removed;
    if (auto added = groups_.add_addressed(letter.topic, segments[0]->first, letter.group); !added) return added;
    if (auto appended = stored.append(segments); !appended) return appended;
    log.append(segments);
    return {};
  });
  note(done);
  return done;
}

Status Journal::redrive_requested() {
  const auto version = groups_.data_version();
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
    if (auto settled = settle(); !settled) return settled;
    for (std::size_t i = 0; i < logs_.size(); ++i) logs_[i]->give_back(passed_by_all(i));
    if (auto shrunk = groups_.shrink(kAllPages); !shrunk) return shrunk;
    measure();
    return groups_.database().exec("PRAGMA wal_checkpoint(TRUNCATE)");
  });
}

void Journal::keep_house() {
  const auto now = std::chrono::steady_clock::now();
  Status done = settle();
  const auto files = reclaim();
  next_house_ = now + (files >= kReclaimFiles ? kBusyHouseInterval : kHouseInterval);
  if (done && now >= next_look_) {
    next_look_ = now + kLookInterval;
    done = redrive_requested();
    if (done) done = groups_.shrink(kShrinkPages);
  }
  if (!done) note(done);
  measure();
}

Status Journal::settle() {
  auto positions = saved_;
  bool changed = false;
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    for (auto& [group, position] : topics_[i].positions()) {
      changed = changed || positions[i][group] != position;
      positions[i][group] = position;
    }
  }
  if (!changed) return {};
  const auto done = in_transaction([&] { return save(positions); });
  if (!done) return done;
  saved_ = std::move(positions);
  for (std::size_t i = 0; i < topics_.size(); ++i) topics_[i].forget_below(passed_by_all(i));
  return {};
}

Status Journal::save(const Positions& positions) {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    for (const auto& [group, position] : positions[i]) {
      if (saved_[i][group] == position) continue;
      if (auto done = groups_.save_position(topics_[i].topic(), group, position); !done) return done;
    }
    if (auto done = groups_.forget_addressed(topics_[i].topic(), passed_by_all(i)); !done) return done;
  }
  return {};
}

std::uint64_t Journal::passed_by_all(std::size_t topic) const {
  return saved_[topic].empty() ? 0 : std::ranges::min(saved_[topic] | std::views::values);
}

std::size_t Journal::reclaim() {
  std::size_t files = 0;
  for (std::size_t i = 0; i < logs_.size(); ++i) files += logs_[i]->reclaim(passed_by_all(i), kReclaimFiles);
  return files;
}

ports::Task<void> Journal::check() {
  if (failing_) {
    co_return co_await on_thread([this] {
      auto done = groups_.probe();
      for (std::size_t i = 0; done && i < logs_.size(); ++i) done = logs_[i]->probe();
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
