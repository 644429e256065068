#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_faults.hpp"

/// Reads the few fields that rules look at out of JSON text, in one pass and without building a tree, while checking
/// all of the text. Internal to the core's codecs.
namespace liveops::core::json {

enum class Kind : std::uint8_t { absent, null, boolean, integer, too_large, fraction, string, array, object };

/// What was found under one field's name. Numbers keep the difference between `1` (integer), `1.0` or `1e3` (fraction)
/// and an integer beyond +-2^53 (too_large).
struct Field {
  Kind kind = Kind::absent;
  std::int64_t integer = 0;  // also a boolean's value
  std::string_view text;     // of a string: in the text that was scanned, or in `Fields` where it had escapes
};

/// The names to look for: those of the object itself, and those of one member object of it.
struct FieldNames {
  static constexpr std::size_t kMax = 10;
  std::span<const std::string_view> top;
  std::span<const std::string_view> nested;
  std::size_t nested_in = kMax;  // index in `top` of the member that holds `nested`; kMax: none
};

/// The fields of one text, plus the buffers of the pass: use one object for many texts. Views into the text last
/// scanned: keep that alive.
struct Fields {
  std::array<Field, FieldNames::kMax> top;
  std::array<Field, FieldNames::kMax> nested;
  bool is_object = false;
  std::string_view nested_source;  // of an object under the name `nested_in`: as written; when complete

  Fields() = default;
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  // Buffers of the scanner.
  struct Frame {
    bool is_array;
    std::uint32_t index;       // of the current element, when an array
    std::uint32_t first_key;   // of this object in `keys`
    std::uint32_t names_size;  // of `names` when the object was opened
  };
  std::string texts;  // values that had escapes; never grows while views of it are out
  std::string names;  // keys that had escapes; likewise
  std::vector<std::string_view> keys;
  std::vector<Frame> frames;
};

/// How a scan ended.
struct Scan {
  enum class End : std::uint8_t { complete, too_deep, broken };
  End end = End::complete;
  std::size_t consumed = 0;  // bytes up to the end of the value and the white space after it, or up to where it broke
  std::string why;           // of `broken`, for people
};

/// Reads the JSON value at the start of `text`; what follows it is the caller's.
/// Adds to `faults`: members of the object that are not in `names.top`, and duplicate keys at any depth.
[[nodiscard]] Scan scan(std::string_view text, const FieldNames& names, std::size_t max_depth, Fields& fields,
                        FaultList& faults);

/// The source text of the value of the member number `ordinal` of an object.
/// Requires: `object` was scanned to its end and has such a member.
[[nodiscard]] std::string_view member_text(std::string_view object, std::size_t ordinal);

/// Where the array or object that starts at `begin` ends (one past its bracket), seen by brackets and strings alone;
/// npos when it does not end.
[[nodiscard]] std::size_t end_of_nested(std::string_view text, std::size_t begin);

/// First position from `begin` that is not JSON white space.
[[nodiscard]] std::size_t skip_space(std::string_view text, std::size_t begin);

/// "a string", "null", ... for messages.
[[nodiscard]] std::string_view describe(Kind kind);

}  // namespace liveops::core::json
