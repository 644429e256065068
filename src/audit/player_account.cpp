#include "audit/player_account.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace liveops::audit {

namespace json = boost::json;
using Items = std::map<core::ItemId, std::int64_t>;

namespace {

ports::Progress nothing_of(const core::PlayerId& player) {
  ports::Progress progress;
  progress.player_id = player;
  return progress;
}

void add_item(Items& items, const core::ItemId& item, std::int64_t quantity) {
  auto& sum = items[item];
  sum = quantity > ports::kMaxSum - sum ? ports::kMaxSum : sum + quantity;
}

std::string text_of(std::int64_t value) {
  return std::to_string(value);
}
std::string text_of(const core::EventId& event) {
  return "event " + event.str();
}

/// Names each key whose value is not the same in both.
template <class Key, class Value>
void compare_maps(const std::map<Key, Value>& expected, const std::map<Key, Value>& found, const char* what,
                  const std::string& player, Differences& differences) {
  for (const auto& [key, value] : expected) {
    const auto there = found.find(key);
    if (there != found.end() && there->second == value) continue;
    differences.add({what, player, key.str(), text_of(value), there == found.end() ? kNone : text_of(there->second)});
  }
  for (const auto& [key, value] : found) {
    if (!expected.contains(key)) differences.add({what, player, key.str(), kNone, text_of(value)});
  }
}

}  // namespace

core::Result<std::vector<core::RewardItem>> items_of_receipt(std::string_view text) {
  const auto refused = [] { return core::fail(core::Errc::corrupt, "a receipt cannot be read"); };
  boost::system::error_code failed;
  const auto receipt = json::parse(text, failed);
  if (failed || !receipt.is_object()) return refused();
  const auto* list = receipt.get_object().if_contains("items");
  if (list == nullptr || !list->is_array()) return refused();
  std::vector<core::RewardItem> items;
  for (const auto& value : list->get_array()) {
    const auto* object = value.if_object();
    const auto* id = object == nullptr ? nullptr : object->if_contains("item_id");
    const auto* quantity = object == nullptr ? nullptr : object->if_contains("quantity");
    if (id == nullptr || !id->is_string() || quantity == nullptr || !quantity->is_int64()) return refused();
    items.push_back({core::ItemId::trusted(std::string(id->get_string())), quantity->get_int64()});
  }
  return items;
}

PlayerAccount::PlayerAccount(const core::PlayerId& player) : sums_(nothing_of(player)) {}

void PlayerAccount::add(const ports::LedgerRow& row, ports::LedgerEntry entry) {
  static const std::vector<ports::RewardThreshold> kNoThresholds;
  ++events_;
  entry.xp = row.xp;  // as it counted then, whatever the rules say now
  sums_.add(entry, kNoThresholds);
  if (!entry.drop || row.drop_refused) return;
  granted_.insert_or_assign(entry.drop->drop_id, row.event_id);
  add_item(items_, entry.drop->item_id, entry.drop->quantity);
}

void PlayerAccount::compare(const ports::PlayerBooks* books, const std::vector<ports::GrantedDrop>& drops,
                            Differences& differences) const {
  const std::string& player = sums_.progress().player_id.str();
  compare_drops(drops, differences);
  if (books == nullptr) {
    if (events_ > 0) {
      differences.add({"progress", player, {}, "the sums of " + std::to_string(events_) + " events", kNone});
    }
    return;
  }
  if (events_ == 0) {
    differences.add({"progress", player, {}, kNone, "a row, though the ledger has no event of this player"});
  }
  compare_sums(books->progress, differences);
  compare_items(*books, differences);
}

void PlayerAccount::compare_sums(const ports::Progress& found, Differences& differences) const {
  const ports::Progress& expected = sums_.progress();
  const std::string& player = expected.player_id.str();
  if (expected.xp != found.xp) differences.add({"xp", player, {}, text_of(expected.xp), text_of(found.xp)});
  compare_maps(expected.season_xp, found.season_xp, "season xp", player, differences);
  compare_maps(expected.boss_kills, found.boss_kills, "boss kills", player, differences);
}

void PlayerAccount::compare_items(const ports::PlayerBooks& books, Differences& differences) const {
  const std::string& player = sums_.progress().player_id.str();
  Items expected = items_;
  for (const auto& receipt : books.receipts) {
    const auto items = receipt ? items_of_receipt(*receipt)
                               : core::Result<std::vector<core::RewardItem>>(core::fail(core::Errc::not_found, kNone));
    if (!items) {
      differences.add({"claimed reward", player, {}, "a receipt", items.error().message});
      continue;
    }
    for (const core::RewardItem& item : *items) add_item(expected, item.item_id, item.quantity);
  }
  Items found;
  for (const auto& item : books.items) found.emplace(item.item_id, item.quantity);
  compare_maps(expected, found, "item", player, differences);
}

void PlayerAccount::compare_drops(const std::vector<ports::GrantedDrop>& drops, Differences& differences) const {
  std::map<core::DropId, core::EventId> found;
  for (const auto& drop : drops) found.emplace(drop.drop_id, drop.event_id);
  compare_maps(granted_, found, "drop", sums_.progress().player_id.str(), differences);
}

}  // namespace liveops::audit
