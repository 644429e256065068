#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/parameters.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/store_postgres/progression/known_players.hpp"
#include "ports/progress_store.hpp"
#include "runtime/player_sums.hpp"

namespace liveops::adapters::store_postgres::progression {

/// A batch of events on its way into the database: what each statement is given, and what its answer means. No I/O.
///
/// Called in the order of declaration; nullopt where there is nothing to be written. The entries and thresholds outlive
/// it. Everything is given in the order of its key.
class Batch {
 public:
  Batch(const std::vector<ports::LedgerEntry>& entries, const std::vector<ports::RewardThreshold>& thresholds,
        core::Timestamp now);

  /// Event ids, time.
  [[nodiscard]] postgres::Parameters inbox() const;
  /// The ids that were not there: in the order given.
  void take_fresh(const postgres::Rows& rows);

  /// Player ids of those who may have no row yet, time.
  [[nodiscard]] std::optional<postgres::Parameters> new_players(const KnownPlayers& known) const;
  /// Player ids.
  [[nodiscard]] postgres::Parameters players() const;
  /// All of them, in the order given. Errors: `unavailable` (some are gone), `corrupt`.
  [[nodiscard]] core::Status take_players(const postgres::Rows& rows);

  /// Drop ids, player ids, event ids.
  [[nodiscard]] std::optional<postgres::Parameters> drops();
  /// The drops that were not granted before: in the order given.
  void take_granted(const postgres::Rows& rows);

  /// Event ids, player ids, types, times of occurrence and receipt, xp, scores, refused drops (0, 1), payloads, time.
  [[nodiscard]] std::optional<postgres::Parameters> ledger() const;

  /// Adds up. Player ids, xp, season sums, boss sums ('' where they are as before), time.
  [[nodiscard]] std::optional<postgres::Parameters> sums();
  /// Player ids, reward ids, seasons, time.
  [[nodiscard]] std::optional<postgres::Parameters> earned() const;
  void take_earned(const postgres::Rows& rows);

  /// Player ids, item ids, quantities.
  [[nodiscard]] std::optional<postgres::Parameters> items();
  /// The quantities there are now.
  void take_items(const postgres::Rows& rows);

  [[nodiscard]] ports::ApplyOutcome take_outcome();

 private:
  using IdText = std::array<char, core::EventId::kTextChars>;
  struct Row {
    const ports::LedgerEntry* entry = nullptr;
    IdText id{};
    std::size_t player = 0;  // in players_ and player_ids_
    bool fresh = false;
    bool drop_refused = false;
  };
  static std::string_view text(const IdText& id) { return {id.data(), id.size()}; }
  template <class Key>
  [[nodiscard]] std::vector<std::size_t> order_by(Key key) const;

  const std::vector<ports::RewardThreshold>& thresholds_;
  const core::Timestamp now_;
  std::vector<Row> rows_;                     // in the batch's order
  std::vector<std::size_t> events_;           // the first row of each event, by event id
  std::vector<std::string_view> player_ids_;  // distinct, ascending
  std::vector<runtime::PlayerSums> players_;  // of these
  std::vector<Row*> claims_;                  // the first fresh claim of each drop, by drop id
  ports::ApplyOutcome outcome_;
};

}  // namespace liveops::adapters::store_postgres::progression
