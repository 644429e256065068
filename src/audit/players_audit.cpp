#include "audit/players_audit.hpp"

#include <algorithm>
#include <unordered_set>

#include "audit/ledger_event.hpp"
#include "audit/player_account.hpp"
#include "audit/standings_account.hpp"
#include "progression/ledger_entry.hpp"

namespace liveops::audit {

namespace {

constexpr std::size_t kPageRows = 4096;
constexpr std::size_t kPagePlayers = 1024;
constexpr std::size_t kRefusedHeld = 1024;
constexpr std::size_t kRepeatedNamed = 1000;

const core::PlayerId& player_of(const ports::LedgerRow& row) {
  return row.player;
}
const core::PlayerId& player_of(const ports::PlayerBooks& books) {
  return books.progress.player_id;
}
const core::PlayerId& player_of(const ports::GrantedDrop& drop) {
  return drop.player;
}
const core::PlayerId& player_of(const ports::HeldStanding& standing) {
  return standing.player;
}

/// Takes the rows of this player off the stream; both outlive the call. Errors: the stream's.
template <class Row, class Take>
ports::Task<void> take_rows(RowStream<Row>& stream, const core::PlayerId& player, Take take) {
  while (true) {
    if (stream.needs_fill()) {
      if (auto done = co_await stream.fill(); !done) co_return done;
    }
    Row* row = stream.front();
    if (row == nullptr || player_of(*row) != player) co_return core::Status();
    take(*row);
    stream.pop();
  }
}

template <class Row>
void take_least(RowStream<Row>& stream, const core::PlayerId*& least) {
  Row* row = stream.front();
  if (row != nullptr && (least == nullptr || player_of(*row) < *least)) least = &player_of(*row);
}

}  // namespace

PlayersAudit::PlayersAudit(ports::ProgressBooks::Reader& progress, ports::StandingBooks::Reader& standings,
                           const Rules& rules, const TableList& tables, const PlayerSet& hidden, Report& report)
    : progress_(progress),
      standings_(standings),
      rules_(rules),
      tables_(tables),
      hidden_(hidden),
      report_(report),
      ledger_([this] { return progress_.ledger(kPageRows); }),
      books_([this] { return progress_.players(kPagePlayers); }),
      drops_([this] { return progress_.drops(kPageRows); }),
      held_([this] { return next_standings(); }) {}

PlayersAudit::StandingRows PlayersAudit::next_standings() {
  auto rows = co_await standings_.rows(last_standing_, kPageRows);
  if (rows && !rows->empty()) last_standing_ = rows->back().player.str();
  co_return rows;
}

ports::Task<void> PlayersAudit::run() {
  while (true) {
    if (auto done = co_await fill(); !done) co_return done;
    const auto player = next_player();
    if (!player) break;
    if (auto done = co_await check(*player); !done) co_return done;
    if (refused_.size() < kRefusedHeld) continue;
    if (auto done = co_await check_refused(); !done) co_return done;
  }
  if (auto done = co_await check_refused(); !done) co_return done;
  co_return co_await check_repeated();
}

ports::Task<void> PlayersAudit::fill() {
  if (ledger_.needs_fill()) {
    if (auto done = co_await ledger_.fill(); !done) co_return done;
  }
  if (books_.needs_fill()) {
    if (auto done = co_await books_.fill(); !done) co_return done;
  }
  if (drops_.needs_fill()) {
    if (auto done = co_await drops_.fill(); !done) co_return done;
  }
  if (held_.needs_fill()) {
    if (auto done = co_await held_.fill(); !done) co_return done;
  }
  co_return core::Status();
}

std::optional<core::PlayerId> PlayersAudit::next_player() {
  const core::PlayerId* least = nullptr;
  take_least(ledger_, least);
  take_least(books_, least);
  take_least(drops_, least);
  take_least(held_, least);
  return least == nullptr ? std::nullopt : std::optional(*least);
}

ports::Task<void> PlayersAudit::check(const core::PlayerId& player) {
  PlayerAccount account(player);
  StandingsAccount standings(rules_.boards, tables_);
  std::optional<ports::PlayerBooks> books;
  std::vector<ports::GrantedDrop> drops;
  std::vector<ports::HeldStanding> held;
  auto done = co_await take_rows(ledger_, player, [&](const auto& row) { add(row, account, standings); });
  if (done) done = co_await take_rows(books_, player, [&](auto& row) { books = std::move(row); });
  if (done) done = co_await take_rows(drops_, player, [&](auto& row) { drops.push_back(std::move(row)); });
  if (done) done = co_await take_rows(held_, player, [&](auto& row) { held.push_back(std::move(row)); });
  if (!done) co_return done;
  ++report_.players;
  report_.drops += drops.size();
  count(held);
  account.compare(books ? &*books : nullptr, drops, report_.differences);
  standings.compare(player, held, report_.notes, report_.differences);
  co_return core::Status();
}

void PlayersAudit::add(const ports::LedgerRow& row, PlayerAccount& account, StandingsAccount& standings) {
  ++report_.events;
  auto event = event_of(row, rules_.game.bosses());
  if (!event) {
    report_.differences.add(
        {"ledger", row.player.str(), "event " + row.event_id.str(), "a payload of its type", event.error().message});
    return;
  }
  const auto* drop = std::get_if<core::DropClaimed>(&event->payload);
  if (drop != nullptr && row.drop_refused) refused_.push_back({drop->drop_id, row.player, row.event_id});
  standings.add(*event);
  account.add(row, progression::to_ledger_entry(std::move(*event), rules_.game));
}

void PlayersAudit::count(const std::vector<ports::HeldStanding>& held) {
  report_.standings += held.size();
  for (const auto& row : held) {
    const bool is_hidden = hidden_.contains(row.player);
    report_.hidden_standings += is_hidden ? 1 : 0;
    if (!is_hidden) ++report_.shown[row.table];
  }
}

ports::Task<void> PlayersAudit::check_refused() {
  if (refused_.empty()) co_return core::Status();
  std::vector<core::DropId> drops;
  for (const auto& refused : refused_) drops.push_back(refused.drop_id);
  const auto granted = co_await progress_.granted(std::move(drops));
  if (!granted) co_return std::unexpected(granted.error());
  const std::unordered_set<core::DropId> known(granted->begin(), granted->end());
  for (const auto& refused : refused_) {
    if (known.contains(refused.drop_id)) continue;
    report_.differences.add({"drop", refused.player.str(), refused.drop_id.str(),
                             "granted to somebody, as event " + refused.event_id.str() + " was refused it",
                             "granted to nobody"});
  }
  refused_.clear();
  co_return core::Status();
}

ports::Task<void> PlayersAudit::check_repeated() {
  const auto repeated = co_await progress_.repeated_events(kRepeatedNamed);
  if (!repeated) co_return std::unexpected(repeated.error());
  for (const auto& event : *repeated) {
    report_.differences.add(
        {"ledger", {}, "event " + event.event_id.str(), "once", std::to_string(event.times) + " times"});
  }
  co_return core::Status();
}

}  // namespace liveops::audit
