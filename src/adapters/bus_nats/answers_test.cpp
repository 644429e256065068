#include "adapters/bus_nats/answers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace liveops::adapters::bus_nats {

namespace {

using std::chrono::milliseconds;
const Answers::Deadline kStart{};

/// Keeps what the waits ended with.
class Heard {
 public:
  Answers::Done listener(std::string name) {
    return [this, name = std::move(name)](core::Result<std::string_view> answer) {
      said.push_back(name + ": " + (answer ? std::string(*answer) : std::string(to_string(answer.error().code))));
    };
  }
  std::vector<std::string> said;
};

}  // namespace

TEST(Answers, EachWaitEndsWithItsOwnAnswerOnce) {
  Answers answers;
  Heard heard;
  const auto first = answers.expect(heard.listener("first"), kStart);
  const auto second = answers.expect(heard.listener("second"), kStart);
  answers.complete(second, std::string_view("two"));
  answers.complete(first, std::string_view("one"));
  answers.complete(first, std::string_view("again"));
  answers.complete(4711, std::string_view("unknown"));
  EXPECT_EQ(heard.said, (std::vector<std::string>{"second: two", "first: one"}));
  EXPECT_EQ(answers.waiting(), 0U);
}

TEST(Answers, AWaitEndsAtItsDeadlineAndNotBefore) {
  Answers answers;
  Heard heard;
  const auto late = answers.expect(heard.listener("late"), kStart + milliseconds(10));
  static_cast<void>(answers.expect(heard.listener("patient"), kStart + milliseconds(20)));
  answers.expire(kStart + milliseconds(9));
  EXPECT_TRUE(heard.said.empty());
  answers.expire(kStart + milliseconds(10));
  answers.complete(late, std::string_view("too late"));
  EXPECT_EQ(heard.said, std::vector<std::string>{"late: unavailable"});
  EXPECT_EQ(answers.waiting(), 1U);
}

TEST(Answers, WhenTheLinkIsLostAllWaitsEnd) {
  Answers answers;
  Heard heard;
  static_cast<void>(answers.expect(heard.listener("a"), kStart));
  static_cast<void>(answers.expect(heard.listener("b"), kStart));
  answers.fail_all("gone");
  EXPECT_EQ(heard.said.size(), 2U);
  EXPECT_EQ(answers.waiting(), 0U);
}

TEST(Answers, WhoIsToldMayAskAgain) {
  Answers answers;
  Heard heard;
  const auto first =
      answers.expect([&](const auto&) { static_cast<void>(answers.expect(heard.listener("second"), kStart)); }, kStart);
  answers.complete(first, std::string_view("one"));
  EXPECT_EQ(answers.waiting(), 1U);
}

}  // namespace liveops::adapters::bus_nats
