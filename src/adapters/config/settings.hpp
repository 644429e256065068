#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace liveops::adapters::config {

enum class Cloud : std::uint8_t { local, aws, azure };
enum class BusKind : std::uint8_t { inmem, local, redis, nats, sqs, servicebus };
enum class FairnessFail : std::uint8_t { open, closed };
enum class ServiceBusLogin : std::uint8_t { cbs, plain };
enum class LogLevel : std::uint8_t { trace, debug, info, warn, error };
[[nodiscard]] std::string_view to_string(BusKind kind);
[[nodiscard]] std::string_view to_string(LogLevel level);

/// Where a server listens; port 0 picks a free one.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

enum class DatabaseKind : std::uint8_t { sqlite, postgresql };

/// Everything an operator can set about a process. The names are those of the variables, in `setting_table`.
struct Settings {
  // What it stands on.
  Cloud cloud = Cloud::local;
  BusKind bus_kind = BusKind::local;
  std::string data_dir = "./data";
  std::string db_url;      // sqlite:DIR or postgresql://...
  int db_pool_size = 8;    // connections of each service
  bool db_prepare = true;  // false behind PgBouncer before 1.21 in transaction mode
  std::string redis_url;   // empty: idempotency, caches and ranks live in the process
  std::string instance;    // unique among the replicas of a service; empty: a name is made up
  std::string rules_file;  // empty: see load_rules_or_default
  LogLevel log_level = LogLevel::info;

  // Secrets. Never log them.
  std::string hmac_secret;
  std::string hmac_keys;
  std::string api_token;
  std::string admin_token;
  std::string receipt_secret;       // for HS256; empty: derived from the first signing key
  std::string receipt_private_key;  // PEM text; empty: receipts are signed with HS256
  std::string receipt_issuer = "liveops-guard";

  // Where it listens.
  HostPort gateway_listen{"0.0.0.0", 8080};
  HostPort fairness_listen{"0.0.0.0", 8081};
  HostPort leaderboard_listen{"0.0.0.0", 8082};
  HostPort progression_listen{"0.0.0.0", 8083};
  std::string tls_cert;
  std::string tls_key;

  // Who may do what.
  bool require_timestamp = true;
  std::chrono::seconds signature_tolerance{300};
  bool public_leaderboard = true;
  double rate_limit_per_second = 5000;
  std::int64_t rate_limit_burst = 10'000;
  std::chrono::hours idempotency_ttl{24};
  std::size_t idempotency_max_keys = 8'000'000;

  // The fairness call of the gateway.
  FairnessFail fairness_fail = FairnessFail::open;
  std::chrono::milliseconds fairness_deadline{20};
  std::vector<std::string> fairness_urls;  // of the gateway's own executable
  std::string fairness_ca;                 // PEM file; empty: the system's authorities

  // Bounds.
  int io_threads = 0;  // 0: one a core, at most 64
  int max_connections = 10'000;
  int max_in_flight = 2'000;
  std::size_t max_header_bytes = 16'384;
  std::size_t max_body_bytes = 32'768;
  std::size_t max_batch_bytes = 1'048'576;
  std::size_t max_unpacked_bytes = 8'388'608;
  std::size_t max_batch_events = 1'000;
  std::chrono::milliseconds header_timeout{5'000};
  std::chrono::milliseconds body_timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};
  std::chrono::milliseconds shutdown_deadline{2'000};
  std::size_t bus_max_backlog = 100'000;
  std::uint64_t bus_local_max_bytes = std::uint64_t{8} << 30U;
  std::chrono::milliseconds visibility_timeout{30'000};
  std::chrono::days inbox_retention{15};

  // The bus on Redis Streams.
  std::string redis_bus_url;  // empty: redis_url
  std::string redis_bus_prefix = "lo:";
  std::size_t redis_bus_shards = 1;
  std::uint32_t redis_bus_wait_replicas = 0;
  std::uint64_t redis_bus_max_bytes = std::uint64_t{1} << 30U;

  // The bus on NATS JetStream.
  std::string nats_url = "nats://127.0.0.1:4222";
  std::string nats_creds;
  std::string nats_ca;
  std::string nats_prefix = "liveops";
  int nats_replicas = 1;
  std::uint64_t nats_max_bytes = std::uint64_t{4} << 30U;
  std::chrono::hours nats_max_age{0};

  // The bus on Amazon SQS. A group's queue is a name or a URL; empty: a name made of the prefix.
  std::string sqs_prefix = "liveops";
  std::string sqs_queue_progression;
  std::string sqs_queue_leaderboard;
  std::string sqs_queue_fairness;
  std::string sqs_queue_verdicts_leaderboard;
  std::string sqs_queue_verdicts_progression;
  std::string sqs_queue_gateway;
  bool sqs_fifo = false;
  bool sqs_create_queues = false;
  std::string sns_topic_arn;
  std::size_t sqs_max_message_bytes = std::size_t{256} * 1024;
  std::map<std::string, std::string, std::less<>> aws;  // what the .env file says of AWS' own variables: secrets

  // The bus on Azure Service Bus. A group without a queue has a subscription of its name.
  std::string servicebus_connection_string;
  std::string servicebus_topic_events = "liveops-events";
  std::string servicebus_topic_verdicts = "liveops-verdicts";
  std::string servicebus_queue_progression;
  std::string servicebus_queue_leaderboard;
  std::string servicebus_queue_fairness;
  std::string servicebus_queue_verdicts_leaderboard;
  std::string servicebus_queue_verdicts_progression;
  std::string servicebus_queue_gateway;
  ServiceBusLogin servicebus_login = ServiceBusLogin::cbs;
  std::string servicebus_ca;
  std::size_t servicebus_max_body_bytes = std::size_t{240} * 1024;

  friend bool operator==(const Settings&, const Settings&) = default;

  [[nodiscard]] DatabaseKind database_kind() const;
  /// The directory of a sqlite: URL.
  [[nodiscard]] std::string sqlite_dir() const;
  /// Where this process keeps its files: the directory of a sqlite: URL, else `data_dir`.
  [[nodiscard]] std::string state_dir() const;
};

/// One setting: what flags, --help and the documentation are made from.
struct SettingInfo {
  std::string_view env;           // "MAX_CONNECTIONS"
  std::string_view flag;          // "--max-connections"
  std::string_view default_text;  // as it would be written; in parentheses when it is not a fixed value; may be empty
  std::string_view help;
  bool secret;
  /// Reads the text into the settings. Errors: `invalid_argument`, with what is expected ("must be ...").
  core::Status (*set)(Settings& settings, std::string_view text);
};

[[nodiscard]] std::span<const SettingInfo> setting_table();

/// A variable of AWS' own tools, which the bus on SQS reads as they do; no flag and no default of ours.
struct AwsVariable {
  std::string_view env;
  std::string_view help;
};

[[nodiscard]] std::span<const AwsVariable> aws_variables();

/// Values by the name of their variable; a flag's value goes in under its variable's name, over what is there.
using Values = std::map<std::string, std::string, std::less<>>;

/// In dev mode servers listen on the loopback only, plain signatures are taken, and secrets may be missing (whoever
/// starts the process makes some).
enum class Mode : std::uint8_t { production, dev };

/// Checks every value and every combination. An empty value counts as not set.
/// Errors: `invalid_argument`; the message is one line that names the variable and says what to do, without a secret.
[[nodiscard]] core::Result<Settings> make_settings(const Values& values, Mode mode);

/// Whether services of separate processes can meet: on the bus, in the database, in Redis. Errors: `invalid_argument`,
/// with what to use instead.
[[nodiscard]] core::Status check_separate_processes(const Settings& settings);

/// The text of .env.example: every variable with its default, commented.
[[nodiscard]] std::string env_example();

/// The table of the README, in Markdown.
[[nodiscard]] std::string settings_markdown();

}  // namespace liveops::adapters::config
