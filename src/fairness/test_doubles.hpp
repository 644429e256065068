#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/event_bus.hpp"
#include "ports/verdict_store.hpp"

/// A store and a bus in memory that fail when told to, for the service's tests.
namespace liveops::fairness::test {

class FakeStore final : public ports::VerdictStore {
 public:
  bool away = false;
  std::map<core::PlayerId, ports::PlayerStanding> standings;
  std::vector<ports::DecisionRecord> decisions;
  std::vector<ports::AuditEntry> audit;
  std::vector<ports::PendingChange> outbox;
  std::vector<ports::StandingNews> by_others;  // what `changes` gives, from a position on

  ports::Task<std::vector<ports::PlayerStanding>> put(std::vector<ports::StandingRequest> requests) override {
    if (away) co_return gone();
    std::vector<ports::PlayerStanding> results;
    for (ports::StandingRequest& request : requests) {
      ports::PlayerStanding standing = std::move(request.wanted);
      standing.version = ++version_;
      audit.push_back({.number = version_,
                       .player_id = standing.player_id,
                       .actor = request.actor.empty() ? "engine" : request.actor,
                       .action = request.action,
                       .reason = standing.reason,
                       .until = standing.until,
                       .at = standing.at});
      if (standing.state != core::VerdictAction::throttle) {
        outbox.push_back({.number = version_,
                          .change = {.player_id = standing.player_id,
                                     .blocked = standing.state == core::VerdictAction::block,
                                     .until = standing.until,
                                     .version = version_,
                                     .at = standing.at,
                                     .reason = standing.reason}});
      }
      standings[standing.player_id] = standing;
      results.push_back(std::move(standing));
    }
    co_return results;
  }

  ports::Task<std::vector<ports::PlayerStanding>> active(core::Timestamp now) override {
    if (away) co_return gone();
    std::vector<ports::PlayerStanding> results;
    for (const auto& [player, standing] : standings) {
      if (standing.state != core::VerdictAction::allow && (!standing.until || *standing.until > now)) {
        results.push_back(standing);
      }
    }
    co_return results;
  }

  ports::Task<ports::StandingFeed> changes(std::int64_t position) override {
    if (away) co_return gone();
    ports::StandingFeed feed{.position = static_cast<std::int64_t>(by_others.size()) + 1};
    if (position > 0) feed.news.assign(by_others.begin() + (position - 1), by_others.end());
    co_return feed;
  }

  ports::Task<void> record(std::vector<ports::DecisionRecord> records) override {
    if (away) co_return gone();
    decisions.insert(decisions.end(), records.begin(), records.end());
    co_return core::Status{};
  }

  ports::Task<ports::DecisionRecord> decision(std::string id) override {
    if (away) co_return gone();
    const auto found = std::ranges::find(decisions, id, &ports::DecisionRecord::id);
    if (found == decisions.end()) co_return core::fail(core::Errc::not_found, "no such decision");
    co_return *found;
  }

  ports::Task<ports::PlayerHistory> history(core::PlayerId player, std::size_t) override {
    if (away) co_return gone();
    ports::PlayerHistory history;
    if (const auto held = standings.find(player); held != standings.end()) history.standing = held->second;
    std::ranges::copy_if(decisions, std::back_inserter(history.decisions),
                         [&](const auto& decision) { return decision.player_id == player; });
    std::ranges::copy_if(audit, std::back_inserter(history.audit),
                         [&](const auto& entry) { return entry.player_id == player; });
    co_return history;
  }

  ports::Task<std::vector<ports::FlaggedPlayer>> flagged(std::size_t limit,
                                                         std::optional<std::int64_t> before) override {
    if (away) co_return gone();
    std::vector<ports::FlaggedPlayer> players;
    for (auto position = static_cast<std::int64_t>(decisions.size()); position > 0; --position) {
      if (players.size() == limit || (before && position >= *before)) continue;
      const ports::DecisionRecord& decision = decisions[static_cast<std::size_t>(position - 1)];
      players.push_back({.position = position, .player_id = decision.player_id, .count = 1, .latest = decision});
    }
    co_return players;
  }

  ports::Task<std::vector<ports::PendingChange>> pending(std::size_t limit) override {
    if (away) co_return gone();
    co_return std::vector<ports::PendingChange>(
        outbox.begin(), outbox.begin() + static_cast<std::ptrdiff_t>(std::min(limit, outbox.size())));
  }

  ports::Task<void> published(std::vector<std::int64_t> numbers) override {
    if (away) co_return gone();
    std::erase_if(outbox, [&](const auto& change) { return std::ranges::count(numbers, change.number) > 0; });
    co_return core::Status{};
  }

 private:
  static std::unexpected<core::Error> gone() { return core::fail(core::Errc::unavailable, "the store is away"); }
  std::int64_t version_ = 0;
};

class FakeBus final : public ports::EventBus {
 public:
  bool away = false;
  std::vector<core::Envelope> published;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override {
    if (away || topic != ports::Topic::verdicts) co_return core::fail(core::Errc::unavailable, "the bus is away");
    published.insert(published.end(), envelopes.begin(), envelopes.end());
    co_return std::vector<ports::PublishOutcome>(envelopes.size(), ports::PublishOutcome::stored);
  }
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic, std::string) override {
    co_return core::fail(core::Errc::unavailable, "nobody consumes here");
  }
  ports::Task<void> check() override { co_return core::Status{}; }
  [[nodiscard]] std::size_t max_body_bytes() const override { return 65536; }
};

}  // namespace liveops::fairness::test
