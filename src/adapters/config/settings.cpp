#include "adapters/config/settings.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "adapters/config/bus_settings.hpp"
#include "core/auth/key_ring.hpp"

namespace liveops::adapters::config {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite:";
constexpr unsigned kMaxIoThreads = 64;

Settings defaults_for(Mode mode) {
  Settings settings;
  if (mode == Mode::production) return settings;
  for (auto* address : {&settings.gateway_listen, &settings.fairness_listen, &settings.leaderboard_listen,
                        &settings.progression_listen}) {
    address->host = "127.0.0.1";
  }
  settings.require_timestamp = false;
  return settings;
}

/// What was written, short enough for one line; nothing of a secret.
std::string shown(const SettingInfo& setting, std::string_view value) {
  constexpr std::size_t kLongest = 60;
  if (setting.secret) return {};
  std::string text(value.substr(0, kLongest));
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20; }, ' ');
  return ", not '" + text + (value.size() > kLongest ? "..." : "") + "'";
}

core::Status apply(const Values& values, Settings& settings) {
  for (const auto& setting : setting_table()) {
    const auto value = values.find(setting.env);
    if (value == values.end() || value->second.empty()) continue;
    if (const auto status = setting.set(settings, value->second); !status) {
      return refuse(setting.env, status.error().message + shown(setting, value->second));
    }
  }
  return {};
}

bool is_set(const Values& values, std::string_view name) {
  const auto value = values.find(name);
  return value != values.end() && !value->second.empty();
}

void fill_in(const Values& values, Settings& settings) {
  if (!is_set(values, "BUS_KIND")) {
    settings.bus_kind = settings.cloud == Cloud::aws     ? BusKind::sqs
                        : settings.cloud == Cloud::azure ? BusKind::servicebus
                                                         : BusKind::local;
  }
  if (settings.db_url.empty()) settings.db_url = std::string(kSqlitePrefix) + settings.data_dir;
  if (settings.io_threads == 0) {
    settings.io_threads = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMaxIoThreads));
  }
  for (const auto& [name, value] : values) {
    if (name.starts_with("AWS_")) settings.aws.emplace(name, value);
  }
}

core::Status check_secrets(const Settings& settings, Mode mode) {
  if (settings.hmac_secret.empty() && settings.hmac_keys.empty()) {
    if (mode == Mode::dev) return {};
    return refuse("HMAC_SECRET", "is required, at least 32 bytes (make one with: openssl rand -hex 32)");
  }
  const auto keys = core::auth::KeyRing::parse(settings.hmac_secret, settings.hmac_keys);
  if (!keys) return refuse(settings.hmac_keys.empty() ? "HMAC_SECRET" : "HMAC_KEYS", keys.error().message);
  if (!settings.api_token.empty() && settings.api_token == settings.admin_token) {
    return refuse("ADMIN_TOKEN", "must differ from API_TOKEN, or every reader is an operator");
  }
  return {};
}

core::Status check_addresses(const Settings& settings) {
  const std::pair<std::string_view, const HostPort*> addresses[] = {
      {"GATEWAY_LISTEN", &settings.gateway_listen},
      {"FAIRNESS_LISTEN", &settings.fairness_listen},
      {"LEADERBOARD_LISTEN", &settings.leaderboard_listen},
      {"PROGRESSION_LISTEN", &settings.progression_listen}};
  for (const auto& [name, address] : addresses) {
    for (const auto& [other, earlier] : addresses) {
      if (other == name) break;
      if (address->port != 0 && *address == *earlier) {
        return refuse(name, "is the same address as " + std::string(other) + ": give each service a port of its own");
      }
    }
  }
  return {};
}

core::Status check_combinations(const Settings& settings) {
  if (settings.tls_cert.empty() != settings.tls_key.empty()) {
    return settings.tls_key.empty() ? refuse("TLS_KEY", "is required when TLS_CERT is set")
                                    : refuse("TLS_CERT", "is required when TLS_KEY is set");
  }
  if (settings.max_unpacked_bytes < settings.max_batch_bytes) {
    return refuse("MAX_UNPACKED_BYTES", "must not be less than MAX_BATCH_BYTES");
  }
  if (settings.max_batch_bytes < settings.max_body_bytes) {
    return refuse("MAX_BATCH_BYTES", "must not be less than MAX_BODY_BYTES");
  }
  if (auto bus = check_bus(settings); !bus) return bus;
  return check_addresses(settings);
}

}  // namespace

DatabaseKind Settings::database_kind() const {
  return db_url.starts_with(kSqlitePrefix) ? DatabaseKind::sqlite : DatabaseKind::postgresql;
}

std::string Settings::sqlite_dir() const {
  return database_kind() == DatabaseKind::sqlite ? db_url.substr(kSqlitePrefix.size()) : std::string();
}

std::string Settings::state_dir() const {
  return database_kind() == DatabaseKind::sqlite ? sqlite_dir() : data_dir;
}

core::Result<Settings> make_settings(const Values& values, Mode mode) {
  Settings settings = defaults_for(mode);
  auto status = apply(values, settings);
  fill_in(values, settings);
  if (status) status = check_secrets(settings, mode);
  if (status) status = check_combinations(settings);
  if (!status) return std::unexpected(std::move(status.error()));
  return settings;
}

core::Status check_separate_processes(const Settings& settings) {
  if (settings.bus_kind == BusKind::inmem || settings.bus_kind == BusKind::local) {
    return refuse("BUS_KIND", "'" + std::string(to_string(settings.bus_kind)) +
                                  "' works only inside one process: run 'liveops serve', or set BUS_KIND to redis, "
                                  "nats, sqs or servicebus");
  }
  if (settings.database_kind() == DatabaseKind::sqlite) {
    return refuse(
        "DB_URL",
        "separate processes share a PostgreSQL database: set postgresql://user:password@host/database, or run "
        "'liveops serve'");
  }
  if (settings.redis_url.empty()) {
    return refuse("REDIS_URL",
                  "separate processes share idempotency keys, caches and ranks: set redis://host:port, or "
                  "run 'liveops serve'");
  }
  return {};
}

}  // namespace liveops::adapters::config
