#include "leaderboard/request_params.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace liveops::leaderboard {

namespace json = boost::json;
using core::http::Fault;

namespace {

constexpr std::size_t kMaxIds = 100;
constexpr std::size_t kMaxDepth = 4;

void read_text(const json::value& value, std::string_view name, std::optional<std::string>& into,
               std::vector<Fault>& faults) {
  if (const auto* text = value.if_string()) {
    into = std::string(*text);
  } else {
    faults.push_back({"#/" + std::string(name), "must be a string"});
  }
}

void read_ids(const json::value& value, std::vector<core::PlayerId>& into, std::vector<Fault>& faults) {
  const auto* list = value.if_array();
  if (list == nullptr || list->empty() || list->size() > kMaxIds) {
    faults.push_back({"#/player_ids", "must be an array of 1 to 100 player ids"});
    return;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* text = (*list)[i].if_string();
    auto player = core::PlayerId::parse(text == nullptr ? std::string_view() : std::string_view(*text));
    if (player) {
      into.push_back(std::move(*player));
    } else {
      faults.push_back({"#/player_ids/" + std::to_string(i), player.error().message});
    }
  }
}

}  // namespace

std::uint64_t Params::integer(std::string_view name, std::uint64_t low, std::uint64_t high, std::uint64_t fallback) {
  const auto text = request_.query_param(name);
  if (!text) return fallback;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc() && end == text->data() + text->size() && value >= low && value <= high) return value;
  faults_.push_back(
      {"#/" + std::string(name), "must be an integer from " + std::to_string(low) + " to " + std::to_string(high)});
  return fallback;
}

std::optional<std::string> Params::text(std::string_view name) const {
  return request_.query_param(name);
}

core::PlayerId Params::player(std::string_view name) {
  const auto text = request_.query_param(name);
  if (!text) {
    faults_.push_back({"#/" + std::string(name), "is required"});
    return {};
  }
  auto player = core::PlayerId::parse(*text);
  if (player) return std::move(*player);
  faults_.push_back({"#/" + std::string(name), player.error().message});
  return {};
}

TableChoice Params::table() const {
  return {text("board"), text("window"), text("period")};
}

std::expected<RanksBody, std::vector<Fault>> read_ranks_body(std::string_view body) {
  boost::system::error_code error;
  const auto parsed = json::parse(body, error, {}, {.max_depth = kMaxDepth});
  if (error) return std::unexpected(std::vector<Fault>{{"#", "is not valid JSON: " + error.message()}});
  const auto* object = parsed.if_object();
  if (object == nullptr) return std::unexpected(std::vector<Fault>{{"#", "must be a JSON object"}});
  RanksBody result;
  std::vector<Fault> faults;
  for (const auto& [name, value] : *object) {
    if (name == "player_ids") {
      read_ids(value, result.players, faults);
    } else if (name == "board") {
      read_text(value, name, result.table.board, faults);
    } else if (name == "window") {
      read_text(value, name, result.table.window, faults);
    } else {
      faults.push_back({"#", "has an unknown field; known: player_ids, board, window"});
    }
  }
  if (!object->contains("player_ids")) faults.push_back({"#/player_ids", "is required"});
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return result;
}

}  // namespace liveops::leaderboard
