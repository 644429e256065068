#include "adapters/store_postgres/progression/batch.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "adapters/store_postgres/progression/rows.hpp"

namespace liveops::adapters::store_postgres::progression {

using core::Errc;
using ports::LedgerEntry;
using postgres::Parameters;
using Texts = std::vector<std::string_view>;
using Numbers = std::vector<std::int64_t>;

/// The rows' positions, ordered by `key` of the entry; rows of one key keep the batch's order.
template <class Key>
std::vector<std::size_t> Batch::order_by(Key key) const {
  std::vector<std::size_t> order(rows_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const auto by_key = key(*rows_[a].entry) <=> key(*rows_[b].entry);
    return by_key != 0 ? by_key < 0 : a < b;
  });
  return order;
}

Batch::Batch(const std::vector<LedgerEntry>& entries, const std::vector<ports::RewardThreshold>& thresholds,
             core::Timestamp now)
    : thresholds_(thresholds), now_(now) {
  rows_.resize(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    rows_[i].entry = &entries[i];
    entries[i].event_id.write(rows_[i].id);
  }
  events_ = order_by([](const LedgerEntry& e) -> const auto& { return e.event_id; });
  const auto repeated = std::ranges::unique(
      events_, [&](std::size_t a, std::size_t b) { return rows_[a].entry->event_id == rows_[b].entry->event_id; });
  events_.erase(repeated.begin(), repeated.end());
  for (const std::size_t index : order_by([](const LedgerEntry& e) -> const auto& { return e.player_id; })) {
    const std::string_view id = rows_[index].entry->player_id.str();
    if (player_ids_.empty() || player_ids_.back() != id) player_ids_.push_back(id);
    rows_[index].player = player_ids_.size() - 1;
  }
}

Parameters Batch::inbox() const {
  Texts ids;
  ids.reserve(events_.size());
  for (const std::size_t index : events_) ids.push_back(text(rows_[index].id));
  return std::move(Parameters().add_text_array(ids).add(to_us(now_)));
}

void Batch::take_fresh(const postgres::Rows& rows) {
  std::size_t next = 0;
  for (const std::size_t index : events_) {
    if (next == rows.size()) break;
    if (rows.text(next, 0) != text(rows_[index].id)) continue;
    rows_[index].fresh = true;
    ++next;
  }
  outcome_.applied = next;
  outcome_.duplicates = rows_.size() - next;
}

std::optional<Parameters> Batch::new_players(const KnownPlayers& known) const {
  Texts unknown;
  for (const std::string_view player : player_ids_) {
    if (!known.knows(player)) unknown.push_back(player);
  }
  if (unknown.empty()) return std::nullopt;
  return std::move(Parameters().add_text_array(unknown).add(to_us(now_)));
}

Parameters Batch::players() const {
  return std::move(Parameters().add_text_array(player_ids_));
}

core::Status Batch::take_players(const postgres::Rows& rows) {
  if (rows.size() != player_ids_.size()) {
    return core::fail(Errc::unavailable, "players are missing: try again", "rows of progression.player were removed");
  }
  players_.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto progress = progress_at(rows, i);
    if (!progress) return std::unexpected(progress.error());
    players_.emplace_back(std::move(*progress));
  }
  return {};
}

std::optional<Parameters> Batch::drops() {
  std::vector<Row*> fresh;
  for (Row& row : rows_) {
    if (row.fresh && row.entry->drop) fresh.push_back(&row);
  }
  std::ranges::sort(fresh, {}, [](const Row* row) {  // rows lie in the batch's order: the first claim comes first
    return std::pair<const core::DropId&, const Row*>(row->entry->drop->drop_id, row);
  });
  for (Row* row : fresh) {
    row->drop_refused = true;  // until the database says otherwise
    if (claims_.empty() || claims_.back()->entry->drop->drop_id != row->entry->drop->drop_id) claims_.push_back(row);
  }
  outcome_.drops_refused = fresh.size();
  if (claims_.empty()) return std::nullopt;
  Texts drops;
  Texts players;
  Texts events;
  for (const Row* row : claims_) {
    drops.push_back(row->entry->drop->drop_id.str());
    players.push_back(row->entry->player_id.str());
    events.push_back(text(row->id));
  }
  return std::move(Parameters().add_text_array(drops).add_text_array(players).add_text_array(events));
}

void Batch::take_granted(const postgres::Rows& rows) {
  std::size_t next = 0;
  for (Row* row : claims_) {
    if (next == rows.size()) break;
    if (rows.text(next, 0) != row->entry->drop->drop_id.str()) continue;
    row->drop_refused = false;
    ++next;
  }
  outcome_.drops_refused -= next;
}

std::optional<Parameters> Batch::ledger() const {
  if (outcome_.applied == 0) return std::nullopt;
  Texts events;
  Texts players;
  Numbers types;
  Numbers occurred;
  Numbers received;
  Numbers xp;
  std::vector<std::optional<std::int64_t>> scores;
  Numbers refused;
  Texts payloads;
  for (const Row& row : rows_) {
    if (!row.fresh) continue;
    const LedgerEntry& entry = *row.entry;
    events.push_back(text(row.id));
    players.push_back(entry.player_id.str());
    types.push_back(static_cast<std::int64_t>(entry.type));
    occurred.push_back(to_us(entry.occurred_at));
    received.push_back(to_us(entry.received_at));
    xp.push_back(entry.xp);
    scores.push_back(entry.score);
    refused.push_back(row.drop_refused ? 1 : 0);
    payloads.push_back(entry.payload_json);
  }
  Parameters parameters;
  parameters.add_text_array(events).add_text_array(players).add_array(types).add_array(occurred).add_array(received);
  parameters.add_array(xp).add_array(scores).add_array(refused).add_text_array(payloads).add(to_us(now_));
  return parameters;
}

std::optional<Parameters> Batch::sums() {
  for (const Row& row : rows_) {
    if (row.fresh) players_[row.player].add(*row.entry, thresholds_);
  }
  Texts ids;
  Numbers xp;
  std::vector<std::string> written;
  written.reserve(2 * players_.size());  // or the views would lose what they look at
  Texts seasons;
  Texts bosses;
  for (auto& player : players_) {
    player.finish(now_);
    outcome_.saturated += player.saturated();
    if (!player.changed()) continue;
    const ports::Progress& progress = player.progress();
    ids.push_back(progress.player_id.str());
    xp.push_back(progress.xp);
    seasons.push_back(written.emplace_back(player.changed_seasons().empty() ? "" : json_of(progress.season_xp)));
    bosses.push_back(written.emplace_back(player.changed_bosses().empty() ? "" : json_of(progress.boss_kills)));
  }
  if (ids.empty()) return std::nullopt;
  Parameters parameters;
  parameters.add_text_array(ids).add_array(xp).add_text_array(seasons).add_text_array(bosses).add(to_us(now_));
  return parameters;
}

std::optional<Parameters> Batch::earned() const {
  Texts players;
  Texts rewards;
  Texts seasons;
  for (const auto& player : players_) {
    for (const runtime::NewlyEarned& earned : player.earned()) {
      players.push_back(player.progress().player_id.str());
      rewards.push_back(earned.threshold->reward_id.str());
      seasons.push_back(season_text(earned.season));
    }
  }
  if (players.empty()) return std::nullopt;
  Parameters parameters;
  parameters.add_text_array(players).add_text_array(rewards).add_text_array(seasons).add(to_us(now_));
  return parameters;
}

void Batch::take_earned(const postgres::Rows& rows) {
  outcome_.rewards_earned = rows.affected();
}

std::optional<Parameters> Batch::items() {
  std::map<std::pair<std::string_view, std::string_view>, std::int64_t> granted;
  for (const Row& row : rows_) {
    if (!row.fresh || !row.entry->drop || row.drop_refused) continue;
    const core::DropClaimed& drop = *row.entry->drop;
    auto& quantity = granted[{row.entry->player_id.str(), drop.item_id.str()}];
    quantity = drop.quantity > ports::kMaxSum - quantity ? ports::kMaxSum : quantity + drop.quantity;
  }
  if (granted.empty()) return std::nullopt;
  Texts players;
  Texts items;
  Numbers quantities;
  for (const auto& [key, quantity] : granted) {
    players.push_back(key.first);
    items.push_back(key.second);
    quantities.push_back(quantity);
  }
  return std::move(Parameters().add_text_array(players).add_text_array(items).add_array(quantities));
}

void Batch::take_items(const postgres::Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) outcome_.saturated += rows.int64(i, 0) >= ports::kMaxSum ? 1 : 0;
}

ports::ApplyOutcome Batch::take_outcome() {
  for (auto& player : players_) outcome_.players.push_back(player.take_progress());
  return std::move(outcome_);
}

}  // namespace liveops::adapters::store_postgres::progression
