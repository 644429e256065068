#include "adapters/bus_servicebus/conditions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using ports::PublishOutcome;
using testing::HasSubstr;

TEST(Conditions, WhatCanNeverBeStoredIsRefusedAndTheRestTriedAgain) {
  EXPECT_EQ(outcome_of("amqp:link:message-size-exceeded"), PublishOutcome::refused);
  EXPECT_EQ(outcome_of("amqp:decode-error"), PublishOutcome::refused);
  for (const auto* condition : {"com.microsoft:server-busy", "amqp:resource-limit-exceeded",
                                "com.microsoft:entity-disabled", "com.microsoft:timeout", "amqp:internal-error",
                                "amqp:not-found", "amqp:unauthorized-access", "never:heard-of"}) {
    EXPECT_EQ(outcome_of(condition), PublishOutcome::retry) << condition;
  }
}

TEST(Conditions, HaveTheCodeOfWhatTheCallerDoesNext) {
  const auto code_of = [](const char* condition) { return error_of({.name = condition, .description = {}}, "e").code; };
  EXPECT_EQ(code_of("amqp:link:message-size-exceeded"), Errc::invalid_argument);
  EXPECT_EQ(code_of("amqp:not-found"), Errc::not_found);
  EXPECT_EQ(code_of("amqp:unauthorized-access"), Errc::unauthenticated);
  EXPECT_EQ(code_of("com.microsoft:server-busy"), Errc::unavailable);
  EXPECT_EQ(code_of("amqp:resource-limit-exceeded"), Errc::unavailable);
  EXPECT_EQ(code_of("com.microsoft:entity-disabled"), Errc::unavailable);
  EXPECT_EQ(code_of("com.microsoft:timeout"), Errc::unavailable);
  EXPECT_EQ(code_of("never:heard-of"), Errc::unavailable);
}

TEST(Conditions, AreSaidWithTheEntityAndWhatToDo) {
  const auto error =
      error_of({.name = "amqp:not-found", .description = "could not be found"}, "events/Subscriptions/g");
  EXPECT_THAT(error.message, HasSubstr("'events/Subscriptions/g' does not exist: make it"));
  EXPECT_THAT(error.detail, HasSubstr("amqp:not-found: could not be found"));
}

TEST(Conditions, TidyingUpIsRoutine) {
  EXPECT_TRUE(is_routine("amqp:link:detach-forced"));
  EXPECT_TRUE(is_routine("amqp:connection:forced"));
  EXPECT_TRUE(is_routine(""));
  EXPECT_FALSE(is_routine("amqp:not-found"));
  EXPECT_TRUE(is_busy("com.microsoft:server-busy"));
  EXPECT_FALSE(is_busy("amqp:internal-error"));
}

}  // namespace liveops::adapters::bus_servicebus
