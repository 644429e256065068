#include "adapters/redis/client/address.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include "core/crypto/encoding.hpp"

namespace liveops::adapters::redis {

namespace {

constexpr int kMaxDatabase = 1'000'000;  // how many there are is the server's setting; this is for slips of the finger

/// Everything up to the last '@' may be a secret, also where the URL is malformed.
std::string without_user_information(std::string_view url) {
  const auto at = url.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const auto scheme = url.find("://");
  const auto start = scheme == std::string_view::npos || scheme > at ? 0 : scheme + 3;
  return std::string(url.substr(0, start)) + "***" + std::string(url.substr(at));
}

std::unexpected<core::Error> refused(std::string_view url, const std::string& why) {
  return core::fail(core::Errc::invalid_argument, "Redis URL '" + without_user_information(url) + "': " + why);
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] != '%') {
      out += text[n];
      continue;
    }
    const auto byte = core::crypto::from_hex(text.substr(n + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    out += *byte;
    n += 2;
  }
  return out;
}

std::optional<int> number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

/// Takes what stands before `mark` off the front of `text`, with the mark; nullopt when there is none.
std::optional<std::string_view> take_until(std::string_view& text, std::size_t mark) {
  if (mark == std::string_view::npos) return std::nullopt;
  const auto taken = text.substr(0, mark);
  text.remove_prefix(mark + 1);
  return taken;
}

std::string read_credentials(Address& into, std::string_view text) {
  const auto user = take_until(text, text.find(':'));
  auto decoded_user = percent_decoded(user.value_or(""));
  auto password = percent_decoded(text);
  if (!decoded_user || !password) return "user or password is not percent-encoded properly";
  if (!decoded_user->empty() && password->empty()) return "a user needs a password: redis://user:password@host";
  into.user = std::move(*decoded_user);
  into.password = std::move(*password);
  return {};
}

std::string read_host_and_port(Address& into, std::string_view text) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return "the bracket of the IPv6 address is not closed";
    into.host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) return "after the host only ':port' may follow";
  } else {
    const auto colon = text.find(':');
    into.host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  if (into.host.empty()) return "the host is missing";
  if (port.empty()) return {};
  const auto value = number(port.substr(1), 1, 65535);
  if (!value) return "the port must be 1-65535";
  into.port = static_cast<std::uint16_t>(*value);
  return {};
}

std::string read_database(Address& into, std::string_view text) {
  const auto value = number(text, 0, kMaxDatabase);
  if (!value) return "the database must be a number from 0";
  into.database = *value;
  return {};
}

/// What stands behind the scheme; the reason where it cannot be read.
std::string read_rest(Address& into, std::string_view rest) {
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  const auto slash = rest.find('/', rest.rfind('@') == std::string_view::npos ? 0 : rest.rfind('@'));
  std::string_view authority = rest.substr(0, slash);
  const std::string_view path = slash == std::string_view::npos ? "" : rest.substr(slash);
  if (const auto credentials = take_until(authority, authority.rfind('@'))) {
    if (auto why = read_credentials(into, *credentials); !why.empty()) return why;
  }
  if (into.kind == Address::Kind::unix_socket) {
    if (!authority.empty() || path.size() < 2) return "a unix socket is given as unix:///path";
    into.path = path;
  } else {
    if (auto why = read_host_and_port(into, authority); !why.empty()) return why;
    if (path.size() > 1) {
      if (auto why = read_database(into, path.substr(1)); !why.empty()) return why;
    }
  }
  if (query.empty()) return {};
  if (!query.starts_with("db=")) return "the only parameter is ?db=NUMBER";
  return read_database(into, query.substr(3));
}

}  // namespace

core::Result<Address> Address::parse(std::string_view url) {
  constexpr std::pair<std::string_view, Kind> kSchemes[] = {
      {"redis://", Kind::tcp}, {"rediss://", Kind::tls}, {"unix://", Kind::unix_socket}};
  for (const auto& [scheme, kind] : kSchemes) {
    if (!url.starts_with(scheme)) continue;
    Address out;
    out.kind = kind;
    if (const auto why = read_rest(out, url.substr(scheme.size())); !why.empty()) return refused(url, why);
    return out;
  }
  return refused(url, "must start with redis://, rediss:// or unix://");
}

std::string Address::display() const {
  if (kind == Kind::unix_socket) return database == 0 ? path : path + "?db=" + std::to_string(database);
  const auto name = host.contains(':') ? "[" + host + "]" : host;
  return name + ":" + std::to_string(port) + (database == 0 ? "" : "/" + std::to_string(database));
}

}  // namespace liveops::adapters::redis
