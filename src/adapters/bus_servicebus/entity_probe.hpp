#pragma once

#include <mutex>
#include <proton/receiver.hpp>
#include <proton/sender.hpp>
#include <vector>

#include "adapters/bus_servicebus/conditions.hpp"
#include "adapters/bus_servicebus/entity_check.hpp"
#include "adapters/bus_servicebus/session.hpp"

namespace liveops::adapters::bus_servicebus {

/// A connection that opens a link for each report, one after the other, and writes down what the service says to it.
///
/// Threads: `reports` and `is_done` any.
class EntityProbe final : public Session {
 public:
  /// `allowed` of each is overwritten.
  EntityProbe(Loop& loop, const Access& access, std::vector<EntityReport> reports);

  [[nodiscard]] std::vector<EntityReport> reports() const;
  /// Every report has its answer.
  [[nodiscard]] bool is_done() const;

 private:
  void on_up() override { try_next(); }
  void on_down() override;
  void on_tick(Instant) override {}
  void expire(Instant) override {}
  void on_sender_open(proton::sender& sender) override;
  void on_sender_close(proton::sender& sender) override;
  void on_sender_error(proton::sender&) override {}  // a close follows
  void on_receiver_open(proton::receiver& receiver) override;
  void on_receiver_close(proton::receiver& receiver) override;
  void on_receiver_error(proton::receiver&) override {}  // a close follows

  void try_next();
  void open_link(const EntityReport& report);
  /// What was said to the link under way.
  void answered(core::Status allowed);
  void closed(const Condition& condition);

  mutable std::mutex mutex_;
  std::vector<EntityReport> reports_;
  std::size_t next_ = 0;  // under way, or to be opened
  proton::sender sender_;
  proton::receiver receiver_;
};

}  // namespace liveops::adapters::bus_servicebus
