#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/config/nearest_name.hpp"
#include "core/error.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::adapters::config {

/// The first fault of a file, as `file:line: key: reason`. Later ones are not kept: they often follow from the first.
class TomlFault {
 public:
  explicit TomlFault(std::string file) : file_(std::move(file)) {}

  void set(const toml::node& where, std::string_view key, std::string_view reason);
  [[nodiscard]] bool any() const { return !line_.empty(); }
  [[nodiscard]] const std::string& line() const { return line_; }

 private:
  std::string file_;
  std::string line_;
};

/// Reads the keys of one table, each with its bounds; a fault goes to the TomlFault and a harmless value comes back, so
/// that readers need no branches. Call `finish` last: it refuses the keys that nobody asked for.
class TomlTable {
 public:
  TomlTable(const toml::table& table, std::string path, TomlFault& fault)
      : table_(&table), path_(std::move(path)), fault_(&fault) {}

  [[nodiscard]] bool has(std::string_view key) const { return table_->contains(key); }

  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t min, std::int64_t max);
  [[nodiscard]] double number(std::string_view key, double otherwise, double min, double max);
  [[nodiscard]] bool boolean(std::string_view key, bool otherwise);
  [[nodiscard]] std::chrono::seconds seconds(std::string_view key, std::chrono::seconds otherwise,
                                             std::chrono::seconds min, std::chrono::seconds max);
  [[nodiscard]] std::string string(std::string_view key, std::string otherwise);
  [[nodiscard]] std::string required_string(std::string_view key);
  [[nodiscard]] core::Timestamp required_time(std::string_view key);
  [[nodiscard]] std::chrono::year_month_day required_date(std::string_view key);
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view key, std::int64_t min, std::int64_t max);
  [[nodiscard]] std::vector<std::string> strings(std::string_view key);

  /// A name of the alphabet of `core::Name`.
  template <class Id>
  [[nodiscard]] Id required_name(std::string_view key) {
    auto text = required_string(key);
    if (!core::is_valid_name(text)) fail(key, "must be 1-64 characters of [A-Za-z0-9._:-]");
    return Id::trusted(std::move(text));
  }

  /// One of the listed words.
  template <class Value, std::size_t N>
  [[nodiscard]] Value choice(std::string_view key, Value otherwise,
                             const std::pair<std::string_view, Value> (&choices)[N]) {
    const std::string text = string(key, "");
    if (!has(key)) return otherwise;
    std::vector<std::string_view> words;
    for (const auto& [word, value] : choices) {
      if (word == text) return value;
      words.push_back(word);
    }
    fail(key, unknown_name("value '" + text + "'", text, words));
    return otherwise;
  }

  /// A table below this one; an empty one when there is none.
  [[nodiscard]] TomlTable table(std::string_view key);
  /// The tables of an array below this one, at most `limit`.
  [[nodiscard]] std::vector<TomlTable> tables(std::string_view key, std::size_t limit);
  /// The keys of this table, for tables whose keys are free names.
  [[nodiscard]] std::vector<std::string> keys() const;

  void fail(std::string_view key, std::string_view reason);
  void finish();

 private:
  const toml::node* find(std::string_view key);
  void wrong_type(std::string_view key, std::string_view wanted);
  [[nodiscard]] std::string full(std::string_view key) const;

  const toml::table* table_;
  std::string path_;
  TomlFault* fault_;
  std::vector<std::string_view> known_;
};

}  // namespace liveops::adapters::config
