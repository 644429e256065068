#include "core/json_fields.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>

#include "core/event.hpp"

namespace liveops::core::json {
namespace {

namespace bj = boost::json;

/// Receives Boost.JSON's events and keeps what is asked for.
class Handler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  Handler(const FieldNames& names, Fields& fields, FaultList& faults) : names_(names), out_(fields), faults_(faults) {}

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }

  bool on_object_begin(bj::error_code&) {
    if (out_.frames.empty()) out_.is_object = true;
    open(Kind::object);
    return true;
  }

  bool on_object_end(std::size_t, bj::error_code&) {
    report_duplicates();
    const auto& frame = out_.frames.back();
    out_.keys.resize(frame.first_key);
    out_.names.resize(frame.names_size);
    out_.frames.pop_back();
    return true;
  }

  bool on_array_begin(bj::error_code&) {
    open(Kind::array);
    return true;
  }

  bool on_array_end(std::size_t, bj::error_code&) {
    out_.frames.pop_back();
    return true;
  }

  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) {
    out_.names.append(part.data(), part.size());
    return true;
  }

  bool on_key(bj::string_view part, std::size_t size, bj::error_code&) {
    out_.names.append(part.data(), part.size());
    out_.keys.push_back({static_cast<std::uint32_t>(out_.names.size() - size), static_cast<std::uint32_t>(size)});
    if (out_.frames.size() == 1) {
      find_top();
    } else if (out_.frames.size() == 2 && top_ < FieldNames::kMax && top_ == names_.nested_in) {
      nested_ = index_of(names_.nested, key(out_.keys.back()));
    }
    return true;
  }

  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) {
    if (target() != nullptr) out_.texts.append(part.data(), part.size());
    return true;
  }

  bool on_string(bj::string_view part, std::size_t size, bj::error_code&) {
    if (auto* field = value(Kind::string)) {
      out_.texts.append(part.data(), part.size());
      field->text_begin = static_cast<std::uint32_t>(out_.texts.size() - size);
      field->text_size = static_cast<std::uint32_t>(size);
    }
    return true;
  }

  bool on_int64(std::int64_t number, bj::string_view text, bj::error_code&) {
    const bool exact = number >= -kMaxExactInteger && number <= kMaxExactInteger;
    if (auto* field = value(is_fraction(text) ? Kind::fraction : exact ? Kind::integer : Kind::too_large)) {
      field->integer = number;
    }
    return true;
  }

  bool on_uint64(std::uint64_t, bj::string_view text, bj::error_code&) { return on_inexact(text); }
  bool on_double(double, bj::string_view text, bj::error_code&) { return on_inexact(text); }

  bool on_bool(bool flag, bj::error_code&) {
    if (auto* field = value(Kind::boolean)) field->integer = flag ? 1 : 0;
    return true;
  }

  bool on_null(bj::error_code&) {
    value(Kind::null);
    return true;
  }

 private:
  static bool is_fraction(bj::string_view text) { return text.find_first_of(".eE") != bj::string_view::npos; }

  static std::size_t index_of(std::span<const std::string_view> names, std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return i;
    }
    return FieldNames::kMax;
  }

  bool on_inexact(bj::string_view text) {
    value(is_fraction(text) ? Kind::fraction : Kind::too_large);
    return true;
  }

  std::string_view key(const Fields::Key& entry) const {
    return std::string_view(out_.names).substr(entry.begin, entry.size);
  }

  void find_top() {
    const std::string_view name = key(out_.keys.back());
    top_ = index_of(names_.top, name);
    nested_ = FieldNames::kMax;
    if (top_ == FieldNames::kMax) {
      faults_.add("/" + pointer_token(name), "unknown field");
    } else if (top_ == names_.nested_in) {
      out_.nested_ordinal = out_.keys.size() - 1;
    }
  }

  /// Where the value that comes now is to be kept; null when nobody asked for it.
  Field* target() const {
    if (out_.frames.empty() || out_.frames.back().is_array) return nullptr;
    if (out_.frames.size() == 1 && top_ < FieldNames::kMax) return &out_.top[top_];
    if (out_.frames.size() == 2 && top_ == names_.nested_in && nested_ < FieldNames::kMax) return &out_.nested[nested_];
    return nullptr;
  }

  Field* value(Kind kind) {
    if (!out_.frames.empty() && out_.frames.back().is_array) ++out_.frames.back().index;
    auto* field = target();
    if (field != nullptr) *field = Field{.kind = kind};
    return field;
  }

  void open(Kind kind) {
    value(kind);
    out_.frames.push_back({.is_array = kind == Kind::array,
                           .index = static_cast<std::uint32_t>(-1),
                           .first_key = static_cast<std::uint32_t>(out_.keys.size()),
                           .names_size = static_cast<std::uint32_t>(out_.names.size())});
  }

  /// Sorting once at the end of an object keeps hostile objects with thousands of keys cheap; the usual few keys are
  /// compared directly.
  void report_duplicates() {
    constexpr std::size_t kFew = 12;
    const std::span keys = std::span(out_.keys).subspan(out_.frames.back().first_key);
    if (keys.size() > kFew) {
      std::ranges::sort(keys, [this](const auto& a, const auto& b) { return key(a) < key(b); });
      for (std::size_t i = 1; i < keys.size(); ++i) {
        const bool first_repeat = i < 2 || key(keys[i - 2]) != key(keys[i]);
        if (key(keys[i - 1]) == key(keys[i]) && first_repeat) report_duplicate(keys[i]);
      }
      return;
    }
    for (std::size_t i = 1; i < keys.size(); ++i) {
      const auto same = [&](const Fields::Key& other) { return key(other) == key(keys[i]); };
      if (std::ranges::count_if(keys.first(i), same) == 1) report_duplicate(keys[i]);
    }
  }

  void report_duplicate(const Fields::Key& entry) {
    std::string pointer;
    for (std::size_t depth = 0; depth + 1 < out_.frames.size(); ++depth) {
      const auto& frame = out_.frames[depth];
      if (frame.is_array) {
        pointer += "/" + std::to_string(frame.index);
        continue;
      }
      // The open member of an object is its last key: the one before the keys of the frame above.
      pointer += "/" + pointer_token(key(out_.keys[out_.frames[depth + 1].first_key - 1]));
    }
    faults_.add(pointer + "/" + pointer_token(key(entry)), "appears more than once");
  }

  const FieldNames& names_;
  Fields& out_;
  FaultList& faults_;
  std::size_t top_ = FieldNames::kMax;
  std::size_t nested_ = FieldNames::kMax;
};

void reset(Fields& fields) {
  fields.top.fill({});
  fields.nested.fill({});
  fields.is_object = false;
  fields.nested_ordinal = 0;
  fields.texts.clear();
  fields.names.clear();
  fields.keys.clear();
  fields.frames.clear();
}

std::string reason(const bj::error_code& error) {
  if (error == bj::error::incomplete) return "the text ends too early";
  if (error == bj::error::exponent_overflow) return "a number's exponent is too large";
  if (error == bj::error::illegal_leading_surrogate || error == bj::error::illegal_trailing_surrogate) {
    return "a \\u escape names half a surrogate pair";
  }
  if (error == bj::error::expected_hex_digit) return "a \\u escape needs four hex digits";
  return "not allowed here, or not UTF-8";
}

}  // namespace

Scan scan(std::string_view text, const FieldNames& names, std::size_t max_depth, Fields& fields, FaultList& faults) {
  reset(fields);
  bj::parse_options options;
  options.max_depth = max_depth;
  bj::basic_parser<Handler> parser(options, names, fields, faults);
  bj::error_code error;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), error);
  if (!error) return {.consumed = consumed};
  if (error == bj::error::too_deep) return {.end = Scan::End::too_deep, .consumed = consumed};
  return {.end = Scan::End::broken, .consumed = consumed, .why = reason(error)};
}

}  // namespace liveops::core::json
