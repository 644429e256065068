#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "adapters/bus_servicebus/publication.hpp"
#include "adapters/bus_servicebus/sender_link.hpp"
#include "adapters/bus_servicebus/session.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::bus_servicebus {

/// The connection on which a bus publishes: a link to each entity, opened when there is something to send.
///
/// Threads: `publish` and `check` any.
class Publisher final : public Session {
 public:
  Publisher(Loop& loop, const Access& access, const std::vector<std::string>& addresses);

  /// One outcome per message, once every entity of `addresses` (of those it was made with) has answered for it. Errors:
  /// `unavailable` when it is known that none can be sent: not connected, an entity that does not exist or refuses us,
  /// or a service that was too busy a moment ago.
  [[nodiscard]] ports::Task<std::vector<ports::PublishOutcome>> publish(std::vector<std::string> addresses,
                                                                        std::vector<std::string> messages);
  /// Whether nothing is known that is against publishing to these. Errors: as `publish`.
  [[nodiscard]] core::Status check(const std::vector<std::string>& addresses) const;

 private:
  void on_up() override;
  void on_down() override;
  void on_tick(Instant now) override;
  void expire(Instant now) override;
  void changed(std::size_t link, core::Status status);
  void want_link(std::size_t link);
  void busy();

  std::vector<std::unique_ptr<SenderLink>> links_;
  std::atomic<std::size_t> unanswered_{0};
  mutable std::mutex state_mutex_;
  bool key_known_ = false;            // `key_` is about this connection
  core::Status key_;                  // whether the service takes it
  std::vector<core::Status> states_;  // of the links, since they were last tried
  Instant busy_until_;
};

}  // namespace liveops::adapters::bus_servicebus
