#include "leaderboard/revision_rows.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace liveops::leaderboard {
namespace {

const core::Timestamp kOpens{std::chrono::seconds(1'790'000'000)};

ports::StandingsSpec spec() {
  return {{core::BoardId::trusted("score"), core::Window::daily, "d"},
          {core::BoardOperator::best, core::BoardOrder::highest, 1000},
          kOpens,
          kOpens + std::chrono::hours(24)};
}

core::PlayerId player(int number) {
  return core::PlayerId::trusted("p" + std::to_string(number));
}

ports::RevisedPlayer revised(int number, bool in_first, bool before, bool now) {
  return {.player = player(number),
          .score = 100 - number,
          .achieved_at = kOpens,
          .in_first = in_first,
          .before = before,
          .now = now,
          .reason = "why"};
}

/// Rows of players who scored 100 - number, but for those left out.
std::vector<ports::SnapshotRow> first_rows(int players, const std::set<int>& without = {}) {
  std::vector<ports::SnapshotRow> rows;
  for (int number = 0; number < players; ++number) {
    if (!without.contains(number)) rows.push_back({rows.size() + 1, player(number), 100 - number, kOpens});
  }
  return rows;
}

/// "1p0<1 2p2<3 ": rank, player and previous rank of each row.
std::string text_of(const std::vector<ports::SnapshotRow>& rows) {
  std::string text;
  for (const auto& row : rows) {
    text += std::to_string(row.rank) + row.player.str() + "<" + std::to_string(row.previous_rank) + " ";
  }
  return text;
}

std::vector<ports::SnapshotRow> all(RevisionRows& revision, const std::vector<ports::SnapshotRow>& first,
                                    std::size_t piece = 1000) {
  std::vector<ports::SnapshotRow> rows;
  for (std::size_t from = 0; from < first.size(); from += piece) {
    const auto to = std::min(first.size(), from + piece);
    const auto made = revision.take(
        {first.begin() + static_cast<std::ptrdiff_t>(from), first.begin() + static_cast<std::ptrdiff_t>(to)});
    rows.insert(rows.end(), made.begin(), made.end());
  }
  const auto rest = revision.rest();
  rows.insert(rows.end(), rest.begin(), rest.end());
  return rows;
}

TEST(RevisionRows, WhoeverStoodBehindADisqualifiedPlayerIsPromoted) {
  RevisionRows revision({spec(), 2, {revised(1, true, true, false)}});
  EXPECT_EQ(text_of(all(revision, first_rows(4))), "1p0<1 2p2<3 3p3<4 ");
  const auto note = revision.take_note();
  EXPECT_EQ(note.promoted, 2U);
  ASSERT_EQ(note.players.size(), 1U);
  EXPECT_EQ(note.players[0], (ports::RevisionNote::Player{player(1), false, 2, 99, "why"}));
}

TEST(RevisionRows, ReinstatingGivesTheFirstRowsBack) {
  RevisionRows revision({spec(), 3, {revised(1, true, false, true)}});
  const auto rows = all(revision, first_rows(4));
  EXPECT_EQ(text_of(rows), "1p0<1 2p1<0 3p2<2 4p3<3 ");
  const auto note = revision.take_note();
  EXPECT_EQ(note.promoted, 0U);
  EXPECT_TRUE(note.players[0].returned);
  EXPECT_EQ(note.players[0].rank, 2U);
}

TEST(RevisionRows, WhoWasLeftOutOfTheFirstStandsWhereHeBelongs) {
  RevisionRows revision(
      {spec(), 2, {revised(0, false, false, true), revised(2, false, false, true), revised(9, false, false, true)}});
  EXPECT_EQ(text_of(all(revision, first_rows(4, {0, 2}))), "1p0<0 2p1<1 3p2<0 4p3<2 5p9<0 ");
}

TEST(RevisionRows, TiesGoByPlayerAsEverywhere) {
  auto tied = revised(1, false, false, true);
  tied.score = 100;
  RevisionRows revision({spec(), 2, {tied}});
  EXPECT_EQ(text_of(all(revision, {{1, player(0), 100, kOpens}, {2, player(2), 100, kOpens}})), "1p0<1 2p1<0 3p2<2 ");
}

TEST(RevisionRows, WhateverThePiecesTheRowsAreTheSameAndRanksHaveNoGaps) {
  EXPECT_TRUE(rc::check([] {
    const int players = *rc::gen::inRange(1, 60);
    ports::RevisionPlan plan{spec(), 2, {}};
    std::set<int> left_out;
    std::set<int> gone;
    for (int number = 0; number < players; ++number) {
      switch (*rc::gen::inRange(0, 6)) {
        case 0:
          plan.players.push_back(revised(number, true, *rc::gen::arbitrary<bool>(), false));
          gone.insert(number);
          break;
        case 1:
          plan.players.push_back(revised(number, false, *rc::gen::arbitrary<bool>(), true));
          left_out.insert(number);
          break;
        case 2:
          plan.players.push_back(revised(number, true, false, true));
          break;
        default:
          break;
      }
    }
    RevisionRows whole(plan);
    RevisionRows pieces(plan);
    const auto rows = all(whole, first_rows(players, left_out));
    RC_ASSERT(text_of(rows) == text_of(all(pieces, first_rows(players, left_out), 1U + *rc::gen::inRange(0U, 7U))));
    const auto expected = first_rows(players, gone);
    RC_ASSERT(rows.size() == expected.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      RC_ASSERT(rows[i].player == expected[i].player);
      RC_ASSERT(rows[i].rank == i + 1);
    }
    RC_ASSERT(whole.count() == rows.size());
    RC_ASSERT(whole.take_note().promoted == static_cast<std::uint64_t>(std::ranges::count_if(
                                                rows, [](const auto& row) { return row.previous_rank > row.rank; })));
  }));
}

}  // namespace
}  // namespace liveops::leaderboard
