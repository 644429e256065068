#pragma once

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/event_bus.hpp"
#include "ports/review_rules.hpp"
#include "ports/review_store.hpp"
#include "ports/standing_rules.hpp"
#include "ports/verdict_store.hpp"

/// A store and a bus in memory that fail when told to, for the service's tests.
namespace liveops::fairness::test {

class FakeStore final : public ports::VerdictStore {
 public:
  bool away = false;
  bool slow = false;  // others get their turn while a decision is recorded
  std::map<core::PlayerId, ports::PlayerStanding> standings;
  std::vector<ports::DecisionRecord> decisions;
  std::vector<ports::AuditEntry> audit;
  std::vector<ports::PendingChange> outbox;
  std::vector<ports::StandingNews> by_others;  // what `changes` gives, from a position on

  ports::Task<std::vector<ports::PlayerStanding>> put(std::vector<ports::StandingRequest> requests) override {
    if (away) co_return gone();
    std::vector<ports::PlayerStanding> results;
    for (ports::StandingRequest& request : requests) results.push_back(put_one(request));
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
    if (slow) co_await boost::asio::post(boost::asio::use_awaitable);
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
    std::ranges::reverse(history.decisions);  // newest first
    std::ranges::reverse(history.audit);
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
  ports::PlayerStanding put_one(const ports::StandingRequest& request) {
    const auto held = standings.find(request.wanted.player_id);
    auto settled = ports::settle(held == standings.end() ? std::nullopt : std::optional(held->second), request);
    if (!settled.changed) return settled.standing;
    ++number_;
    audit.push_back(ports::audit_entry_of(request));
    audit.back().number = number_;
    if (settled.change) outbox.push_back({.number = number_, .change = *settled.change});
    standings[settled.standing.player_id] = settled.standing;
    return settled.standing;
  }

  static std::unexpected<core::Error> gone() { return core::fail(core::Errc::unavailable, "the store is away"); }
  std::int64_t number_ = 0;
};

/// Cases in memory, by id.
class FakeReviews final : public ports::ReviewStore {
 public:
  bool away = false;
  std::map<std::int64_t, ports::ReviewCase> cases;

  ports::Task<std::uint64_t> open(std::vector<ports::Suspicion> suspicions) override {
    if (away) co_return gone();
    for (ports::Suspicion& suspicion : suspicions) {
      const auto held = std::ranges::find_if(cases, [&](const auto& known) {
        const ports::ReviewCase& one = known.second;
        return !one.decision && one.latest.player_id == suspicion.player_id && one.latest.rule == suspicion.rule;
      });
      if (held != cases.end()) {
        ++held->second.remarks;
        held->second.latest = std::move(suspicion);
        continue;
      }
      const auto id = static_cast<std::int64_t>(cases.size()) + 1;
      const core::Timestamp at = suspicion.at;
      cases[id] = {.id = id, .latest = std::move(suspicion), .remarks = 1, .opened_at = at};
    }
    co_return std::uint64_t{0};
  }

  ports::Task<std::vector<ports::ReviewCase>> list(ports::ReviewFilter filter, core::Timestamp now, std::size_t limit,
                                                   std::optional<std::int64_t>) override {
    if (away) co_return gone();
    std::vector<ports::ReviewCase> found;
    for (const auto& [id, one] : cases) {
      if (found.size() < limit && (!filter.state || *filter.state == one.state(now))) found.push_back(one);
    }
    co_return found;
  }

  ports::Task<ports::ReviewCase> find(std::int64_t id) override {
    if (away) co_return gone();
    if (!cases.contains(id)) co_return core::fail(core::Errc::not_found, "no such case");
    co_return cases[id];
  }

  ports::Task<ports::ReviewCase> claim(std::int64_t id, std::string worker, core::Timestamp now,
                                       std::chrono::seconds lease) override {
    auto found = co_await find(id);
    if (!found) co_return found;
    if (auto free = ports::may_claim(*found, worker, now); !free) co_return std::unexpected(free.error());
    cases[id].claim = {.worker = std::move(worker), .until = now + lease};
    co_return cases[id];
  }

  ports::Task<ports::ReviewCase> decide(std::int64_t id, ports::ReviewCase::Decision decision) override {
    auto found = co_await find(id);
    if (!found) co_return found;
    const auto is_new = ports::may_decide(*found, decision);
    if (!is_new) co_return std::unexpected(is_new.error());
    if (!*is_new) co_return found;
    decision.carried_out = decision.outcome == ports::ReviewOutcome::uphold;
    cases[id].decision = std::move(decision);
    co_return cases[id];
  }

  ports::Task<std::vector<ports::ReviewCase>> to_carry_out(std::size_t limit) override {
    if (away) co_return gone();
    std::vector<ports::ReviewCase> found;
    for (const auto& [id, one] : cases) {
      if (found.size() < limit && one.decision && !one.decision->carried_out) found.push_back(one);
    }
    co_return found;
  }

  ports::Task<void> carried_out(std::int64_t id) override {
    if (away) co_return gone();
    cases.at(id).decision->carried_out = true;
    co_return core::Status{};
  }

  ports::Task<std::vector<ports::RuleReviews>> summary() override {
    if (away) co_return gone();
    std::map<std::string, ports::RuleReviews> rules;
    for (const auto& [id, one] : cases) {
      ports::RuleReviews& rule = rules[one.latest.rule];
      rule.rule = one.latest.rule;
      if (!one.decision) ++rule.undecided;
      if (one.decision) ++(one.decision->outcome == ports::ReviewOutcome::uphold ? rule.upheld : rule.overturned);
    }
    std::vector<ports::RuleReviews> list;
    for (auto& [name, rule] : rules) list.push_back(rule);
    co_return list;
  }

 private:
  static std::unexpected<core::Error> gone() { return core::fail(core::Errc::unavailable, "the store is away"); }
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
