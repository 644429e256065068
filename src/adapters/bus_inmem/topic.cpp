#include "adapters/bus_inmem/topic.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::bus_inmem {

using ports::PublishOutcome;
using runtime::Handout;

bool Faults::take(std::atomic<int>& count) {
  int left = count.load();
  while (left > 0) {
    if (count.compare_exchange_weak(left, left - 1)) return true;
  }
  return false;
}

Topic::Topic(ports::Topic name, const core::Clock& clock, const Options& options)
    : name_(name), clock_(clock), options_(options), random_(options.shuffle_seed.value_or(1)) {}

std::vector<PublishOutcome> Topic::publish(std::vector<core::Envelope> envelopes) {
  std::vector<PublishOutcome> outcomes;
  outcomes.reserve(envelopes.size());
  const std::lock_guard lock(mutex_);
  for (auto& envelope : envelopes) {
    if (envelope.body.size() > options_.max_body_bytes) {
      outcomes.push_back(PublishOutcome::refused);
    } else if (!has_room()) {
      outcomes.push_back(PublishOutcome::retry);
    } else {
      append(std::move(envelope));
      outcomes.push_back(PublishOutcome::stored);
    }
  }
  wake_all();
  return outcomes;
}

bool Topic::publish_to(const std::string& group, core::Envelope envelope) {
  const std::lock_guard lock(mutex_);
  if (groups_.at(group)->ledger.backlog() >= options_.max_messages) return false;
  for (auto& [name, other] : groups_) {
    if (name != group) other->ledger.skip(base_ + log_.size());
  }
  append(std::move(envelope));
  wake_all();
  return true;
}

bool Topic::has_room() const {
  return std::ranges::all_of(
      groups_, [this](const auto& entry) { return entry.second->ledger.backlog() < options_.max_messages; });
}

void Topic::append(core::Envelope envelope) {
  if (groups_.empty()) {
    ++base_;  // nobody will ask for it
    return;
  }
  log_.push_back({std::move(envelope), clock_.now()});
  for (auto& [name, group] : groups_) group->ledger.grow_to(base_ + log_.size());
}

void Topic::wake_all() {
  for (auto& [name, group] : groups_) group->signal.notify();
}

Group& Topic::group(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto& group = groups_[name];
  if (!group) group = std::make_unique<Group>(name, base_ + log_.size(), options_.max_in_flight);
  return *group;
}

std::uint32_t Topic::next_holder() {
  const std::lock_guard lock(mutex_);
  return ++holders_;
}

std::vector<ports::Delivery> Topic::take(Group& group, std::size_t max, std::uint32_t holder,
                                         std::chrono::microseconds& wait_at_most) {
  const std::lock_guard lock(mutex_);
  std::vector<ports::Delivery> out;
  for (const auto& handout : choose(group, max, holder)) {
    const auto& stored = log_[handout.offset - base_];
    out.push_back({stored.envelope, runtime::to_tag(handout), handout.attempt});
  }
  if (const auto due = group.ledger.next_due(); out.empty() && due) {
    wait_at_most = std::min(wait_at_most, std::max(*due - clock_.now(), std::chrono::microseconds(1000)));
  }
  return out;
}

std::vector<Handout> Topic::choose(Group& group, std::size_t max, std::uint32_t holder) {
  const auto now = clock_.now();
  if (!options_.shuffle_seed) return group.ledger.take(max, now, options_.visibility, holder);
  auto handouts = group.ledger.take(max + max, now, options_.visibility, holder);
  std::ranges::shuffle(handouts, random_);
  while (handouts.size() > max) {
    group.ledger.put_back(handouts.back(), now);
    handouts.pop_back();
  }
  return handouts;
}

void Topic::ack(Group& group, std::span<const std::string> tags) {
  const std::lock_guard lock(mutex_);
  for (const auto& tag : tags) {
    if (const auto handout = runtime::parse_tag(tag)) ack_one(group, *handout);
  }
  trim();
}

void Topic::ack_one(Group& group, Handout handout) {
  const bool lost = options_.redeliver_every > 1 && ++acks_ % options_.redeliver_every == 0;
  const bool again = options_.deliver_times > 1 && ++group.acks[handout.offset] < options_.deliver_times;
  if (lost || again) {
    if (group.ledger.nack(handout, clock_.now())) group.signal.notify();
    return;
  }
  group.ledger.ack(handout);
  group.acks.erase(handout.offset);
}

void Topic::nack(Group& group, std::span<const std::string> tags, std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  const auto due = clock_.now() + delay;
  for (const auto& tag : tags) {
    if (const auto handout = runtime::parse_tag(tag)) group.ledger.nack(*handout, due);
  }
  group.signal.notify();
}

void Topic::extend(Group& group, std::span<const std::string> tags) {
  const std::lock_guard lock(mutex_);
  const auto until = clock_.now() + options_.visibility;
  for (const auto& tag : tags) {
    if (const auto handout = runtime::parse_tag(tag)) group.ledger.extend(*handout, until);
  }
}

core::Status Topic::dead_letter(Group& group, ports::Delivery delivery, std::string reason, DeadLetterBox& dead) {
  const auto handout = runtime::parse_tag(delivery.tag);
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  // Restarting the visibility tells whether the delivery is still the current one: else another member has it.
  if (!handout || !group.ledger.extend(*handout, now + options_.visibility)) return {};
  auto added = dead.add({.id = {},
                         .topic = name_,
                         .group = group.name,
                         .reason = std::move(reason),
                         .attempts = delivery.attempt,
                         .dead_at = now,
                         .envelope = std::move(delivery.envelope)});
  if (!added) return added;
  group.ledger.ack(*handout);
  group.acks.erase(handout->offset);
  trim();
  return {};
}

void Topic::release(Group& group, std::uint32_t holder) {
  {
    const std::lock_guard lock(mutex_);
    group.ledger.release(holder, clock_.now());
  }
  group.signal.notify();
}

ports::Backlog Topic::backlog(Group& group) {
  const std::lock_guard lock(mutex_);
  ports::Backlog backlog{.messages = group.ledger.backlog()};
  if (backlog.messages == 0) return backlog;
  const auto published_at = log_[group.ledger.position() - base_].published_at;
  const auto age = std::chrono::floor<std::chrono::milliseconds>(clock_.now() - published_at);
  backlog.oldest_age = std::max(age, std::chrono::milliseconds(0));
  return backlog;
}

void Topic::trim() {
  std::uint64_t lowest = base_ + log_.size();
  for (const auto& [name, group] : groups_) lowest = std::min(lowest, group->ledger.position());
  for (; base_ < lowest; ++base_) log_.pop_front();
}

}  // namespace liveops::adapters::bus_inmem
