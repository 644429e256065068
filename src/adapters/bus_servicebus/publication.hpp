#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_servicebus {

/// The outcomes of one publish, as they come in from every entity that is to have the messages: a message is stored
/// when all have stored it.
///
/// Threads: one at a time.
class Publication {
 public:
  using Done = std::move_only_function<void(std::vector<ports::PublishOutcome>)>;

  /// `targets`: entities each message goes to.
  Publication(std::size_t messages, std::size_t targets, Done done)
      : outcomes_(messages, ports::PublishOutcome::stored), left_(messages * targets), done_(std::move(done)) {}

  void answer(std::size_t index, ports::PublishOutcome outcome) {
    outcomes_[index] = std::max(outcomes_[index], outcome);  // refused weighs more than retry, and that than stored
    if (--left_ == 0) done_(std::move(outcomes_));
  }

  /// Nothing was sent.
  void give_up() { done_(std::vector(outcomes_.size(), ports::PublishOutcome::retry)); }

 private:
  std::vector<ports::PublishOutcome> outcomes_;
  std::size_t left_;
  Done done_;
};

/// The messages of one publish, encoded.
struct Parcel {
  std::vector<std::string> messages;
  std::shared_ptr<Publication> publication;
};

}  // namespace liveops::adapters::bus_servicebus
