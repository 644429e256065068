#include "adapters/bus_servicebus/connection_string.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Result;

namespace {

constexpr std::uint16_t kTlsPort = 5671;
constexpr std::uint16_t kPlainPort = 5672;
constexpr std::string_view kScheme = "sb://";

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::map<std::string, std::string_view> split(std::string_view text) {
  std::map<std::string, std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    const auto part = text.substr(0, end);
    // Keys end in '=': the first one parts name and value.
    if (const auto equals = part.find('='); equals != std::string_view::npos) {
      parts[lower(trim(part.substr(0, equals)))] = trim(part.substr(equals + 1));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::unexpected<core::Error> wrong(std::string_view what) {
  return core::fail(Errc::invalid_argument, "the Service Bus connection string " + std::string(what));
}

core::Status read_endpoint(std::string_view endpoint, ConnectionString& into) {
  if (lower(endpoint.substr(0, kScheme.size())) != kScheme) return wrong("needs Endpoint=sb://<host>/");
  endpoint.remove_prefix(kScheme.size());
  endpoint = endpoint.substr(0, endpoint.find('/'));
  const auto colon = endpoint.rfind(':');
  into.host = endpoint.substr(0, colon);
  if (into.host.empty()) return wrong("needs a host in Endpoint=sb://<host>/");
  into.port = into.tls ? kTlsPort : kPlainPort;
  if (colon == std::string_view::npos) return {};
  const auto digits = endpoint.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into.port);
  if (error != std::errc() || end != digits.data() + digits.size() || into.port == 0) {
    return wrong("has a port that is none");
  }
  return {};
}

}  // namespace

Result<ConnectionString> parse_connection_string(std::string_view text) {
  const auto parts = split(text);
  const auto part = [&](const char* name) {
    const auto found = parts.find(name);
    return found == parts.end() ? std::string() : std::string(found->second);
  };
  ConnectionString result;
  result.tls = lower(part("usedevelopmentemulator")) != "true";
  if (auto read = read_endpoint(part("endpoint"), result); !read) return std::unexpected(read.error());
  result.key_name = part("sharedaccesskeyname");
  result.key = part("sharedaccesskey");
  result.signature = part("sharedaccesssignature");
  result.entity_path = part("entitypath");
  if (result.signature.empty() && (result.key_name.empty() || result.key.empty())) {
    return wrong("needs SharedAccessKeyName and SharedAccessKey, or SharedAccessSignature");
  }
  return result;
}

}  // namespace liveops::adapters::bus_servicebus
