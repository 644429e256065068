#include "adapters/store_postgres/progression/player_reader.hpp"

#include <array>

#include "adapters/store_postgres/progression/rows.hpp"
#include "adapters/store_postgres/progression/statements.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Parameters;
using postgres::Rows;
using postgres::Session;
using postgres::Statement;

namespace {

// A player without items gives one row of NULL; no player, no row.
constexpr Statement kReadInventory{
    "progression_read_inventory",
    "SELECT i.item_id, i.quantity FROM progression.player p LEFT JOIN progression.inventory i USING (player_id) "
    "WHERE p.player_id = $1::text ORDER BY i.item_id"};

std::unexpected<core::Error> unknown(const core::PlayerId& player) {
  return core::fail(core::Errc::not_found, "no event of player '" + player.str() + "' has been applied");
}

core::Result<ports::Progress> only_row(const core::Result<Rows>& rows, const core::PlayerId& player) {
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return unknown(player);
  return progress_at(*rows, 0);
}

}  // namespace

ports::Task<ports::Progress> read_progress(Session& session, core::PlayerId player) {
  co_return only_row(co_await session.run(kReadPlayer, std::move(Parameters().add_text(player.str()))), player);
}

ports::Task<ports::Progress> lock_progress(Session& session, core::PlayerId player) {
  const std::array<std::string_view, 1> ids{player.str()};
  co_return only_row(co_await session.run(kLockPlayers, std::move(Parameters().add_text_array(ids))), player);
}

ports::Task<std::vector<ports::InventoryItem>> read_inventory(Session& session, core::PlayerId player) {
  const auto rows = co_await session.run(kReadInventory, std::move(Parameters().add_text(player.str())));
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) co_return unknown(player);
  std::vector<ports::InventoryItem> items;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    if (!rows->is_null(i, 0)) items.push_back({name_at<core::ItemId>(*rows, i, 0), rows->int64(i, 1)});
  }
  co_return items;
}

}  // namespace liveops::adapters::store_postgres::progression
