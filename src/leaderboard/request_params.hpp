#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.hpp"
#include "core/http/problem.hpp"
#include "core/ids.hpp"
#include "leaderboard/rank_query.hpp"

namespace liveops::leaderboard {

/// Reads query parameters, collecting every fault. Pointers are "#/<parameter>".
class Params {
 public:
  explicit Params(const core::http::Request& request) : request_(request) {}

  /// An integer within low..high; `fallback` when absent or at fault.
  [[nodiscard]] std::uint64_t integer(std::string_view name, std::uint64_t low, std::uint64_t high,
                                      std::uint64_t fallback);
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  /// A required player id.
  [[nodiscard]] core::PlayerId player(std::string_view name);
  /// board, window and period.
  [[nodiscard]] TableChoice table() const;

  [[nodiscard]] bool ok() const { return faults_.empty(); }
  /// 400 with every fault named.
  [[nodiscard]] core::http::Response refusal() { return core::http::validation_problem(std::move(faults_)).response(); }

 private:
  const core::http::Request& request_;
  std::vector<core::http::Fault> faults_;
};

/// The body of POST /leaderboard/ranks.
struct RanksBody {
  TableChoice table;
  std::vector<core::PlayerId> players;
};

/// {"player_ids": [1-100 ids], "board"?, "window"?}; every fault named.
[[nodiscard]] std::expected<RanksBody, std::vector<core::http::Fault>> read_ranks_body(std::string_view body);

}  // namespace liveops::leaderboard
