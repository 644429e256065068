#include <map>
#include <random>

#include "tests/contract/bus/bus_contract.hpp"

namespace liveops::test {

using std::chrono::milliseconds;

namespace {

constexpr std::uint32_t kMessages = 1000;

/// What a consumer may do with a batch, drawn at random; the model remembers what was acked.
class RandomConsumer {
 public:
  explicit RandomConsumer(std::uint32_t seed) : random_(seed) {}

  enum class Fate : std::uint8_t { ack, nack, forget };
  [[nodiscard]] Fate draw() { return static_cast<Fate>(std::uniform_int_distribution<int>(0, 2)(random_)); }
  [[nodiscard]] std::size_t draw_batch() { return std::uniform_int_distribution<std::size_t>(1, 90)(random_); }

  /// Sorts the deliveries by fate and checks each against what was sent.
  void process(const std::vector<ports::Delivery>& batch) {
    acks.clear();
    nacks.clear();
    for (const auto& delivery : batch) {
      EXPECT_EQ(delivery.envelope, envelope(number_of(delivery.envelope)));
      ++seen[number_of(delivery.envelope)];
      const auto fate = draw();
      if (fate == Fate::ack) acks.push_back(delivery);
      if (fate == Fate::nack) nacks.push_back(delivery);
    }
  }

  std::vector<ports::Delivery> acks;
  std::vector<ports::Delivery> nacks;
  std::map<std::uint32_t, int> seen;

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_P(BusContract, WhateverConsumersDoEachMessageArrivesWholeAndTheBacklogEndsAtZero) {
  const auto first = open("g");
  const auto second = open("g");
  for (std::uint32_t n = 0; n < kMessages; n += 50) publish(envelopes(n, 50));
  RandomConsumer model(7);
  for (int round = 0; round < 500; ++round) {
    auto& consumer = round % 2 == 0 ? *first : *second;
    model.process(receive(consumer, model.draw_batch()));
    ack(consumer, model.acks);
    nack(consumer, model.nacks, milliseconds(100));
    if (round % 5 == 4) advance(kVisibility / 2);
    const auto backlog = run(consumer.backlog());
    ASSERT_TRUE(backlog.has_value());
    if (backlog->messages == 0) break;
  }
  EXPECT_EQ(run(first->backlog())->messages, 0U);
  EXPECT_EQ(model.seen.size(), kMessages);
}

}  // namespace liveops::test
