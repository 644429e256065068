#include "adapters/config/toml_table.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::adapters::config {
namespace {

const toml::table& empty_table() {
  static const toml::table kEmpty;
  return kEmpty;
}

std::string trimmed_number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

core::Timestamp to_timestamp(const toml::date_time& value) {
  using namespace std::chrono;
  const sys_days day(year(value.date.year) / month(value.date.month) / std::chrono::day(value.date.day));
  const auto local = day + hours(value.time.hour) + minutes(value.time.minute) + seconds(value.time.second) +
                     duration_cast<microseconds>(nanoseconds(value.time.nanosecond));
  return local - minutes(value.offset ? value.offset->minutes : 0);
}

}  // namespace

void TomlFault::set(const toml::node& where, std::string_view key, std::string_view reason) {
  if (any()) return;
  const auto line = std::max<std::uint32_t>(1, where.source().begin.line);
  line_ = file_ + ":" + std::to_string(line) + ": " + std::string(key) + ": " + std::string(reason);
}

std::string TomlTable::full(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const toml::node* TomlTable::find(std::string_view key) {
  known_.push_back(key);
  return table_->get(key);
}

void TomlTable::fail(std::string_view key, std::string_view reason) {
  const auto* node = table_->get(key);
  fault_->set(node != nullptr ? *node : *table_, key.empty() ? path_ : full(key), reason);
}

void TomlTable::wrong_type(std::string_view key, std::string_view wanted) {
  fail(key, table_->contains(key) ? "must be " + std::string(wanted) : "is required (" + std::string(wanted) + ")");
}

std::int64_t TomlTable::integer(std::string_view key, std::int64_t otherwise, std::int64_t min, std::int64_t max) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= min && *value <= max) return *value;
  wrong_type(key, "an integer from " + std::to_string(min) + " to " + std::to_string(max));
  return otherwise;
}

double TomlTable::number(std::string_view key, double otherwise, double min, double max) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  if (node->is_number()) {
    const double value = node->value<double>().value_or(std::nan(""));
    if (value >= min && value <= max) return value;
  }
  wrong_type(key, "a number from " + trimmed_number(min) + " to " + trimmed_number(max));
  return otherwise;
}

bool TomlTable::boolean(std::string_view key, bool otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  if (const auto value = node->value_exact<bool>()) return *value;
  wrong_type(key, "true or false");
  return otherwise;
}

std::chrono::seconds TomlTable::seconds(std::string_view key, std::chrono::seconds otherwise, std::chrono::seconds min,
                                        std::chrono::seconds max) {
  return std::chrono::seconds(integer(key, otherwise.count(), min.count(), max.count()));
}

std::string TomlTable::string(std::string_view key, std::string otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  if (auto value = node->value_exact<std::string>()) return *std::move(value);
  wrong_type(key, "a string");
  return otherwise;
}

std::string TomlTable::required_string(std::string_view key) {
  if (!has(key)) wrong_type(key, "a string");
  return string(key, "");
}

core::Timestamp TomlTable::required_time(std::string_view key) {
  constexpr std::string_view kWanted = "a date-time with offset such as 2026-12-01T00:00:00Z";
  const auto* node = find(key);
  if (node != nullptr) {
    if (const auto* value = node->as_date_time(); value != nullptr && value->get().offset) {
      return to_timestamp(value->get());
    }
    if (const auto text = node->value_exact<std::string>()) {
      if (const auto time = core::parse_rfc3339(*text)) return *time;
    }
  }
  wrong_type(key, kWanted);
  return {};
}

std::chrono::year_month_day TomlTable::required_date(std::string_view key) {
  const auto* node = find(key);
  if (node != nullptr && node->is_date()) {
    const auto date = node->as_date()->get();
    return std::chrono::year(date.year) / std::chrono::month(date.month) / std::chrono::day(date.day);
  }
  wrong_type(key, "a date such as 2026-01-05, without quotes");
  return {std::chrono::year(1970), std::chrono::January, std::chrono::day(1)};
}

std::vector<std::int64_t> TomlTable::integers(std::string_view key, std::int64_t min, std::int64_t max) {
  const auto* node = find(key);
  if (node == nullptr) return {};
  std::vector<std::int64_t> values;
  if (const auto* array = node->as_array()) {
    for (const auto& element : *array) {
      const auto value = element.value_exact<std::int64_t>();
      if (!value || *value < min || *value > max) break;
      values.push_back(*value);
    }
    if (values.size() == array->size()) return values;
  }
  wrong_type(key, "a list of integers from " + std::to_string(min) + " to " + std::to_string(max));
  return {};
}

std::vector<std::string> TomlTable::strings(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return {};
  std::vector<std::string> values;
  if (const auto* array = node->as_array()) {
    for (const auto& element : *array) {
      auto value = element.value_exact<std::string>();
      if (!value) break;
      values.push_back(*std::move(value));
    }
    if (values.size() == array->size()) return values;
  }
  wrong_type(key, "a list of strings");
  return {};
}

TomlTable TomlTable::table(std::string_view key) {
  const auto* node = find(key);
  if (node != nullptr && !node->is_table()) wrong_type(key, "a table");
  const auto* table = node != nullptr ? node->as_table() : nullptr;
  return {table != nullptr ? *table : empty_table(), full(key), *fault_};
}

std::vector<TomlTable> TomlTable::tables(std::string_view key, std::size_t limit) {
  std::vector<TomlTable> result;
  const auto* node = find(key);
  if (node == nullptr) return result;
  const auto* array = node->as_array();
  if (array == nullptr || !std::ranges::all_of(*array, [](const auto& element) { return element.is_table(); })) {
    wrong_type(key, "a list of tables: write [[" + full(key) + "]]");
    return result;
  }
  if (array->size() > limit) {
    fail(key, "holds more than " + std::to_string(limit) + " entries");
    return result;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    result.emplace_back(*array->get_as<toml::table>(i), full(key) + "[" + std::to_string(i) + "]", *fault_);
  }
  return result;
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, node] : *table_) names.emplace_back(key.str());
  return names;
}

void TomlTable::finish() {
  for (const auto& [key, node] : *table_) {
    if (std::ranges::find(known_, key.str()) == known_.end()) {
      fault_->set(node, full(key.str()), unknown_name("key", key.str(), known_));
    }
  }
}

}  // namespace liveops::adapters::config
