#include "core/json_fields.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <functional>

#include "core/event.hpp"

namespace liveops::core::json {
namespace {

namespace bj = boost::json;

/// Receives Boost.JSON's events and keeps what is asked for.
class Handler {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the names that Boost.JSON looks for
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  // NOLINTEND(readability-identifier-naming)

  Handler(std::string_view text, const FieldNames& names, Fields& fields, FaultList& faults)
      : text_(text), names_(names), out_(fields), faults_(faults) {}

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
    append(out_.names, part);
    return true;
  }

  bool on_key(bj::string_view part, std::size_t size, bj::error_code&) {
    const std::string_view key = whole(out_.names, part, size);
    out_.keys.push_back(key);
    if (out_.frames.size() == 1) {
      find_top(key);
    } else if (out_.frames.size() == 2 && top_ < FieldNames::kMax && top_ == names_.nested_in) {
      nested_ = index_of(names_.nested, key);
    }
    return true;
  }

  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) {
    if (target() != nullptr) append(out_.texts, part);
    return true;
  }

  bool on_string(bj::string_view part, std::size_t size, bj::error_code&) {
    if (auto* field = value(Kind::string)) field->text = whole(out_.texts, part, size);
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

  /// After a complete scan of `size` bytes.
  void find_nested_source(std::size_t size) const {
    if (names_.nested_in >= FieldNames::kMax || out_.top[names_.nested_in].kind != Kind::object) return;
    out_.nested_source = source_is_marked_ ? source_between(nested_key_end_, next_key_, size)
                                           : member_text(text_.substr(0, size), nested_ordinal_);
  }

 private:
  bool is_in_text(bj::string_view part) const {
    return std::greater_equal<>()(part.data(), text_.data()) &&
           std::less_equal<>()(part.data() + part.size(), text_.data() + text_.size());
  }

  /// Unescaped text is never longer than what it was written as: with room for all of it, nothing moves.
  void append(std::string& buffer, bj::string_view part) const {
    if (buffer.empty()) buffer.reserve(text_.size());
    buffer.append(part.data(), part.size());
  }

  /// The whole of a string whose last part this is: where it was written, or else in `buffer`.
  std::string_view whole(std::string& buffer, bj::string_view part, std::size_t size) const {
    if (part.size() == size && is_in_text(part)) return {part.data(), part.size()};
    append(buffer, part);
    return std::string_view(buffer).substr(buffer.size() - size);
  }
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

  void find_top(std::string_view name) {
    if (top_ < FieldNames::kMax && top_ == names_.nested_in) mark_end_of_nested(name);
    top_ = index_of(names_.top, name);
    nested_ = FieldNames::kMax;
    if (top_ == FieldNames::kMax) {
      faults_.add("/" + pointer_token(name), "unknown field");
    } else if (top_ == names_.nested_in) {
      mark_begin_of_nested(name);
    }
  }

  /// The parser does not tell where a value lies, but a key without escapes does.
  void mark_begin_of_nested(std::string_view key) {
    nested_ordinal_ = out_.keys.size() - 1;
    source_is_marked_ = is_in_text({key.data(), key.size()});
    if (source_is_marked_) nested_key_end_ = static_cast<std::size_t>(key.data() - text_.data()) + key.size();
    next_key_ = 0;
  }

  void mark_end_of_nested(std::string_view next_key) {
    source_is_marked_ = source_is_marked_ && is_in_text({next_key.data(), next_key.size()});
    if (source_is_marked_) next_key_ = static_cast<std::size_t>(next_key.data() - text_.data());
  }

  /// The value between two keys: that of the one that ends at `key_end`. `next_key` is 0 when it is the last one.
  std::string_view source_between(std::size_t key_end, std::size_t next_key, std::size_t size) const {
    const std::size_t colon = text_.find(':', key_end);
    const std::size_t begin = text_.find('{', colon);
    const std::size_t after = next_key != 0 ? next_key - 1 : text_.rfind('}', size - 1);  // its quote, or the end
    return text_.substr(begin, text_.rfind('}', after - 1) + 1 - begin);
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
      std::ranges::sort(keys);
      for (std::size_t i = 1; i < keys.size(); ++i) {
        const bool first_repeat = i < 2 || keys[i - 2] != keys[i];
        if (keys[i - 1] == keys[i] && first_repeat) report_duplicate(keys[i]);
      }
      return;
    }
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (std::ranges::count(keys.first(i), keys[i]) == 1) report_duplicate(keys[i]);
    }
  }

  void report_duplicate(std::string_view name) {
    std::string pointer;
    for (std::size_t depth = 0; depth + 1 < out_.frames.size(); ++depth) {
      const auto& frame = out_.frames[depth];
      if (frame.is_array) {
        pointer += "/" + std::to_string(frame.index);
        continue;
      }
      // The open member of an object is its last key: the one before the keys of the frame above.
      pointer += "/" + pointer_token(out_.keys[out_.frames[depth + 1].first_key - 1]);
    }
    faults_.add(pointer + "/" + pointer_token(name), "appears more than once");
  }

  std::string_view text_;
  const FieldNames& names_;
  Fields& out_;
  FaultList& faults_;
  std::size_t top_ = FieldNames::kMax;
  std::size_t nested_ = FieldNames::kMax;
  std::size_t nested_ordinal_ = 0;  // which member, in order of appearance, is the one named `nested_in`
  std::size_t nested_key_end_ = 0;
  std::size_t next_key_ = 0;       // after that member; 0 when it is the last
  bool source_is_marked_ = false;  // by those two
};

void reset(Fields& fields) {
  fields.top.fill({});
  fields.nested.fill({});
  fields.is_object = false;
  fields.nested_source = {};
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
  bj::basic_parser<Handler> parser(options, text, names, fields, faults);
  bj::error_code error;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), error);
  if (!error) {
    parser.handler().find_nested_source(consumed);
    return {.consumed = consumed};
  }
  if (error == bj::error::too_deep) return {.end = Scan::End::too_deep, .consumed = consumed};
  return {.end = Scan::End::broken, .consumed = consumed, .why = reason(error)};
}

}  // namespace liveops::core::json
