#include "adapters/http_client/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace liveops::adapters::http_client {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

/// Cuts the host, with or without brackets, off the front of `text`; what is left is empty or begins with ':'.
std::optional<std::string> take_host(std::string_view& text) {
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos) return std::nullopt;
  const auto host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  text.remove_prefix(bracketed ? end + 1 : end);
  const bool rest_fits = text.empty() || text.starts_with(':');
  if (host.empty() || !rest_fits || host.find_first_of("@/ ") != std::string_view::npos) return std::nullopt;
  return std::string(host);
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

core::Result<Url> Url::parse(std::string_view text) {
  const auto refuse = [&] {
    return core::fail(core::Errc::invalid_argument,
                      "not a URL of the form http://host:port/path: " + std::string(text));
  };
  Url url;
  auto rest = text;
  if (rest.starts_with("https://")) {
    url.tls = true;
    url.port = kHttpsPort;
  } else if (!rest.starts_with("http://")) {
    return refuse();
  }
  rest.remove_prefix(rest.find("://") + 3);
  rest = rest.substr(0, rest.find('#'));
  if (!is_visible(rest)) return refuse();
  const auto target_at = std::min(rest.find_first_of("/?"), rest.size());
  url.target = rest.substr(target_at);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  auto authority = rest.substr(0, target_at);
  auto host = take_host(authority);
  if (!host) return refuse();
  url.host = std::move(*host);
  if (authority.size() > 1) {
    const auto port = parse_port(authority.substr(1));
    if (!port || *port == 0) return refuse();
    url.port = *port;
  }
  return url;
}

std::string Url::authority() const {
  auto text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? kHttpsPort : kHttpPort)) text += ":" + std::to_string(port);
  return text;
}

core::Result<HostPort> HostPort::parse(std::string_view text) {
  auto rest = text;
  auto host = take_host(rest);
  const auto port = rest.size() > 1 ? parse_port(rest.substr(1)) : std::nullopt;
  if (!host || !port) {
    return core::fail(core::Errc::invalid_argument,
                      "not of the form host:port, as in 127.0.0.1:8080 or [::1]:8080: " + std::string(text));
  }
  return HostPort{std::move(*host), *port};
}

}  // namespace liveops::adapters::http_client
