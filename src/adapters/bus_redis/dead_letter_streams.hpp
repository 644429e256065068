#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/bus_redis/keys.hpp"
#include "adapters/bus_redis/replies.hpp"
#include "adapters/bus_redis/streams.hpp"
#include "ports/dead_letters.hpp"

namespace liveops::adapters::bus_redis {

/// The dead letters: a stream a topic. A letter's id is its entry's, and the topic: "1526919030474-55.events".
///
/// Threads: any.
class DeadLetterStreams {
 public:
  /// `max_letters`: of a topic. `spread`: over how many shards messages are published.
  DeadLetterStreams(Streams& streams, std::size_t max_letters, std::size_t spread)
      : streams_(streams), max_letters_(max_letters), spread_(spread) {}

  /// `id` and `dead_at` of the letter are made here. Errors: `unavailable`, also when there are too many.
  [[nodiscard]] ports::Task<void> add(ports::DeadLetter letter);

  /// As ports::DeadLetters.
  [[nodiscard]] ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after);
  [[nodiscard]] ports::Task<ports::DeadLetter> show(std::string id);
  [[nodiscard]] ports::Task<void> redrive(std::string id);

 private:
  struct Name {
    StreamId id;
    ports::Topic topic = ports::Topic::events;
  };
  [[nodiscard]] static std::optional<Name> parse_name(std::string_view text);
  [[nodiscard]] static ports::DeadLetter to_letter(ports::Topic topic, Entry entry);
  [[nodiscard]] ports::Task<std::vector<Entry>> range(ports::Topic topic, StreamId from, std::string to,
                                                      std::size_t limit);
  [[nodiscard]] ports::Task<Entry> find(Name name);

  Streams& streams_;
  const std::size_t max_letters_;
  const std::size_t spread_;
};

}  // namespace liveops::adapters::bus_redis
