#include "adapters/bus_redis/frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace liveops::adapters::bus_redis {

namespace {

core::Envelope some_envelope() {
  core::EventId::Bytes id{};
  std::ranges::generate(id, [] { return *rc::gen::arbitrary<std::uint8_t>(); });
  return {.id = core::EventId(id),
          .type = *rc::gen::arbitrary<std::string>(),
          .key = *rc::gen::arbitrary<std::string>(),
          .body = *rc::gen::arbitrary<std::string>(),
          .traceparent = *rc::gen::arbitrary<std::string>()};
}

}  // namespace

TEST(Frame, ReadsBackWhatItWrote) {
  EXPECT_TRUE(rc::check([] {
    const auto envelope = some_envelope();
    RC_ASSERT(decode_frame(encode_frame(envelope)).value() == envelope);
  }));
  const core::Envelope large{.id = {},
                             .type = std::string(127, 't'),
                             .key = std::string(128, 'k'),
                             .body = "b",
                             .traceparent = std::string(20'000, 'p')};
  EXPECT_EQ(decode_frame(encode_frame(large)).value(), large);
}

TEST(Frame, WhatIsCutBeforeTheBodyCannotBeRead) {
  core::Envelope envelope{.id = {}, .type = "progression", .key = "p-1", .body = "", .traceparent = "00-ab"};
  const auto frame = encode_frame(envelope);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_EQ(decode_frame(frame.substr(0, size)).error().code, core::Errc::corrupt) << size;
  }
}

TEST(Frame, NeverReadsPastItsEndWhateverTheBytes) {
  EXPECT_TRUE(rc::check([] {
    auto bytes = *rc::gen::arbitrary<std::string>();
    (void)decode_frame(std::string(1, '\x01') + std::string(16, 'i') + bytes);
    (void)decode_frame(bytes);
  }));
  EXPECT_EQ(decode_frame(std::string(1, '\x01') + std::string(16, 'i') + std::string(9, '\xff')).error().code,
            core::Errc::corrupt);
}

TEST(Frame, WhatIsNotOursBecomesABodyWithoutAType) {
  const auto envelope = decode_any("{\"n\":1}");
  EXPECT_EQ(envelope.body, "{\"n\":1}");
  EXPECT_TRUE(envelope.type.empty());
}

}  // namespace liveops::adapters::bus_redis
