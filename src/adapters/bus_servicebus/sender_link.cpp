#include "adapters/bus_servicebus/sender_link.hpp"

#include <charconv>
#include <proton/error_condition.hpp>
#include <proton/sender_options.hpp>
#include <proton/target.hpp>
#include <proton/tracker.hpp>
#include <utility>

#include "adapters/bus_servicebus/proton_access.hpp"

namespace liveops::adapters::bus_servicebus {

using ports::PublishOutcome;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kFirstWait{100};
constexpr milliseconds kLongestWait{5000};

}  // namespace

SenderLink::SenderLink(std::string address, Events events)
    : address_(std::move(address)), events_(std::move(events)), backoff_(kFirstWait, kLongestWait) {}

void SenderLink::send(const Parcel& parcel, Instant deadline) {
  for (std::size_t i = 0; i < parcel.messages.size(); ++i) {
    pending_.emplace(
        ++last_number_,
        Pending{.publication = parcel.publication, .index = i, .bytes = parcel.messages[i], .deadline = deadline});
  }
  flush();
}

void SenderLink::open(proton::connection& connection) {
  sender_ = connection.open_sender(address_, proton::sender_options().handler(*this).auto_settle(true));
}

void SenderLink::failed(const core::Error& why) {
  wanted_ = false;
  failed_ = true;
  backoff_.failed(steady_clock::now());
  events_.changed(std::unexpected(why));
}

void SenderLink::drop() {
  sender_ = {};
  open_ = false;
  wanted_ = false;
}

void SenderLink::expire(Instant now) {
  while (!pending_.empty() && pending_.begin()->second.deadline <= now) {
    const auto late = pending_.extract(pending_.begin());
    late.mapped().publication->answer(late.mapped().index, PublishOutcome::retry);
  }
}

void SenderLink::tick(Instant now) {
  const bool needed = failed_ || !pending_.empty();
  if (!needed || open_ || wanted_ || !backoff_.is_due(now)) return;
  wanted_ = true;
  events_.wants_link();
}

void SenderLink::on_sender_open(proton::sender& sender) {
  // A service that refuses a link opens it first, without a target, and closes it at once.
  if (sender != sender_ || sender.target().address().empty()) return;
  open_ = true;
  wanted_ = false;
  failed_ = false;
  next_unsent_ = pending_.empty() ? last_number_ + 1 : pending_.begin()->first;
  events_.changed({});
  flush();
}

void SenderLink::on_sender_close(proton::sender& sender) {
  if (sender != sender_) return;
  const auto condition = condition_of(sender.error());
  const bool was_open = open_;
  drop();
  if (was_open && is_routine(condition.name)) {
    tick(steady_clock::now());
  } else {
    failed(error_of(condition, address_));
  }
}

void SenderLink::on_sendable(proton::sender& sender) {
  if (sender == sender_) flush();
}

void SenderLink::flush() {
  if (!open_) return;
  auto next = pending_.lower_bound(next_unsent_);
  for (; next != pending_.end() && sender_.credit() > 0; ++next) {
    send_bytes(sender_, std::to_string(next->first), next->second.bytes);
    next_unsent_ = next->first + 1;
  }
}

void SenderLink::answer(const std::string& tag, PublishOutcome outcome) {
  std::uint64_t number = 0;
  std::from_chars(tag.data(), tag.data() + tag.size(), number);
  const auto answered = pending_.extract(number);
  if (answered.empty()) return;  // too late
  backoff_.succeeded();
  answered.mapped().publication->answer(answered.mapped().index, outcome);
}

void SenderLink::on_tracker_accept(proton::tracker& tracker) {
  answer(tag_of(tracker), PublishOutcome::stored);
}

void SenderLink::on_tracker_reject(proton::tracker& tracker) {
  const auto condition = condition_of(tracker);
  if (is_busy(condition.name)) events_.busy();
  answer(tag_of(tracker), outcome_of(condition.name));
}

void SenderLink::on_tracker_release(proton::tracker& tracker) {
  answer(tag_of(tracker), PublishOutcome::retry);
}

}  // namespace liveops::adapters::bus_servicebus
