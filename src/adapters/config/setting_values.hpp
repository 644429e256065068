#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "adapters/config/settings.hpp"
#include "core/error.hpp"

/// How the text of a setting becomes its value. Each function fits `SettingInfo::set`. Internal to this folder.
namespace liveops::adapters::config {

template <auto Member>
using MemberType = std::remove_reference_t<decltype(std::declval<Settings&>().*Member)>;

/// Whole numbers and durations in the member's own unit.
template <auto Member, std::int64_t Min, std::int64_t Max>
core::Status set_integer(Settings& settings, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < Min || value > Max) {
    return core::fail(core::Errc::invalid_argument,
                      "must be an integer from " + std::to_string(Min) + " to " + std::to_string(Max));
  }
  settings.*Member = static_cast<MemberType<Member>>(value);
  return {};
}

template <auto Member>
core::Status set_rate(Settings& settings, std::string_view text) {
  constexpr double kMax = 1e9;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value > 0 && value <= kMax)) {
    return core::fail(core::Errc::invalid_argument, "must be a number above 0, up to 1000000000");
  }
  settings.*Member = value;
  return {};
}

template <auto Member>
core::Status set_bool(Settings& settings, std::string_view text) {
  const bool yes = text == "true" || text == "1" || text == "yes" || text == "on";
  const bool no = text == "false" || text == "0" || text == "no" || text == "off";
  if (!yes && !no) return core::fail(core::Errc::invalid_argument, "must be true or false");
  settings.*Member = yes;
  return {};
}

template <auto Member>
core::Status set_text(Settings& settings, std::string_view text) {
  settings.*Member = std::string(text);
  return {};
}

/// Words of an enumeration, by the name function `name_of` and the values from 0 to `Last`.
template <auto Member, auto NameOf, auto Last>
core::Status set_word(Settings& settings, std::string_view text) {
  using Word = MemberType<Member>;
  std::string words;
  for (int i = 0; i <= static_cast<int>(Last); ++i) {
    const auto word = static_cast<Word>(i);
    if (NameOf(word) == text) {
      settings.*Member = word;
      return {};
    }
    words += (i == 0 ? "" : ", ") + std::string(NameOf(word));
  }
  return core::fail(core::Errc::invalid_argument, "must be one of " + words);
}

[[nodiscard]] core::Result<HostPort> parse_host_port(std::string_view text);

template <auto Member>
core::Status set_listen(Settings& settings, std::string_view text) {
  auto address = parse_host_port(text);
  if (!address) return std::unexpected(std::move(address.error()));
  settings.*Member = *std::move(address);
  return {};
}

/// A token of at least 16 printable characters.
[[nodiscard]] core::Status check_token(std::string_view text);

template <auto Member>
core::Status set_token(Settings& settings, std::string_view text) {
  auto status = check_token(text);
  if (status) settings.*Member = std::string(text);
  return status;
}

[[nodiscard]] core::Status set_db_url(Settings& settings, std::string_view text);
[[nodiscard]] core::Status check_redis_url(std::string_view text);

template <auto Member>
core::Status set_redis_url(Settings& settings, std::string_view text) {
  auto status = check_redis_url(text);
  if (status) settings.*Member = std::string(text);
  return status;
}

[[nodiscard]] core::Status check_name(std::string_view text);

/// 1 to 64 of [A-Za-z0-9_-].
template <auto Member>
core::Status set_name(Settings& settings, std::string_view text) {
  auto status = check_name(text);
  if (status) settings.*Member = std::string(text);
  return status;
}

[[nodiscard]] core::Status check_queue(std::string_view text);

/// The name of a queue or topic (letters, digits, '_', '-', '.' and, on Service Bus, '/'), or the URL of an SQS queue.
template <auto Member>
core::Status set_queue(Settings& settings, std::string_view text) {
  auto status = check_queue(text);
  if (status) settings.*Member = std::string(text);
  return status;
}

/// arn:aws:sns:REGION:ACCOUNT:NAME
[[nodiscard]] core::Status set_sns_topic_arn(Settings& settings, std::string_view text);
/// Whether it can be one at all: the adapter reads it.
[[nodiscard]] core::Status set_servicebus_connection_string(Settings& settings, std::string_view text);

[[nodiscard]] core::Status set_nats_replicas(Settings& settings, std::string_view text);
[[nodiscard]] core::Status set_fairness_urls(Settings& settings, std::string_view text);
[[nodiscard]] core::Status set_receipt_secret(Settings& settings, std::string_view text);
/// PEM text (with real line breaks or "\n"), or the path of a file with it.
[[nodiscard]] core::Status set_receipt_private_key(Settings& settings, std::string_view text);

[[nodiscard]] std::string_view name_of_cloud(Cloud cloud);
[[nodiscard]] std::string_view name_of_fairness_fail(FairnessFail fail);
[[nodiscard]] std::string_view name_of_login(ServiceBusLogin login);

}  // namespace liveops::adapters::config
