#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/player_account.hpp"
#include "audit/report.hpp"
#include "audit/row_stream.hpp"
#include "audit/table_check.hpp"
#include "audit/table_list.hpp"
#include "leaderboard/board_book.hpp"
#include "ports/progress_books.hpp"
#include "ports/standing_books.hpp"
#include "progression/game_book.hpp"

namespace liveops::audit {

/// The rules by which events are counted.
struct Rules {
  const progression::GameBook& game;
  const leaderboard::BoardBook& boards;
};

/// Goes through ledger, progress, drops and standings player by player, side by side, and compares what belongs to
/// each. Memory: a page of each, and what belongs to one player.
class PlayersAudit {
 public:
  /// All outlive this.
  PlayersAudit(ports::ProgressBooks::Reader& progress, ports::StandingBooks::Reader& standings, const Rules& rules,
               const TableList& tables, const PlayerSet& hidden, Report& report);

  /// Errors: the readers'.
  [[nodiscard]] ports::Task<void> run();

 private:
  using StandingRows = ports::Task<std::vector<ports::HeldStanding>>;
  [[nodiscard]] StandingRows next_standings();
  [[nodiscard]] ports::Task<void> fill();
  [[nodiscard]] std::optional<core::PlayerId> next_player();
  [[nodiscard]] ports::Task<void> check(const core::PlayerId& player);
  void add(const ports::LedgerRow& row, PlayerAccount& account, StandingsAccount& standings);
  void count(const std::vector<ports::HeldStanding>& held);
  [[nodiscard]] ports::Task<void> check_refused();
  [[nodiscard]] ports::Task<void> check_repeated();

  ports::ProgressBooks::Reader& progress_;
  ports::StandingBooks::Reader& standings_;
  const Rules& rules_;
  const TableList& tables_;
  const PlayerSet& hidden_;
  Report& report_;

  RowStream<ports::LedgerRow> ledger_;
  RowStream<ports::PlayerBooks> books_;
  RowStream<ports::GrantedDrop> drops_;
  std::string last_standing_;
  RowStream<ports::HeldStanding> held_;

  struct RefusedDrop {
    core::DropId drop_id;
    core::PlayerId player;
    core::EventId event_id;
  };
  std::vector<RefusedDrop> refused_;  // to be looked up
};

}  // namespace liveops::audit
