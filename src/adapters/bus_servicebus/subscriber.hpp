#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <proton/delivery.hpp>
#include <proton/receiver.hpp>
#include <string>
#include <vector>

#include "adapters/bus_servicebus/lock_book.hpp"
#include "adapters/bus_servicebus/management.hpp"
#include "adapters/bus_servicebus/request_pair.hpp"
#include "adapters/bus_servicebus/session.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_servicebus {

/// The connection of one member of a consumer group: its link to the group's subscription or queue, the locks that it
/// holds, and the requests about them. Messages come only while a `pull` is under way: no lock runs out in a buffer.
///
/// Threads: any; but those of the private half the loop's.
class Subscriber final : public Session {
 public:
  using Told = std::move_only_function<void(core::Status)>;
  using Shown = std::move_only_function<void(core::Result<std::vector<Incoming>>)>;
  enum class Outcome : std::uint8_t { complete, abandon, dead_letter };
  struct Verdict {
    Outcome outcome = Outcome::complete;
    std::string reason = {};  // of a dead letter
    std::string attempts = {};
  };

  Subscriber(Loop& loop, const Access& access, std::string address, std::string group);

  /// Asks for up to `max` messages until some came or it is `until`. Requires: no pull is under way.
  void pull(std::size_t max, Instant until);
  /// What came, at most `max`.
  [[nodiscard]] std::vector<ports::Delivery> take(std::size_t max);
  [[nodiscard]] bool is_pulling() const;
  /// Errors: why there is no link.
  [[nodiscard]] core::Status attached() const;
  /// The service refused the link the last time: it does not exist, or not for us.
  [[nodiscard]] bool is_refused() const;

  /// Completes once the service has confirmed each. Unknown tags are ignored. Errors: `unavailable`.
  void settle(std::vector<std::string> tags, Verdict verdict, Told told);
  /// Holds them so long, then abandons them. Errors: `unavailable`.
  void abandon_after(std::vector<std::string> tags, std::chrono::milliseconds delay, Told told);
  /// Errors: `unavailable`.
  void extend(std::vector<std::string> tags, Told told);
  /// Errors: as `parse_peeked`.
  void peek(std::int64_t from, std::size_t count, Shown shown);
  /// Abandons whatever it holds and ends the connection. Idempotent.
  void release();

 private:
  struct Settlement {
    std::size_t left;
    Told told;
    Instant deadline;
  };
  struct Renewal {
    std::size_t left;
    core::Status status;
    Told told;
  };

  void on_up() override {}  // the next tick asks for the link
  void on_down() override;
  void on_tick(Instant now) override;
  void expire(Instant now) override;
  void on_receiver_open(proton::receiver& receiver) override;
  void on_receiver_close(proton::receiver& receiver) override;
  void on_receiver_error(proton::receiver&) override {}  // a close follows
  void on_receiver_drain_finish(proton::receiver& receiver) override;
  void on_message(proton::delivery& delivery, proton::message& message) override;
  void on_delivery_settle(proton::delivery& delivery) override;

  void want_link();
  void open_link();
  void link_failed(const core::Error& why);
  /// The link is gone, and with it what came by it.
  void drop_link(core::Status why);
  void start_pull(std::size_t max, Instant until);
  void end_pull();
  void drain();
  void keep(const proton::delivery& delivery, const LockToken& token, Incoming incoming);
  [[nodiscard]] LockBook::Duration lock_left(const Incoming& incoming) const;
  /// Whether it was held.
  bool apply(const LockToken& token, const Verdict& verdict);
  void tend_locks(Instant now);
  void renew(std::vector<LockToken> tokens, Told told);
  void renew_chunk(std::vector<LockToken> tokens, const std::shared_ptr<Renewal>& renewal);
  void manage(proton::message request, RequestPair::Done done);

  const std::string address_;
  const std::string group_;

  mutable std::mutex mutex_;
  std::deque<ports::Delivery> arrivals_;
  core::Status attached_;
  bool pulling_ = false;
  bool refused_ = false;
  bool released_ = false;

  proton::receiver receiver_;
  bool link_open_ = false;
  bool link_wanted_ = false;
  bool pull_begun_ = false;  // its credit was given
  bool draining_ = false;
  Backoff backoff_;
  Instant pull_until_;
  RequestPair management_;
  LockBook book_;
  std::map<LockToken, proton::delivery> deliveries_;
  std::map<LockToken, std::shared_ptr<Settlement>> settling_;
};

}  // namespace liveops::adapters::bus_servicebus
