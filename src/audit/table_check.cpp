#include "audit/table_check.hpp"

#include <algorithm>

namespace liveops::audit {

namespace {

std::string text_of(const RankedEntry& entry) {
  return audit::text_of(core::Mark{entry.score, entry.achieved_at, {}});
}

std::size_t hash_of(const core::PlayerId& player) {
  return std::hash<core::PlayerId>{}(player);
}

}  // namespace

TableCheck::TableCheck(const ports::StandingsSpec& table, const PlayerSet& hidden, Differences& differences)
    : name_(name_of(table.id)),
      max_score_(table.operation.max_score),
      composite_(table),
      hidden_(hidden),
      differences_(differences) {}

void TableCheck::differ(const RankedEntry& entry, const char* what, std::string expected, std::string found) {
  differences_.add({what, entry.player.str(), name_, std::move(expected), std::move(found)});
}

void TableCheck::add(const RankedPage& page, std::vector<ports::HeldStanding> held) {
  std::ranges::sort(held, {}, &ports::HeldStanding::player);
  for (const RankedEntry& entry : page.entries) {
    check_place(entry);
    if (hidden_.contains(entry.player)) {
      differ(entry, "rank", "not shown, as the player is blocked", text_of(entry));
    } else if (check_value(entry, held)) {
      listed_.push_back(hash_of(entry.player));
    }
  }
}

void TableCheck::check_place(const RankedEntry& entry) {
  ++ranked_;
  if (entry.rank != ranked_) differ(entry, "rank", std::to_string(ranked_), std::to_string(entry.rank));
  Place place{composite_.pack(entry.score, entry.achieved_at), entry.player};
  const bool behind = !last_ || place.key < last_->key || (place.key == last_->key && last_->player < place.player);
  if (!behind) {
    differ(entry, "rank order", "ahead of " + last_->player.str(), "behind, with " + text_of(entry));
  }
  last_ = std::move(place);
}

bool TableCheck::check_value(const RankedEntry& entry, const std::vector<ports::HeldStanding>& held) {
  const auto found = std::ranges::lower_bound(held, entry.player, {}, &ports::HeldStanding::player);
  if (found == held.end() || found->player != entry.player) {
    differ(entry, "rank", kNone, text_of(entry));
    return false;
  }
  const std::int64_t score = std::clamp<std::int64_t>(found->mark.score, 0, max_score_);  // as the index takes it
  if (score != entry.score || found->mark.achieved_at != entry.achieved_at) {
    differ(entry, "rank", audit::text_of(core::Mark{score, found->mark.achieved_at, {}}), text_of(entry));
  }
  return true;
}

void TableCheck::finish() {
  std::ranges::sort(listed_);
  const auto repeated = std::ranges::unique(listed_);
  listed_.erase(repeated.begin(), repeated.end());
  members_ = listed_.size();
}

bool TableCheck::lists(const core::PlayerId& player) const {
  return std::ranges::binary_search(listed_, hash_of(player));
}

void TableCheck::add_missing(const core::PlayerId& player, const core::Mark& mark) {
  differences_.add({"rank", player.str(), name_, audit::text_of(mark), kNone});
}

}  // namespace liveops::audit
