#include "gateway/intake.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <tuple>
#include <unordered_map>

#include "gateway/fingerprint.hpp"

namespace liveops::gateway {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> abandon(ports::IdempotencyStore& store, std::vector<core::EventId> ids) {
  std::ignore = co_await store.abandon(std::move(ids));  // failing that, the reservation ends by itself
}

}  // namespace

ReservedKeys::ReservedKeys(ports::IdempotencyStore& store, asio::any_io_executor executor)
    : store_(store), executor_(std::move(executor)) {}

ReservedKeys::~ReservedKeys() {
  if (!ids_.empty()) asio::co_spawn(executor_, abandon(store_, std::move(ids_)), asio::detached);
}

Intake::Intake(std::vector<core::Event> events, ports::IdempotencyStore& keys, asio::any_io_executor executor)
    : keys_(keys), events_(std::move(events)), decisions_(events_.size()), guard_(keys, std::move(executor)) {
  entries_.reserve(events_.size());
  Fingerprinter fingerprint;
  for (const auto& event : events_) entries_.push_back({event.id, fingerprint(event)});
}

asio::awaitable<core::Status> Intake::reserve(core::Timestamp now) {
  const auto states = co_await keys_.begin(entries_, now);
  if (!states) co_return std::unexpected(states.error());
  std::vector<std::size_t> running;
  reserved_.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    switch ((*states)[i]) {
      case ports::IdempotencyState::fresh:
        reserved_.push_back(i);
        guard_.add(entries_[i].id);
        break;
      case ports::IdempotencyState::running:
        decide(i, Outcome::in_progress);
        running.push_back(i);
        break;
      case ports::IdempotencyState::done:
        decide(i, Outcome::duplicate);
        break;
      case ports::IdempotencyState::mismatch:
        decide(i, Outcome::key_reused);
        break;
    }
  }
  open_ = reserved_;
  if (!running.empty()) find_twins(running);
  co_return core::Status{};
}

std::vector<core::Event> Intake::prepare() {
  envelopes_.reserve(open_.size());
  for (const std::size_t i : open_) envelopes_.push_back(core::encode_event(events_[i]));
  if (open_.size() == events_.size()) return std::move(events_);
  std::vector<core::Event> asked;
  asked.reserve(open_.size());
  for (const std::size_t i : open_) asked.push_back(std::move(events_[i]));
  return asked;
}

void Intake::judge(std::optional<std::vector<core::Verdict>> verdicts) {
  if (!verdicts) {
    open_.clear();  // decided by default: unavailable
    return;
  }
  std::size_t kept = 0;
  for (std::size_t n = 0; n < open_.size(); ++n) {
    core::Verdict& verdict = (*verdicts)[n];
    if (verdict.action == core::VerdictAction::allow) {
      if (kept != n) envelopes_[kept] = std::move(envelopes_[n]);
      open_[kept++] = open_[n];
      continue;
    }
    const bool blocked = verdict.action == core::VerdictAction::block;
    decisions_[open_[n]] = {blocked ? Outcome::blocked : Outcome::throttled, std::move(verdict)};
  }
  open_.resize(kept);
  envelopes_.resize(kept);
}

std::vector<core::Envelope> Intake::take_envelopes() {
  return std::move(envelopes_);
}

void Intake::conclude(const core::Result<std::vector<ports::PublishOutcome>>& published) {
  for (std::size_t n = 0; published && n < std::min(open_.size(), published->size()); ++n) {
    switch ((*published)[n]) {
      case ports::PublishOutcome::stored:
        decide(open_[n], Outcome::accepted);
        break;
      case ports::PublishOutcome::retry:
        break;  // decided by default: unavailable
      case ports::PublishOutcome::refused:
        decide(open_[n], Outcome::too_large);
        break;
    }
  }
  open_.clear();
}

asio::awaitable<core::Status> Intake::settle(core::Timestamp now) {
  std::vector<ports::IdempotencyStore::Entry> accepted;
  std::vector<core::EventId> refused;
  accepted.reserve(reserved_.size());
  for (const std::size_t i : reserved_) {
    if (decisions_[i].outcome == Outcome::accepted) {
      accepted.push_back(entries_[i]);
    } else {
      refused.push_back(entries_[i].id);
    }
  }
  std::ignore = guard_.release();
  if (!refused.empty()) co_await abandon(keys_, std::move(refused));
  if (accepted.empty()) co_return core::Status{};
  co_return co_await keys_.complete(std::move(accepted), now);
}

std::vector<Decision> Intake::take_decisions() {
  for (const auto& [later, earlier] : twins_) {
    decisions_[later] = decisions_[earlier];
    if (decisions_[later].outcome == Outcome::accepted) decide(later, Outcome::duplicate);
  }
  return std::move(decisions_);
}

void Intake::find_twins(const std::vector<std::size_t>& running) {
  std::unordered_map<core::EventId, std::size_t> ours;
  ours.reserve(reserved_.size());
  for (const std::size_t i : reserved_) ours.emplace(entries_[i].id, i);
  for (const std::size_t i : running) {
    if (const auto twin = ours.find(entries_[i].id); twin != ours.end()) twins_.emplace_back(i, twin->second);
  }
}

}  // namespace liveops::gateway
