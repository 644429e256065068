#include "adapters/postgres/connection_options.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cstdlib>
#include <memory>

namespace liveops::adapters::postgres {

namespace {

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> items;
  while (true) {
    const auto comma = list.find(',');
    items.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return items;
    list.remove_prefix(comma + 1);
  }
}

/// The item for host `index`: a list of one serves all of them.
std::string item(const std::vector<std::string>& list, std::size_t index) {
  if (list.size() == 1) return list.front();
  return index < list.size() ? list[index] : std::string();
}

}  // namespace

core::Result<ConnectionOptions> ConnectionOptions::parse(const std::string& url) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(url.c_str(), &message),
                                                                            PQconninfoFree);
  PQfreemem(message);  // may quote the text and with it a password: nobody sees it
  if (!parsed) {
    return core::fail(core::Errc::invalid_argument,
                      "not a connection string of PostgreSQL: write postgresql://user:password@host:5432/database");
  }
  ConnectionOptions options;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) options.options_.emplace_back(option->keyword, option->val);
  }
  const char* host = std::getenv("PGHOST");
  if (options.get("host").empty() && host != nullptr) options.set("host", host);
  return options;
}

std::string_view ConnectionOptions::get(std::string_view key) const {
  const auto found =
      std::ranges::find(options_, key, [](const auto& option) { return std::string_view(option.first); });
  return found == options_.end() ? std::string_view() : std::string_view(found->second);
}

void ConnectionOptions::set(std::string_view key, std::string value) {
  const auto found =
      std::ranges::find(options_, key, [](const auto& option) { return std::string_view(option.first); });
  if (found != options_.end()) {
    found->second = std::move(value);
  } else {
    options_.emplace_back(key, std::move(value));
  }
}

std::vector<ConnectionOptions::Host> ConnectionOptions::hosts() const {
  const auto names = split(get("host"));
  const auto ports = split(get("port"));
  const auto addresses = split(get("hostaddr"));
  std::vector<Host> hosts(std::max(names.size(), addresses.size()));
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    hosts[i] = {.name = i < names.size() ? names[i] : std::string(),
                .port = item(ports, i),
                .address = i < addresses.size() ? addresses[i] : std::string()};
  }
  return hosts;
}

void ConnectionOptions::set_hosts(const std::vector<Host>& hosts) {
  std::string names;
  std::string ports;
  std::string addresses;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::string_view comma = i == 0 ? "" : ",";
    names.append(comma).append(hosts[i].name);
    ports.append(comma).append(hosts[i].port);
    addresses.append(comma).append(hosts[i].address);
  }
  set("host", std::move(names));
  set("port", std::move(ports));
  set("hostaddr", std::move(addresses));
}

std::string ConnectionOptions::where() const {
  const std::string_view host = get("host").empty() ? get("hostaddr") : get("host");
  const std::string_view port = get("port");
  std::string text(host.empty() ? "the local socket" : host);
  if (!port.empty()) text.append(":").append(port);
  return text.append("/").append(get("dbname"));
}

bool needs_lookup(const ConnectionOptions::Host& host) {
  if (!host.address.empty() || host.name.empty() || host.name.front() == '/' || host.name.front() == '@') return false;
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host.name, not_an_address);
  return static_cast<bool>(not_an_address);
}

}  // namespace liveops::adapters::postgres
