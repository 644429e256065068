// The half of the subscriber that gets messages; subscriber_locks.cpp has the half that is done with them.
#include "adapters/bus_servicebus/subscriber.hpp"

#include <algorithm>
#include <proton/error_condition.hpp>
#include <proton/receiver_options.hpp>
#include <proton/source.hpp>
#include <utility>

#include "adapters/bus_servicebus/conditions.hpp"
#include "adapters/bus_servicebus/proton_access.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Status;
using ports::Delivery;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kFirstWait{100};
constexpr milliseconds kLongestWait{5000};
constexpr LockBook::Duration kShortestLock = milliseconds(100);  // whatever the clocks say
constexpr LockBook::Duration kLongestLock = std::chrono::minutes(5);

std::unexpected<core::Error> not_attached(const std::string& address) {
  return core::fail(Errc::unavailable, "Service Bus: the link to '" + address + "' is being opened");
}

}  // namespace

Subscriber::Subscriber(Loop& loop, const Access& access, std::string address, std::string group)
    : Session(loop, access, "consumer of " + address),
      address_(std::move(address)),
      group_(std::move(group)),
      attached_(not_attached(address_)),
      backoff_(kFirstWait, kLongestWait),
      management_(address_ + "/$management"),
      book_(access.options.visibility) {}

bool Subscriber::is_pulling() const {
  const std::lock_guard lock(mutex_);
  return pulling_;
}

Status Subscriber::attached() const {
  if (auto connected = status(); !connected) return connected;
  const std::lock_guard lock(mutex_);
  return attached_;
}

bool Subscriber::is_refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

std::vector<Delivery> Subscriber::take(std::size_t max) {
  const std::lock_guard lock(mutex_);
  std::vector<Delivery> taken;
  while (taken.size() < max && !arrivals_.empty()) {
    taken.push_back(std::move(arrivals_.front()));
    arrivals_.pop_front();
  }
  return taken;
}

void Subscriber::pull(std::size_t max, Instant until) {
  {
    const std::lock_guard lock(mutex_);
    if (released_) return;
    pulling_ = true;
  }
  post([this, max, until](proton::connection* up) {
    if (up != nullptr && link_open_) {
      start_pull(max, until);
    } else {
      end_pull();
    }
  });
}

void Subscriber::start_pull(std::size_t max, Instant until) {
  const auto most = access().options.max_in_flight;
  const auto room = most - std::min(book_.size(), most);
  pull_until_ = until;
  pull_begun_ = true;
  const auto wanted = static_cast<int>(std::min(max, room)) - receiver_.credit();
  if (wanted > 0) receiver_.add_credit(static_cast<std::uint32_t>(wanted));
  if (until <= steady_clock::now()) drain();
}

void Subscriber::drain() {
  if (std::exchange(draining_, true)) return;
  receiver_.drain();
}

void Subscriber::on_receiver_drain_finish(proton::receiver& receiver) {
  if (receiver == receiver_) end_pull();
}

void Subscriber::end_pull() {
  pull_begun_ = false;
  draining_ = false;
  {
    const std::lock_guard lock(mutex_);
    pulling_ = false;
  }
  news().notify();
}

void Subscriber::want_link() {
  link_wanted_ = true;
  authorise(address_, [this](const Status& authorised) {
    if (!authorised) {
      link_failed(authorised.error());
    } else if (is_connected()) {
      open_link();
    }
  });
}

void Subscriber::open_link() {
  receiver_ =
      connection().open_receiver(address_, proton::receiver_options().credit_window(0).auto_accept(false).delivery_mode(
                                               proton::delivery_mode::AT_LEAST_ONCE));
  settle_second(receiver_);
}

void Subscriber::on_receiver_open(proton::receiver& receiver) {
  // A service that refuses a link opens it first, without a source, and closes it at once.
  if (receiver != receiver_ || receiver.source().address().empty()) return;
  link_open_ = true;
  link_wanted_ = false;
  {
    const std::lock_guard lock(mutex_);
    attached_ = {};
    refused_ = false;
  }
  news().notify();
}

void Subscriber::on_receiver_close(proton::receiver& receiver) {
  if (receiver != receiver_) return;
  const auto condition = condition_of(receiver.error());
  const bool routine = is_routine(condition.name) && link_open_;
  if (routine) {
    drop_link(not_attached(address_));
    want_link();
  } else {
    link_failed(error_of(condition, address_));
  }
}

void Subscriber::link_failed(const core::Error& why) {
  backoff_.failed(steady_clock::now());
  if (why.code == Errc::unauthenticated) forget_token(address_);
  access().log.warn("cannot receive from Service Bus", {{"error", why.message}, {"detail", why.detail}});
  {
    const std::lock_guard lock(mutex_);
    refused_ = why.code != Errc::unavailable;
  }
  drop_link(core::fail(Errc::unavailable, why.message, why.detail));
}

void Subscriber::drop_link(Status why) {
  receiver_ = {};
  link_open_ = false;
  link_wanted_ = false;
  pull_begun_ = false;
  draining_ = false;
  deliveries_.clear();
  book_.clear();
  auto settling = std::exchange(settling_, {});
  {
    const std::lock_guard lock(mutex_);
    arrivals_.clear();  // their locks cannot be settled any more: they come again
    attached_ = std::move(why);
    pulling_ = false;
  }
  for (auto& [token, settlement] : settling) {
    if (settlement->left == 0) continue;
    settlement->left = 0;
    settlement->told(core::fail(Errc::unavailable, "Service Bus went away before it confirmed"));
  }
  news().notify();
}

void Subscriber::on_down() {
  management_.drop();
  drop_link(not_attached(address_));
}

void Subscriber::on_tick(Instant now) {
  if (!link_open_ && !link_wanted_ && backoff_.is_due(now)) want_link();
  if (!link_open_) return;
  tend_locks(now);
  if (pull_begun_ && !draining_ && (now >= pull_until_ || receiver_.credit() == 0)) drain();
}

LockBook::Duration Subscriber::lock_left(const Incoming& incoming) const {
  const auto left = incoming.locked_until - access().clock.now();
  return std::clamp<LockBook::Duration>(left, kShortestLock, kLongestLock);
}

void Subscriber::on_message(proton::delivery& delivery, proton::message& message) {
  const auto token = lock_token_of(delivery);
  if (!token) return;
  auto incoming = decode_message(message);
  if (!incoming.only_group.empty() && incoming.only_group != group_) {
    complete(delivery);
  } else if (!incoming.readable) {
    dead_letter(delivery, "not a message of this program", std::to_string(incoming.attempt));
  } else {
    keep(delivery, *token, std::move(incoming));
  }
  if (!draining_) drain();  // the service sends what else it has, and then says so
}

void Subscriber::keep(const proton::delivery& delivery, const LockToken& token, Incoming incoming) {
  deliveries_.insert_or_assign(token, delivery);
  book_.add(token, steady_clock::now(), lock_left(incoming));
  {
    const std::lock_guard lock(mutex_);
    if (!released_) {
      arrivals_.push_back(
          {.envelope = std::move(incoming.envelope), .tag = to_tag(token), .attempt = incoming.attempt});
      return;
    }
  }
  static_cast<void>(apply(token, {.outcome = Outcome::abandon}));
}

}  // namespace liveops::adapters::bus_servicebus
