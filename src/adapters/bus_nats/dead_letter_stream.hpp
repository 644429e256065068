#pragma once

#include <string>
#include <vector>

#include "adapters/bus_nats/client.hpp"
#include "adapters/bus_nats/frame.hpp"
#include "adapters/bus_nats/js_api.hpp"
#include "adapters/bus_nats/names.hpp"
#include "ports/dead_letters.hpp"

namespace liveops::adapters::bus_nats {

/// The stream of dead letters. A letter's id is its sequence there.
///
/// Threads: any. Errors, everywhere: `unavailable`.
class DeadLetterStream {
 public:
  DeadLetterStream(Client& client, const Options& options, const Names& names);

  /// Whose letter it is.
  struct Owner {
    ports::Topic topic = ports::Topic::events;
    std::string group;
  };
  /// `message_id` is the same when the same letter is added again: then it is stored once.
  [[nodiscard]] ports::Task<void> add(Owner owner, Obituary obituary, std::string frame, std::string message_id);

  [[nodiscard]] ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after);
  /// Errors also: `not_found`.
  [[nodiscard]] ports::Task<ports::DeadLetter> show(std::string id);
  /// Errors also: `not_found`.
  [[nodiscard]] ports::Task<void> redrive(std::string id);

 private:
  [[nodiscard]] ports::Task<StoredMessage> find(std::string request);
  [[nodiscard]] core::Result<ports::DeadLetter> read(const StoredMessage& message) const;

  Client& client_;
  const Options& options_;
  const Names& names_;
};

}  // namespace liveops::adapters::bus_nats
