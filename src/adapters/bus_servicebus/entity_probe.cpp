#include "adapters/bus_servicebus/entity_probe.hpp"

#include <proton/receiver_options.hpp>
#include <utility>

#include "adapters/bus_servicebus/proton_access.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Status;

EntityProbe::EntityProbe(Loop& loop, const Access& access, std::vector<EntityReport> reports)
    : Session(loop, access, "check of entities"), reports_(std::move(reports)) {
  for (auto& report : reports_) {
    report.allowed = core::fail(Errc::unavailable, "Service Bus: '" + report.entity + "' was not answered for in time");
  }
}

std::vector<EntityReport> EntityProbe::reports() const {
  const std::lock_guard lock(mutex_);
  return reports_;
}

bool EntityProbe::is_done() const {
  const std::lock_guard lock(mutex_);
  return next_ == reports_.size();
}

void EntityProbe::on_down() {
  sender_ = {};
  receiver_ = {};  // what was under way is tried on the next connection
}

void EntityProbe::try_next() {
  EntityReport report;
  {
    const std::lock_guard lock(mutex_);
    if (next_ == reports_.size()) return;
    report = reports_[next_];
  }
  authorise(report.entity, [this, report](const Status& authorised) {
    if (!is_connected()) return;
    if (authorised) {
      open_link(report);
    } else {
      answered(authorised);
    }
  });
}

void EntityProbe::open_link(const EntityReport& report) {
  if (report.right == Right::send) {
    sender_ = connection().open_sender(report.entity);
  } else {
    receiver_ =
        connection().open_receiver(report.entity, proton::receiver_options().credit_window(0).auto_accept(false));
  }
}

// A service that refuses a link opens it first and closes it at once: what counts is how it is closed.
void EntityProbe::on_sender_open(proton::sender& sender) {
  if (sender == sender_) sender.close();
}

void EntityProbe::on_receiver_open(proton::receiver& receiver) {
  if (receiver == receiver_) receiver.close();
}

void EntityProbe::on_sender_close(proton::sender& sender) {
  if (sender == sender_) closed(condition_of(sender.error()));
}

void EntityProbe::on_receiver_close(proton::receiver& receiver) {
  if (receiver == receiver_) closed(condition_of(receiver.error()));
}

void EntityProbe::closed(const Condition& condition) {
  sender_ = {};
  receiver_ = {};
  if (condition.name.empty()) {
    answered({});
    return;
  }
  std::string entity;
  {
    const std::lock_guard lock(mutex_);
    entity = reports_[next_].entity;
  }
  answered(std::unexpected(error_of(condition, entity)));
}

void EntityProbe::answered(Status allowed) {
  {
    const std::lock_guard lock(mutex_);
    reports_[next_++].allowed = std::move(allowed);
  }
  news().notify();
  try_next();
}

}  // namespace liveops::adapters::bus_servicebus
