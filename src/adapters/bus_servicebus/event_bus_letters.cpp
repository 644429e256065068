#include <algorithm>
#include <utility>

#include "adapters/bus_servicebus/event_bus.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Status;
using ports::DeadLetter;
using ports::PublishOutcome;

namespace {

constexpr std::size_t kPage = 100;

std::unexpected<core::Error> no_such_letter() {
  return core::fail(Errc::not_found, "no such dead letter");
}

std::unexpected<core::Error> unavailable(const core::Error& why) {
  return core::fail(Errc::unavailable, why.message, why.detail);
}

}  // namespace

LetterDesk& EventBus::desk() {
  const std::lock_guard lock(mutex_);
  if (!desk_) {
    desk_ = std::make_shared<LetterDesk>(*loop_, access_);
    loop_->add(desk_);
  }
  return *desk_;
}

std::vector<EventBus::Group> EventBus::known_groups() {
  const std::lock_guard lock(mutex_);
  return {groups_.begin(), groups_.end()};
}

DeadLetter EventBus::letter_of(const Group& group, Incoming incoming) const {
  return {.id = to_string(LetterId{.topic = group.first, .group = group.second, .sequence = incoming.sequence}),
          .topic = group.first,
          .group = group.second,
          .reason = std::move(incoming.dead_reason),
          .attempts = incoming.dead_attempts,
          .dead_at = incoming.enqueued_at,
          .envelope = std::move(incoming.envelope)};
}

ports::Task<std::vector<DeadLetter>> EventBus::list(std::size_t limit, std::string after) {
  std::vector<DeadLetter> letters;
  const auto last = parse_letter_id(after);
  if (!last && !after.empty()) co_return letters;
  for (const auto& group : known_groups()) {
    if (last && group < Group(last->topic, last->group)) continue;
    std::int64_t from = last && group == Group(last->topic, last->group) ? last->sequence + 1 : 0;
    const auto address = dead_letters_of(entities_.source(group.first, group.second));
    while (letters.size() < limit) {
      const auto asked = std::min(kPage, limit - letters.size());
      auto page = co_await desk().peek(address, from, asked);
      if (!page) co_return unavailable(page.error());
      if (page->empty()) break;
      from = page->back().sequence + 1;
      for (auto& incoming : *page) letters.push_back(letter_of(group, std::move(incoming)));
    }
  }
  co_return letters;
}

ports::Task<Incoming> EventBus::find(LetterId id) {
  const auto groups = known_groups();
  if (std::ranges::find(groups, Group(id.topic, id.group)) == groups.end()) co_return no_such_letter();
  auto found = co_await desk().peek(dead_letters_of(entities_.source(id.topic, id.group)), id.sequence, 1);
  if (!found) co_return unavailable(found.error());
  if (found->empty() || found->front().sequence != id.sequence) co_return no_such_letter();
  co_return std::move(found->front());
}

ports::Task<DeadLetter> EventBus::show(std::string id) {
  const auto parsed = parse_letter_id(id);
  if (!parsed) co_return no_such_letter();
  auto found = co_await find(*parsed);
  if (!found) co_return std::unexpected(found.error());
  co_return letter_of({parsed->topic, parsed->group}, *std::move(found));
}

ports::Task<void> EventBus::redrive(std::string id) {
  const auto parsed = parse_letter_id(id);
  if (!parsed) co_return no_such_letter();
  const auto letter = co_await find(*parsed);
  if (!letter) co_return std::unexpected(letter.error());
  // A redrive that was cut short before the removal is recognised by this id when it is asked for again.
  const auto message_id = "redrive/" + id + "/" + std::to_string(letter->enqueued_at.time_since_epoch().count());
  std::vector<std::string> message;
  message.push_back(encode_redriven(letter->envelope, parsed->group, message_id));
  const auto published =
      co_await publisher_->publish(entities_.redrive_targets(parsed->topic, parsed->group), std::move(message));
  if (!published) co_return unavailable(published.error());
  if (published->front() != PublishOutcome::stored) {
    co_return core::fail(Errc::unavailable, "Service Bus does not take the letter now: try again");
  }
  co_return co_await desk().remove(dead_letters_of(entities_.source(parsed->topic, parsed->group)), parsed->sequence);
}

}  // namespace liveops::adapters::bus_servicebus
