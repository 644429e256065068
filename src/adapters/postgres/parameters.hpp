#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace liveops::adapters::postgres {

/// The values of $1, $2, ... in PostgreSQL's text format. An array goes in as one value, for `unnest($1::bigint[])`.
class Parameters {
 public:
  Parameters& add(std::int64_t value);
  Parameters& add(bool value);
  Parameters& add(double value);  // exact: shortest form that reads back the same
  Parameters& add_text(std::string_view value);
  Parameters& add_bytes(std::string_view value);  // bytea
  Parameters& add_null();
  Parameters& add_optional(std::optional<std::int64_t> value);

  Parameters& add_array(std::span<const std::int64_t> values);
  Parameters& add_array(std::span<const std::optional<std::int64_t>> values);
  Parameters& add_text_array(std::span<const std::string_view> values);
  Parameters& add_bytes_array(std::span<const std::string_view> values);

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  /// nullptr for NULL; valid until the next `add`.
  [[nodiscard]] const char* c_str(std::size_t index) const;

 private:
  std::vector<std::optional<std::string>> values_;
};

}  // namespace liveops::adapters::postgres
