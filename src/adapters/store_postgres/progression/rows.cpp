#include "adapters/store_postgres/progression/rows.hpp"

#include <boost/json/parse.hpp>

namespace liveops::adapters::store_postgres::progression {

namespace {

template <class Name>
core::Result<std::map<Name, std::int64_t>> sums_of(std::string_view text) {
  boost::system::error_code failure;
  const auto value = boost::json::parse(text, failure);
  if (failure || !value.is_object()) return core::fail(core::Errc::corrupt, "a player's sums are no JSON object");
  std::map<Name, std::int64_t> sums;
  for (const auto& [key, sum] : value.get_object()) {
    if (!sum.is_int64()) return core::fail(core::Errc::corrupt, "a player's sum is no integer");
    sums.emplace(Name::trusted(std::string(key)), sum.get_int64());
  }
  return sums;
}

/// Names have no character that JSON would escape.
template <class Name>
std::string text_of(const std::map<Name, std::int64_t>& sums) {
  std::string text = "{";
  for (const auto& [name, sum] : sums) {
    if (text.size() > 1) text += ',';
    text.append("\"").append(name.str()).append("\":").append(std::to_string(sum));
  }
  return text += '}';
}

}  // namespace

core::Result<ports::Progress> progress_at(const postgres::Rows& rows, std::size_t row) {
  ports::Progress progress;
  progress.player_id = name_at<core::PlayerId>(rows, row, 0);
  progress.xp = rows.int64(row, 1);
  progress.version = rows.int64(row, 2);
  progress.updated_at = from_us(rows.int64(row, 3));
  auto seasons = sums_of<core::SeasonId>(rows.text(row, 4));
  if (!seasons) return std::unexpected(seasons.error());
  auto bosses = sums_of<core::BossId>(rows.text(row, 5));
  if (!bosses) return std::unexpected(bosses.error());
  progress.season_xp = std::move(*seasons);
  progress.boss_kills = std::move(*bosses);
  return progress;
}

std::string json_of(const std::map<core::SeasonId, std::int64_t>& sums) {
  return text_of(sums);
}
std::string json_of(const std::map<core::BossId, std::int64_t>& sums) {
  return text_of(sums);
}

}  // namespace liveops::adapters::store_postgres::progression
