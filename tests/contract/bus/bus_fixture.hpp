#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/envelope.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {

/// A running bus of one adapter, with whatever it needs (a directory, a server).
class BusUnderTest {
 public:
  virtual ~BusUnderTest() = default;
  virtual ports::EventBus& bus() = 0;
  virtual ports::DeadLetters& dead_letters() = 0;
  /// Lets this much time pass, as the bus sees it.
  virtual void advance(std::chrono::milliseconds by) = 0;
  /// A bus whose server has a clock of its own cannot be told the time: its times are this many times shorter than the
  /// suite's, and `advance` waits for them.
  [[nodiscard]] virtual int pace() const { return 1; }
  /// How long after it was published or became due a message may still be on its way.
  [[nodiscard]] virtual std::chrono::milliseconds patience() const { return std::chrono::milliseconds(0); }
  /// Whether the bus knows the age of a backlog of which nothing was received yet. A service that tells only how much
  /// there is does not: there the age is that of what is in hand.
  [[nodiscard]] virtual bool knows_age_unseen() const { return true; }
};

/// The visibility timeout that every bus under test is made with (divided by its pace).
inline constexpr std::chrono::milliseconds kVisibility{30'000};

/// One line of the instantiation: an adapter's name and how to start an empty bus of it.
struct BusAdapter {
  std::string name;
  std::function<std::unique_ptr<BusUnderTest>()> start;
  friend void PrintTo(const BusAdapter& adapter, std::ostream* out) { *out << adapter.name; }
};

/// The envelope number `n`: its id, key and body follow from the number.
inline core::Envelope envelope(std::uint32_t n, std::size_t padding = 0) {
  core::EventId::Bytes bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[12 + i] = static_cast<std::uint8_t>(n >> (24U - 8U * i));
  return {.id = core::EventId(bytes),
          .type = "progression",
          .key = "p-" + std::to_string(n % 7),
          .body = "{\"n\":" + std::to_string(n) + ",\"text\":\"\\u0000 \xc3\xa9 \xf0\x9f\x8e\xae\",\"pad\":\"" +
                  std::string(padding, 'x') + "\"}",
          .traceparent = n % 2 == 0 ? "" : "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
}

inline std::vector<core::Envelope> envelopes(std::uint32_t first, std::uint32_t count) {
  std::vector<core::Envelope> made;
  for (std::uint32_t n = first; n < first + count; ++n) made.push_back(envelope(n));
  return made;
}

inline std::uint32_t number_of(const core::Envelope& envelope) {
  std::uint32_t n = 0;
  for (std::size_t i = 12; i < 16; ++i) n = (n << 8U) | envelope.id.bytes()[i];
  return n;
}

inline std::vector<std::uint32_t> numbers_of(const std::vector<ports::Delivery>& deliveries) {
  std::vector<std::uint32_t> numbers;
  for (const auto& delivery : deliveries) numbers.push_back(number_of(delivery.envelope));
  return numbers;
}

inline std::vector<std::string> tags_of(const std::vector<ports::Delivery>& deliveries) {
  std::vector<std::string> tags;
  for (const auto& delivery : deliveries) tags.push_back(delivery.tag);
  return tags;
}

}  // namespace liveops::test
