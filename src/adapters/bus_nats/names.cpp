#include "adapters/bus_nats/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace liveops::adapters::bus_nats {

namespace {

constexpr std::size_t kMaxPlainChars = 64;

bool is_plain_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  return text;
}

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPlainChars && std::ranges::all_of(text, is_plain_char);
}

Names::Names(std::string prefix) : prefix_(std::move(prefix)), capitals_(in_capitals(prefix_)) {}

std::string Names::stream(ports::Topic topic) const {
  return capitals_ + "_" + in_capitals(std::string(to_string(topic)));
}

std::string Names::subjects(ports::Topic topic) const {
  return prefix_ + "." + std::string(to_string(topic)) + ".>";
}

std::string Names::types(ports::Topic topic) const {
  return prefix_ + "." + std::string(to_string(topic)) + ".*";
}

std::string Names::subject(ports::Topic topic, std::string_view type) const {
  std::string subject = prefix_;
  subject += '.';
  subject += to_string(topic);
  subject += '.';
  subject += is_plain(type) ? type : "other";
  return subject;
}

std::string Names::dead_stream() const {
  return capitals_ + "_DEAD";
}

std::string Names::dead_subjects() const {
  return prefix_ + ".dead.>";
}

std::string Names::dead_subject(ports::Topic topic, std::string_view group) const {
  return prefix_ + ".dead." + std::string(to_string(topic)) + "." + std::string(group);
}

std::optional<Names::DeadSubject> Names::parse_dead_subject(std::string_view subject) const {
  for (const auto topic : {ports::Topic::events, ports::Topic::verdicts}) {
    const auto start = dead_subject(topic, "");
    if (subject.starts_with(start)) return DeadSubject{topic, std::string(subject.substr(start.size()))};
  }
  return std::nullopt;
}

std::optional<AckSubject> parse_ack_subject(std::string_view subject) {
  constexpr std::string_view kStart = "$JS.ACK.";
  constexpr std::size_t kFields = 7;       // of the older form
  constexpr std::size_t kMostFields = 10;  // with domain and account before and a random token after them
  if (!subject.starts_with(kStart)) return std::nullopt;
  subject.remove_prefix(kStart.size());
  std::array<std::string_view, kMostFields> fields;
  std::size_t count = 0;
  while (true) {
    if (count == kMostFields) return std::nullopt;
    const auto dot = subject.find('.');
    fields[count++] = subject.substr(0, dot);
    if (dot == std::string_view::npos) break;
    subject.remove_prefix(dot + 1);
  }
  if (count != kFields && count < kFields + 2) return std::nullopt;
  const std::size_t first = count == kFields ? 0 : 2;
  AckSubject ack{.stream = fields[first], .consumer = fields[first + 1], .published_at = fields[first + 5]};
  if (!read(fields[first + 2], ack.deliveries) || !read(fields[first + 3], ack.sequence)) return std::nullopt;
  return ack;
}

}  // namespace liveops::adapters::bus_nats
