#include "adapters/redis/leaderboard/answers.hpp"

#include "adapters/redis/leaderboard/entry_value.hpp"
#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::adapters::redis::leaderboard {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t kIdBytes = 16;
// Positions in an answer.
constexpr std::size_t kCondition = 0;
constexpr std::size_t kBorn = 1;
constexpr std::size_t kTotal = 2;
constexpr std::size_t kFirst = 3;  // of a page
constexpr std::size_t kPlayers = 4;
constexpr std::size_t kValues = 5;
constexpr std::size_t kPlaces = 3;  // of a lookup
constexpr std::size_t kPlacesValues = 4;

std::unexpected<core::Error> odd_answer(const char* which) {
  return fail(Errc::corrupt, "Redis answered a script of the rank index oddly", which);
}

}  // namespace

std::string random_id() {
  return core::crypto::to_hex(core::crypto::random_bytes(kIdBytes));
}

std::unexpected<core::Error> index_error(const core::Error& error) {
  const bool comes_back = error.code == Errc::unavailable || error.code == Errc::timeout;
  return fail(comes_back ? Errc::unavailable : Errc::internal, error.message, error.detail);
}

core::Result<std::vector<std::string>> read_words(const Reply& reply) {
  if (reply.elements.size() != 2) return odd_answer("words");
  return std::vector<std::string>{reply.elements[0].text, reply.elements[1].text};
}

core::Result<TableLife> read_life(const Reply& reply) {
  if (reply.elements.size() <= kBorn) return odd_answer("table");
  const std::string& condition = reply.elements[kCondition].text;
  const std::string& born = reply.elements[kBorn].text;
  if (condition == "whole") return TableLife{Condition::whole, born};
  if (condition == "none") return TableLife{Condition::none, born};
  if (condition == "damaged") return TableLife{Condition::damaged, born};
  return odd_answer("condition");
}

core::Result<ports::RankPage> read_page(Reply reply) {
  if (reply.elements.size() <= kValues) return odd_answer("page");
  const std::int64_t total = reply.elements[kTotal].integer;
  if (total < 0) return fail(Errc::not_found, "the player is not in this table");
  auto& players = reply.elements[kPlayers].elements;
  const auto& values = reply.elements[kValues].elements;
  if (players.size() != values.size()) return odd_answer("page");
  ports::RankPage page{static_cast<std::uint64_t>(total), {}};
  page.entries.reserve(players.size());
  auto rank = static_cast<std::uint64_t>(reply.elements[kFirst].integer);
  for (std::size_t i = 0; i < players.size(); ++i) {
    auto ranked = unpack(++rank, std::move(players[i].text), values[i].text);
    if (!ranked) return std::unexpected(ranked.error());
    page.entries.push_back(std::move(*ranked));
  }
  return page;
}

core::Result<ports::RankLookup> read_lookup(const Reply& reply, std::vector<core::PlayerId> players) {
  if (reply.elements.size() <= kPlacesValues) return odd_answer("lookup");
  const auto& places = reply.elements[kPlaces].elements;
  const auto& values = reply.elements[kPlacesValues].elements;
  if (places.size() != players.size() || values.size() != players.size()) return odd_answer("lookup");
  ports::RankLookup lookup{static_cast<std::uint64_t>(reply.elements[kTotal].integer), {}};
  lookup.found.resize(players.size());
  for (std::size_t i = 0; i < players.size(); ++i) {
    if (places[i].is_nil()) continue;
    auto ranked = unpack(static_cast<std::uint64_t>(places[i].integer) + 1, players[i].str(), values[i].text);
    if (!ranked) return std::unexpected(ranked.error());
    lookup.found[i] = std::move(*ranked);
  }
  return lookup;
}

}  // namespace liveops::adapters::redis::leaderboard
