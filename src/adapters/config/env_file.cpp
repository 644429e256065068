#include "adapters/config/env_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>

namespace liveops::adapters::config {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20U;

bool is_name_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// Walks over the text of a file of assignments.
class EnvParser {
 public:
  EnvParser(std::string_view text, std::string_view name) : rest_(text), name_(name) {}

  core::Result<Values> parse() {
    Values values;
    while (!rest_.empty()) {
      skip_blanks();
      if (rest_.empty() || rest_.front() == '\n' || rest_.front() == '#') {
        end_line();
        continue;
      }
      if (rest_.starts_with("export ")) {
        rest_.remove_prefix(7);
        skip_blanks();
      }
      const std::string key(take_name());
      if (key.empty() || !rest_.starts_with('=')) return fault("expected NAME=VALUE");
      rest_.remove_prefix(1);
      auto value = take_value();
      if (!value) return std::unexpected(std::move(value.error()));
      values[key] = *std::move(value);
    }
    return values;
  }

 private:
  std::unexpected<core::Error> fault(std::string_view reason) const {
    return core::fail(core::Errc::invalid_argument,
                      std::string(name_) + ":" + std::to_string(line_) + ": " + std::string(reason));
  }

  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '\n') ++line_;
    return c;
  }

  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\r')) take();
  }

  void end_line() {
    while (!rest_.empty() && take() != '\n') {
    }
  }

  std::string_view take_name() {
    const auto end = std::ranges::find_if_not(rest_, is_name_char);
    const auto name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(name.size());
    skip_blanks();
    return name;
  }

  core::Result<std::string> take_value() {
    skip_blanks();
    if (rest_.starts_with('"') || rest_.starts_with('\'')) return take_quoted();
    std::string value;
    while (!rest_.empty() && rest_.front() != '\n') {
      if (rest_.front() == '#' && (value.empty() || value.back() == ' ' || value.back() == '\t')) break;
      value += take();
    }
    end_line();
    value.erase(value.find_last_not_of(" \t\r") + 1);
    return value;
  }

  core::Result<std::string> take_quoted() {
    const int first_line = line_;
    const char quote = take();
    std::string value;
    while (!rest_.empty() && rest_.front() != quote) {
      char c = take();
      if (c == '\\' && quote == '"' && !rest_.empty()) c = unescaped(take(), value);
      value += c;
    }
    if (rest_.empty()) {
      line_ = first_line;
      return fault("a quote is not closed");
    }
    take();
    skip_blanks();
    if (!rest_.empty() && rest_.front() != '\n' && rest_.front() != '#') return fault("text after the closing quote");
    end_line();
    return value;
  }

  static char unescaped(char c, std::string& value) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case '"':
      case '\\':
      case '$':
        return c;
      default:
        value += '\\';
        return c;
    }
  }

  std::string_view rest_;
  std::string_view name_;
  int line_ = 1;
};

core::Result<Values> read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return Values();
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (std::filesystem::is_directory(path, ignored) || (!file && !file.eof())) {
    return core::fail(core::Errc::unavailable, path.string() + ": cannot be read: check its permissions");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) {
    return core::fail(core::Errc::invalid_argument,
                      path.string() + ": is larger than 1 MiB: this cannot be a .env file");
  }
  return parse_env(text, path.string());
}

}  // namespace

core::Result<Values> parse_env(std::string_view text, std::string_view name) {
  return EnvParser(text, name).parse();
}

core::Result<Values> read_environment(const std::filesystem::path& env_file) {
  auto values = read_file(env_file);
  if (!values) return values;
  for (const auto& setting : setting_table()) {
    const std::string name(setting.env);
    if (const char* value = std::getenv(name.c_str())) (*values)[name] = value;
  }
  return values;
}

}  // namespace liveops::adapters::config
