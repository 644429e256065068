#include "core/event_fields.hpp"

#include <array>
#include <utility>

namespace liveops::core {
namespace {

enum PayloadField : std::size_t {
  field_xp,
  field_score,
  field_boss_id,
  field_difficulty,
  field_duration_ms,
  field_drop_id,
  field_item_id,
  field_quantity,
  field_rarity,
  field_level
};

constexpr std::array<std::string_view, 10> kPayloadNames{"xp",      "score",   "boss_id",  "difficulty", "duration_ms",
                                                         "drop_id", "item_id", "quantity", "rarity",     "level"};
constexpr std::array<std::string_view, 9> kPayloadPointers{
    "/payload/xp",      "/payload/score",   "/payload/boss_id",  "/payload/difficulty", "/payload/duration_ms",
    "/payload/drop_id", "/payload/item_id", "/payload/quantity", "/payload/rarity"};

constexpr std::int64_t kMaxQuantity = 9999;

/// The payload's fields by name, over a FieldReader.
class PayloadReader {
 public:
  PayloadReader(const json::Fields& fields, FaultList& faults) : fields_(fields), reader_(faults) {}

  std::optional<std::int64_t> integer(PayloadField which) {
    return reader_.integer(fields_.nested[which], kPayloadPointers[which]);
  }

  std::int64_t required_integer(PayloadField which, std::int64_t min, std::int64_t max) {
    if (!reader_.require(fields_.nested[which], kPayloadPointers[which])) return min;
    return reader_.integer(fields_.nested[which], kPayloadPointers[which], min, max).value_or(min);
  }

  std::optional<std::string> name(PayloadField which) {
    return reader_.name(fields_.nested[which], kPayloadPointers[which]);
  }

  std::string required_name(PayloadField which) {
    if (!reader_.require(fields_.nested[which], kPayloadPointers[which])) return {};
    return name(which).value_or(std::string());
  }

 private:
  const json::Fields& fields_;
  FieldReader reader_;
};

std::string wrong_type(std::string_view wanted, json::Kind found) {
  return "must be " + std::string(wanted) + ", not " + std::string(json::describe(found));
}

}  // namespace

std::span<const std::string_view> payload_field_names() {
  return kPayloadNames;
}

std::optional<std::int64_t> FieldReader::integer(const json::Field& field, std::string_view pointer, std::int64_t min,
                                                 std::int64_t max) {
  switch (field.kind) {
    case json::Kind::absent:
      return std::nullopt;
    case json::Kind::integer:
      break;
    case json::Kind::fraction:
      fault(pointer, "must be an integer, written without fraction or exponent");
      return std::nullopt;
    case json::Kind::too_large:
      fault(pointer, "is beyond 9007199254740992 (2^53), the largest integer that JSON carries exactly");
      return std::nullopt;
    default:
      fault(pointer, wrong_type("an integer", field.kind));
      return std::nullopt;
  }
  if (field.integer < min || field.integer > max) {
    fault(pointer, max == kMaxExactInteger && field.integer < min
                       ? "must be " + std::to_string(min) + " or more"
                       : "must be from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
  }
  return field.integer;
}

std::optional<std::string_view> FieldReader::string(const json::Field& field, std::string_view pointer) {
  if (field.kind == json::Kind::absent) return std::nullopt;
  if (field.kind != json::Kind::string) {
    fault(pointer, wrong_type("a string", field.kind));
    return std::nullopt;
  }
  return field.text;
}

std::optional<std::string> FieldReader::name(const json::Field& field, std::string_view pointer) {
  const auto text = string(field, pointer);
  if (!text) return std::nullopt;
  if (!is_valid_name(*text)) {
    fault(pointer, "must be 1-64 characters of [A-Za-z0-9._:-]");
    return std::nullopt;
  }
  return std::string(*text);
}

bool FieldReader::require(const json::Field& field, std::string_view pointer) {
  if (field.kind != json::Kind::absent) return true;
  fault(pointer, "is required");
  return false;
}

std::int32_t read_level(const json::Fields& fields) {
  constexpr std::int64_t kMaxLevel = 1'000'000;
  const json::Field& level = fields.nested[field_level];
  const bool sound = level.kind == json::Kind::integer && level.integer >= 1 && level.integer <= kMaxLevel;
  return sound ? static_cast<std::int32_t>(level.integer) : 0;
}

Payload read_payload(EventType type, const json::Fields& fields, FaultList& faults) {
  PayloadReader read(fields, faults);
  switch (type) {
    case EventType::progression: {
      Progression progression;
      progression.xp = read.required_integer(field_xp, 0, kMaxExactInteger);
      progression.score = read.integer(field_score);
      return progression;
    }
    case EventType::boss_kill: {
      BossKill kill;
      kill.boss_id = BossId::trusted(read.required_name(field_boss_id));
      kill.difficulty = read.name(field_difficulty);
      kill.duration_ms = read.integer(field_duration_ms);
      kill.score = read.integer(field_score);
      kill.xp = read.integer(field_xp);
      return kill;
    }
    case EventType::drop_claimed:
      break;
  }
  DropClaimed drop;
  drop.drop_id = DropId::trusted(read.required_name(field_drop_id));
  drop.item_id = ItemId::trusted(read.required_name(field_item_id));
  drop.quantity = read.required_integer(field_quantity, 1, kMaxQuantity);
  drop.rarity = read.name(field_rarity);
  return drop;
}

}  // namespace liveops::core
