#include "fairness/async/tier.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <iterator>
#include <utility>

#include "core/envelope.hpp"
#include "fairness/async/bytes.hpp"
#include "fairness/async/intake_record.hpp"
#include "fairness/async/remarks.hpp"

namespace liveops::fairness::async {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kPatience{1};
constexpr std::chrono::seconds kQuiet{60};  // without a batch: then the clock, not the stream, says what time it is
constexpr std::array<const char*, 3> kOutcomes{"counted", "duplicate", "turned_away"};
constexpr std::size_t kMostListed = 10'000;  // waiting for the store
// A checkpoint: this, format u32, the part of what is written ahead that it begins u64, then the analyst's own.
constexpr std::string_view kMagic = "LOTIER";
constexpr std::uint32_t kFormat = 1;  // raise it when the meaning of a byte changes

/// In the order of arrival, which a bus does not promise; those of one request as they happened.
std::vector<const core::Event*> in_order(const std::vector<core::Event>& events) {
  std::vector<const core::Event*> ordered;
  ordered.reserve(events.size());
  for (const core::Event& event : events) ordered.push_back(&event);
  std::ranges::sort(ordered, [](const core::Event* a, const core::Event* b) {
    if (a->received_at != b->received_at) return a->received_at < b->received_at;
    return a->occurred_at != b->occurred_at ? a->occurred_at < b->occurred_at : a < b;
  });
  return ordered;
}

}  // namespace

Tier::Tier(const core::AsyncRules& rules, Analyst::KeyOf key_of, std::function<std::string()> policy, With with)
    : with_(std::move(with)),
      policy_(std::move(policy)),
      analyst_(rules, std::move(key_of)),
      enabled_(rules.enabled),
      heard_at_(with_.clock.now()),
      players_(with_.metrics.gauge("liveops_fairness_async_players", "Players watched by the slower tier.", {})),
      bytes_(with_.metrics.gauge("liveops_fairness_async_bytes", "Memory that the slower tier takes.", {})),
      listed_(with_.metrics.gauge("liveops_fairness_async_review_list", "Players on the latest hourly list.", {})),
      lag_(with_.metrics.gauge("liveops_fairness_async_lag_seconds", "How old the latest event it has seen was then.",
                               {})),
      not_written_ahead_(with_.metrics.counter("liveops_fairness_async_not_written_ahead_total",
                                               "Batches that a crash before the next checkpoint would lose.", {})) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    events_[i] = &with_.metrics.counter("liveops_fairness_async_events_total", "Events that the slower tier was given.",
                                        {{"outcome", kOutcomes[i]}});
  }
  for (std::size_t check = 0; check < kChecks; ++check) {
    for (const Proposal proposal : {Proposal::review, Proposal::flag, Proposal::quarantine}) {
      findings_[check][static_cast<std::size_t>(proposal)] = &with_.metrics.counter(
          "liveops_fairness_async_findings_total", "What the slower tier found, by check and what it proposed.",
          {{"check", std::string(to_string(static_cast<Check>(check)))},
           {"proposal", std::string(to_string(proposal))}});
    }
  }
}

Tier::~Tier() {
  thread_.join();
}

ports::Task<std::vector<runtime::Poison>> Tier::handle(const std::vector<ports::Delivery>& batch) {
  std::vector<runtime::Poison> poison;
  std::vector<core::Event> events;
  events.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto event = core::decode_event(batch[i].envelope);
    if (event) {
      events.push_back(std::move(*event));
    } else {
      poison.push_back({.index = i, .reason = event.error().message});
    }
  }
  const auto ordered = in_order(events);
  if (!ordered.empty()) {
    lag_.set(std::chrono::duration<double>(with_.clock.now() - ordered.back()->received_at).count());
  }
  if (auto seen = co_await asio::co_spawn(thread_, observe(batch, ordered), asio::use_awaitable); !seen) {
    co_return std::unexpected(seen.error());
  }
  if (auto delivered = co_await deliver(); !delivered) co_return std::unexpected(delivered.error());
  co_return poison;
}

ports::Task<void> Tier::observe(const std::vector<ports::Delivery>& batch,
                                const std::vector<const core::Event*>& events) {
  const std::lock_guard lock(mutex_);
  heard_at_ = with_.clock.now();
  carry_out_pardons();
  if (!enabled_) co_return core::Status{};
  write_ahead(record_of(batch));
  for (const core::Event* event : events) analyst_.observe(*event);
  gather();
  co_return core::Status{};
}

void Tier::carry_out_pardons() {
  std::vector<core::PlayerId> pardoned;
  {
    const std::lock_guard lock(waiting_mutex_);
    pardoned.swap(pardoned_);
  }
  if (pardoned.empty()) return;
  write_ahead(record_of(pardoned));
  for (const core::PlayerId& player : pardoned) analyst_.pardon(player);
}

void Tier::write_ahead(const std::string& record) {
  const auto written = with_.ahead.append(record);
  if (!written) not_written_ahead_.add();
  if (!written && !std::exchange(ahead_failed_, true)) {
    with_.log.warn("a crash would cost what the slower tier of fairness takes in now: " + written.error().message);
  }
  if (written && std::exchange(ahead_failed_, false)) with_.log.info("what the slower tier takes in is written again");
}

void Tier::gather() {
  auto findings = analyst_.take_findings();
  const std::lock_guard lock(waiting_mutex_);
  std::ranges::move(findings, std::back_inserter(found_.findings));
  if (analyst_.review_list_at() == list_at_) return;
  list_at_ = analyst_.review_list_at();
  found_.at = list_at_;
  std::unordered_set<std::string> on_list;
  for (const ReviewEntry& entry : analyst_.review_list()) {
    on_list.insert(entry.player.str());
    if (!on_list_.contains(entry.player.str()) && found_.listed.size() < kMostListed) found_.listed.push_back(entry);
  }
  on_list_ = std::move(on_list);
}

/// One at a time: a batch and a step may both have something to tell.
asio::awaitable<Tier::Found> Tier::begin_delivery() {
  for (;;) {
    const auto seen = delivered_.version();
    {
      const std::lock_guard lock(waiting_mutex_);
      if (!std::exchange(delivering_, true)) co_return found_;  // it stays until the stores have it
    }
    co_await delivered_.wait(seen, kPatience);
  }
}

void Tier::end_delivery(const Found& found, bool stored) {
  const auto forget = [](auto& list, std::size_t count) {
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count));
  };
  {
    const std::lock_guard lock(waiting_mutex_);
    delivering_ = false;
    if (stored) {
      forget(found_.findings, found.findings.size());
      forget(found_.listed, found.listed.size());
    }
  }
  delivered_.notify();
}

ports::Task<void> Tier::deliver() {
  const Found found = co_await begin_delivery();
  auto stored = co_await store(found);
  if (stored) count(found);
  end_delivery(found, stored.has_value());
  co_return stored;
}

ports::Task<void> Tier::store(const Found& found) {
  if (found.findings.empty() && found.listed.empty()) co_return core::Status{};
  std::vector<ports::DecisionRecord> decisions;
  std::vector<ports::Suspicion> suspicions;
  const std::string policy = policy_();
  for (const Finding& finding : found.findings) {
    decisions.push_back(decision_of(finding, policy));
    suspicions.push_back(suspicion_of(finding));
  }
  for (const ReviewEntry& entry : found.listed) suspicions.push_back(suspicion_of(entry, found.at));
  if (!decisions.empty()) {
    if (auto recorded = co_await with_.verdicts.record(std::move(decisions)); !recorded) co_return recorded;
  }
  const auto opened = co_await with_.reviews.open(std::move(suspicions));
  if (!opened) co_return std::unexpected(opened.error());
  co_return co_await quarantine(found.findings, policy);
}

/// The same quarantine asked for again changes nothing.
ports::Task<void> Tier::quarantine(const std::vector<Finding>& findings, const std::string& policy) {
  std::vector<ports::StandingRequest> requests;
  for (const Finding& finding : findings) {
    if (finding.proposal == Proposal::quarantine) requests.push_back(quarantine_of(finding, policy));
  }
  if (requests.empty()) co_return core::Status{};
  const auto changed = co_await with_.change_standings(std::move(requests));
  if (!changed) co_return std::unexpected(changed.error());
  co_return core::Status{};
}

bool Tier::something_waits() {
  const std::lock_guard lock(waiting_mutex_);
  return !found_.findings.empty() || !found_.listed.empty();
}

void Tier::count(const Found& found) {
  for (const Finding& finding : found.findings) {
    findings_[static_cast<std::size_t>(finding.check)][static_cast<std::size_t>(finding.proposal)]->add();
  }
}

asio::awaitable<void> Tier::step() {
  co_await asio::co_spawn(thread_, pass_time(with_.clock.now()), asio::use_awaitable);
  if (const auto delivered = co_await deliver(); !delivered) {
    with_.log.warn("what the slower tier found waits for the store: " + delivered.error().message);
  }
}

asio::awaitable<void> Tier::pass_time(core::Timestamp now) {
  const std::lock_guard lock(mutex_);
  carry_out_pardons();
  if (enabled_ && now - heard_at_ > kQuiet) analyst_.advance(now);
  gather();
  measure();
  co_return;
}

void Tier::measure() {
  const std::array<std::uint64_t, 3> now{analyst_.events(), analyst_.duplicates(), analyst_.turned_away()};
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] > counted_[i]) events_[i]->add(static_cast<double>(now[i] - counted_[i]));
  }
  counted_ = now;
  players_.set(static_cast<double>(analyst_.players()));
  bytes_.set(static_cast<double>(analyst_.bytes()));
  listed_.set(static_cast<double>(analyst_.review_list().size()));
}

ports::Task<std::optional<Dossier>> Tier::of(core::PlayerId player) {
  co_return co_await asio::co_spawn(thread_, explain(std::move(player)), asio::use_awaitable);
}

ports::Task<std::optional<Dossier>> Tier::explain(core::PlayerId player) {
  const std::lock_guard lock(mutex_);
  co_return analyst_.explain(player);
}

void Tier::pardon(core::PlayerId player) {
  constexpr std::size_t kMost = 100'000;
  const std::lock_guard lock(waiting_mutex_);
  if (pardoned_.size() < kMost) pardoned_.push_back(std::move(player));
}

void Tier::use_rules(const core::AsyncRules& rules) {
  const std::lock_guard lock(mutex_);
  analyst_.use_rules(rules);
  enabled_ = rules.enabled;
}

ports::Task<void> Tier::save(ports::CheckpointStore& store) {
  constexpr int kAttempts = 3;
  core::Status saved;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (auto delivered = co_await deliver(); !delivered) co_return delivered;
    saved = co_await store.save([this](const Analyst::Sink& sink) { return write_checkpoint(sink); });
    if (saved || !something_waits()) break;
  }
  if (saved) co_await asio::co_spawn(thread_, drop_what_is_kept(), asio::use_awaitable);
  co_return saved;
}

core::Status Tier::write_checkpoint(const Analyst::Sink& sink) {
  const std::lock_guard lock(mutex_);
  // The analyst takes it for told: after a crash it would not find it again.
  if (something_waits()) return core::fail(core::Errc::unavailable, "what was found waits for the store");
  const auto part = with_.ahead.begin_part();
  if (!part) return std::unexpected(part.error());
  part_ = *part;
  std::string head(kMagic);
  Writer out(head);
  out.put(kFormat);
  out.put(part_);
  if (auto taken = sink(head); !taken) return taken;
  return analyst_.save(sink);
}

asio::awaitable<void> Tier::drop_what_is_kept() {
  const std::lock_guard lock(mutex_);
  with_.ahead.drop_before(part_);
  co_return;
}

asio::awaitable<void> Tier::load(ports::CheckpointStore& store) {
  co_await asio::co_spawn(thread_, take_over(store), asio::use_awaitable);
}

asio::awaitable<void> Tier::take_over(ports::CheckpointStore& store) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t part = restore(store);
  // What comes next lies behind what others wrote.
  if (const auto begun = with_.ahead.begin_part(); !begun) with_.log.warn(begun.error().message);
  const std::uint64_t replayed = replay(part);
  counted_ = {analyst_.events(), analyst_.duplicates(), analyst_.turned_away()};
  with_.log.info("the slower tier of fairness goes on from what was kept",
                 {{"players", static_cast<std::int64_t>(analyst_.players())},
                  {"events_since_the_checkpoint", static_cast<std::int64_t>(replayed)}});
  co_return;
}

/// Gives the part of what was written ahead that the checkpoint began; 0: all of it.
std::uint64_t Tier::restore(ports::CheckpointStore& store) {
  const auto bytes = store.load();
  if (!bytes) {
    if (bytes.error().code != core::Errc::not_found) {
      with_.log.warn("the slower tier of fairness begins anew: " + bytes.error().message);
    }
    return 0;
  }
  constexpr std::size_t kHead = kMagic.size() + sizeof(std::uint32_t) + sizeof(std::uint64_t);
  std::uint32_t format = 0;
  std::uint64_t part = 0;
  Reader in(bytes->starts_with(kMagic) ? std::string_view(*bytes).substr(kMagic.size()) : std::string_view());
  if (!in.take(format) || !in.take(part) || format != kFormat) {
    with_.log.warn("the slower tier of fairness begins anew: its checkpoint is broken or of another release");
    return 0;
  }
  if (const auto restored = analyst_.restore(std::string_view(*bytes).substr(kHead)); !restored) {
    with_.log.warn("the slower tier of fairness begins anew: " + restored.error().message);
    return 0;
  }
  return part;
}

std::uint64_t Tier::replay(std::uint64_t part) {
  std::uint64_t count = 0;
  const auto read = with_.ahead.replay(part, [&](std::string_view record) {
    const auto intake = read_record(record);
    if (!intake) return;
    for (const core::Event* event : in_order(intake->events)) analyst_.observe(*event);
    for (const core::PlayerId& player : intake->pardoned) analyst_.pardon(player);
    count += intake->events.size();
  });
  if (!read) with_.log.warn("what the slower tier took in since its checkpoint is missing: " + read.error().message);
  return count;
}

}  // namespace liveops::fairness::async
