#include "adapters/bus_servicebus/entities.hpp"

#include <algorithm>
#include <charconv>

namespace liveops::adapters::bus_servicebus {

using ports::Topic;

namespace {

constexpr std::size_t kMaxSubscriptionChars = 50;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

const std::string& Entities::topic_name(Topic topic) const {
  return topic == Topic::events ? options_.events_topic : options_.verdicts_topic;
}

std::vector<std::string> Entities::targets(Topic topic) const {
  std::vector<std::string> queues;
  for (const auto& group : options_.groups) {
    if (group.topic == topic && !group.queue.empty()) queues.push_back(group.queue);
  }
  return queues.empty() ? std::vector{topic_name(topic)} : queues;
}

std::vector<std::string> Entities::redrive_targets(Topic topic, std::string_view group) const {
  auto all = targets(topic);
  const auto own = source(topic, group);
  const bool is_queue = std::ranges::find(all, own) != all.end();
  return is_queue ? std::vector{own} : all;
}

std::vector<std::string> Entities::all_targets() const {
  auto all = targets(Topic::events);
  for (auto& target : targets(Topic::verdicts)) {
    if (std::ranges::find(all, target) == all.end()) all.push_back(std::move(target));
  }
  return all;
}

std::string Entities::source(Topic topic, std::string_view group) const {
  for (const auto& known : options_.groups) {
    if (known.topic == topic && known.group == group && !known.queue.empty()) return known.queue;
  }
  return topic_name(topic) + "/Subscriptions/" + std::string(group);
}

std::string dead_letters_of(std::string_view source) {
  return std::string(source) + "/$DeadLetterQueue";
}

std::string to_string(const LetterId& id) {
  return std::string(ports::to_string(id.topic)) + "/" + id.group + "/" + std::to_string(id.sequence);
}

std::optional<LetterId> parse_letter_id(std::string_view text) {
  const auto first = text.find('/');
  const auto last = text.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  LetterId id{.group = std::string(text.substr(first + 1, last - first - 1))};
  const auto topic = text.substr(0, first);
  if (topic != ports::to_string(Topic::events) && topic != ports::to_string(Topic::verdicts)) return std::nullopt;
  id.topic = topic == ports::to_string(Topic::events) ? Topic::events : Topic::verdicts;
  const auto digits = text.substr(last + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id.sequence);
  if (error != std::errc() || end != digits.data() + digits.size() || id.sequence < 0) return std::nullopt;
  return id;
}

bool is_subscription_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxSubscriptionChars) return false;
  if (!is_alphanumeric(name.front()) || !is_alphanumeric(name.back())) return false;
  return std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace liveops::adapters::bus_servicebus
