#include "adapters/redis/progression/progress_record.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace liveops::adapters::redis {

namespace {

namespace json = boost::json;

constexpr std::size_t kVersionBytes = 8;

void append_version(std::string& to, std::int64_t version) {
  for (std::size_t n = kVersionBytes; n-- > 0;) {
    to += static_cast<char>(static_cast<std::uint64_t>(version) >> (8 * n) & 0xffU);
  }
}

std::int64_t read_version(std::string_view bytes) {
  std::uint64_t version = 0;
  for (const char byte : bytes) version = version << 8U | static_cast<std::uint8_t>(byte);
  return static_cast<std::int64_t>(version);
}

template <class Id>
json::object counts_of(const std::map<Id, std::int64_t>& counts) {
  json::object out;
  for (const auto& [id, count] : counts) out.emplace(id.str(), count);
  return out;
}

/// False where something else than counts stands there.
template <class Id>
bool read_counts(const json::object& from, std::string_view name, std::map<Id, std::int64_t>& into) {
  const auto* field = from.if_contains(name);
  if (field == nullptr || !field->is_object()) return false;
  for (const auto& [id, count] : field->get_object()) {
    if (!count.is_int64()) return false;
    into.emplace(Id::trusted(id), count.get_int64());
  }
  return true;
}

std::optional<std::int64_t> read_number(const json::object& from, std::string_view name) {
  const auto* field = from.if_contains(name);
  if (field == nullptr || !field->is_int64()) return std::nullopt;
  return field->get_int64();
}

}  // namespace

std::string ProgressRecord::encode(const ports::Progress& progress) {
  std::string out;
  append_version(out, progress.version);
  out += json::serialize(json::object{{"xp", progress.xp},
                                      {"seasons", counts_of(progress.season_xp)},
                                      {"kills", counts_of(progress.boss_kills)},
                                      {"updated_us", progress.updated_at.time_since_epoch().count()}});
  return out;
}

std::optional<ports::Progress> ProgressRecord::decode(std::string_view record, core::PlayerId player) {
  if (record.size() <= kVersionBytes) return std::nullopt;
  boost::system::error_code malformed;
  const auto parsed = json::parse(record.substr(kVersionBytes), malformed);
  if (malformed || !parsed.is_object()) return std::nullopt;
  const auto& fields = parsed.get_object();
  const auto xp = read_number(fields, "xp");
  const auto updated_us = read_number(fields, "updated_us");
  ports::Progress out;
  if (!xp || !updated_us || !read_counts(fields, "seasons", out.season_xp) ||
      !read_counts(fields, "kills", out.boss_kills)) {
    return std::nullopt;
  }
  out.player_id = std::move(player);
  out.xp = *xp;
  out.version = read_version(record.substr(0, kVersionBytes));
  out.updated_at = core::Timestamp(std::chrono::microseconds(*updated_us));
  return out;
}

}  // namespace liveops::adapters::redis
