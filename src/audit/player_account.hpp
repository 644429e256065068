#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "audit/differences.hpp"
#include "ports/progress_books.hpp"
#include "runtime/player_sums.hpp"

namespace liveops::audit {

/// What the ledger says of one player, to be held against what is stored beside it. Pure.
class PlayerAccount {
 public:
  explicit PlayerAccount(const core::PlayerId& player);

  /// Adds a row, with what its event means by the rules.
  void add(const ports::LedgerRow& row, ports::LedgerEntry entry);

  /// Names every sum, item and grant that is not what the ledger's rows add up to. `books`: null when there are none.
  void compare(const ports::PlayerBooks* books, const std::vector<ports::GrantedDrop>& drops,
               Differences& differences) const;

 private:
  void compare_sums(const ports::Progress& found, Differences& differences) const;
  void compare_items(const ports::PlayerBooks& books, Differences& differences) const;
  void compare_drops(const std::vector<ports::GrantedDrop>& drops, Differences& differences) const;

  runtime::PlayerSums sums_;
  std::uint64_t events_ = 0;
  std::map<core::ItemId, std::int64_t> items_;
  std::map<core::DropId, core::EventId> granted_;
};

/// The items of a receipt in its JSON form. Errors: `corrupt`.
[[nodiscard]] core::Result<std::vector<core::RewardItem>> items_of_receipt(std::string_view json);

}  // namespace liveops::audit
