#include "backtest/labels.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace liveops::backtest {
namespace {

core::PlayerId player(const std::string& id) {
  return core::PlayerId::trusted(id);
}

core::Result<Labels> read(const std::string& text) {
  std::istringstream in(text);
  return read_labels(in);
}

TEST(Labels, WhatIsWrittenIsRead) {
  const Labels labels{
      {player("p-1"), {}},
      {player("p-2"), {.onset = core::parse_rfc3339("2026-01-05T01:02:03.000004Z").value(), .kind = "bot"}}};
  std::ostringstream out;
  write_labels_header(out);
  for (const auto& [id, label] : labels) write_label(out, id, label);
  const auto again = read(out.str());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, labels);
}

TEST(Labels, ACheaterWithoutAnOnsetCheatsFromTheStart) {
  const auto labels = read("player_id,is_cheater,kind,onset\np-1,1,flood,\n");
  ASSERT_TRUE(labels);
  EXPECT_EQ(labels->at(player("p-1")).onset, core::Timestamp());
}

TEST(Labels, AFaultIsNamedByItsLine) {
  const std::string header = "player_id,is_cheater,kind,onset\n";
  EXPECT_EQ(read("player,cheater\n").error().message, "line 1: the header must be player_id,is_cheater,kind,onset");
  EXPECT_EQ(read(header + "p-1,1,bot\n").error().message,
            "line 2: must have four fields: player_id,is_cheater,kind,onset");
  EXPECT_EQ(read(header + "p-1,maybe,bot,\n").error().message, "line 2: is_cheater must be 1 or 0");
  EXPECT_EQ(read(header + "p-1,0,,\np-2,1,bot,yesterday\n").error().message,
            "line 3: onset must be an RFC 3339 date-time, or empty");
  EXPECT_EQ(read(header + "p-1,0,,\np-1,0,,\n").error().message, "line 3: the player is labelled twice");
}

}  // namespace
}  // namespace liveops::backtest
