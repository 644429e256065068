#include "adapters/config/setting_values.hpp"

#include <algorithm>
#include <fstream>

#include "core/auth/key_ring.hpp"

namespace liveops::adapters::config {
namespace {

constexpr std::size_t kMaxKeyFileBytes = 64 * 1024;
constexpr std::size_t kMinTokenChars = 16;

std::unexpected<core::Error> refuse(std::string message) {
  return core::fail(core::Errc::invalid_argument, std::move(message));
}

core::Status check_pem(std::string_view text) {
  if (text.starts_with("-----BEGIN") && text.contains("PRIVATE KEY-----")) return {};
  return refuse("must hold a PEM private key (make one with: openssl genpkey -algorithm ed25519)");
}

}  // namespace

core::Result<HostPort> parse_host_port(std::string_view text) {
  constexpr auto kWanted = "must be host:port, such as 127.0.0.1:8080 or [::1]:8080 (port 0: a free one)";
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refuse(kWanted);
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.contains(':')) {
    return refuse(kWanted);
  }
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || host.empty()) return refuse(kWanted);
  return HostPort{std::string(host), port};
}

core::Status check_token(std::string_view text) {
  const auto printable = [](char c) { return c > 0x20 && c < 0x7F; };
  if (text.size() >= kMinTokenChars && std::ranges::all_of(text, printable)) return {};
  return refuse("must be at least 16 printable characters without spaces (make one with: openssl rand -hex 32)");
}

core::Status set_db_url(Settings& settings, std::string_view text) {
  const bool sqlite = text.starts_with("sqlite:") && text.size() > 7;
  if (!sqlite && !text.starts_with("postgresql://") && !text.starts_with("postgres://")) {
    return refuse("must be sqlite:DIRECTORY or postgresql://user:password@host/database");
  }
  settings.db_url = text;
  return {};
}

core::Status check_redis_url(std::string_view text) {
  if (text.starts_with("redis://") || text.starts_with("rediss://") || text.starts_with("unix://")) return {};
  return refuse("must begin with redis://, rediss:// or unix://");
}

core::Status check_name(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (!text.empty() && text.size() <= kLongest && std::ranges::all_of(text, allowed)) return {};
  return refuse("must be 1 to 64 letters, digits, '_' or '-'");
}

core::Status check_queue(std::string_view text) {
  constexpr std::size_t kLongestUrl = 512;
  const bool is_url = text.starts_with("https://") || text.starts_with("http://");
  const auto allowed = [is_url](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '/' || (is_url && c == ':');
  };
  if (text.size() <= kLongestUrl && std::ranges::all_of(text, allowed)) return {};
  return refuse("must be a name (of SQS also the URL) of letters, digits and -_.");
}

core::Status set_sns_topic_arn(Settings& settings, std::string_view text) {
  const bool is_arn = text.starts_with("arn:") && text.contains(":sns:") && std::ranges::count(text, ':') == 5 &&
                      !text.ends_with(':') && !text.contains(' ');
  if (!is_arn) return refuse("must be the ARN of a topic: arn:aws:sns:REGION:ACCOUNT:NAME");
  settings.sns_topic_arn = text;
  return {};
}

core::Status set_servicebus_connection_string(Settings& settings, std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (!lower.contains("endpoint=sb://") || !lower.contains("sharedaccess")) {
    return refuse(
        "must be as Azure shows it: Endpoint=sb://NAMESPACE.servicebus.windows.net/;SharedAccessKeyName=...;"
        "SharedAccessKey=...");
  }
  settings.servicebus_connection_string = text;
  return {};
}

core::Status set_nats_replicas(Settings& settings, std::string_view text) {
  if (text != "1" && text != "3" && text != "5") return refuse("must be 1, 3 or 5");
  settings.nats_replicas = text.front() - '0';
  return {};
}

core::Status set_fairness_urls(Settings& settings, std::string_view text) {
  std::vector<std::string> urls;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto url = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
    if (scheme == 0 || url.size() == scheme || url.contains(' ')) {
      return refuse("must be a list of http://host:port or https://host:port, with commas between and no spaces");
    }
    urls.emplace_back(url);
  }
  settings.fairness_urls = std::move(urls);
  return {};
}

core::Status set_receipt_secret(Settings& settings, std::string_view text) {
  if (text.size() < core::auth::kMinSecretBytes) {
    return core::fail(core::Errc::invalid_argument, "must have at least 32 bytes");
  }
  settings.receipt_secret = text;
  return {};
}

core::Status set_receipt_private_key(Settings& settings, std::string_view text) {
  std::string pem(text);
  if (!text.starts_with("-----BEGIN")) {
    std::ifstream file(pem, std::ios::binary);
    if (!file) return refuse("must be PEM text or the path of a file that can be read");
    pem.resize(kMaxKeyFileBytes);
    file.read(pem.data(), static_cast<std::streamsize>(pem.size()));
    pem.resize(static_cast<std::size_t>(file.gcount()));
  }
  for (auto at = pem.find("\\n"); at != std::string::npos; at = pem.find("\\n", at)) pem.replace(at, 2, "\n");
  auto status = check_pem(pem);
  if (status) settings.receipt_private_key = std::move(pem);
  return status;
}

std::string_view name_of_cloud(Cloud cloud) {
  switch (cloud) {
    case Cloud::local:
      return "local";
    case Cloud::aws:
      return "aws";
    case Cloud::azure:
      return "azure";
  }
  return "local";
}

std::string_view name_of_fairness_fail(FairnessFail fail) {
  return fail == FairnessFail::open ? "open" : "closed";
}

std::string_view name_of_login(ServiceBusLogin login) {
  return login == ServiceBusLogin::cbs ? "cbs" : "plain";
}

std::string_view to_string(BusKind kind) {
  switch (kind) {
    case BusKind::inmem:
      return "inmem";
    case BusKind::local:
      return "local";
    case BusKind::redis:
      return "redis";
    case BusKind::nats:
      return "nats";
    case BusKind::sqs:
      return "sqs";
    case BusKind::servicebus:
      return "servicebus";
  }
  return "local";
}

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::trace:
      return "trace";
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warn:
      return "warn";
    case LogLevel::error:
      return "error";
  }
  return "info";
}

}  // namespace liveops::adapters::config
