#include "adapters/config/setting_values.hpp"

namespace liveops::adapters::config {
namespace {

using S = Settings;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kGiB = std::int64_t{1} << 30U;

std::string_view bus_name(BusKind kind) {
  return to_string(kind);
}
std::string_view level_name(LogLevel level) {
  return to_string(level);
}

// clang-format off
constexpr SettingInfo kTable[] = {
    {"CLOUD", "--cloud", "local", "local, aws or azure: picks the default bus (local, sqs, servicebus)", false,
     set_word<&S::cloud, name_of_cloud, Cloud::azure>},
    {"BUS_KIND", "--bus", "(from CLOUD)", "inmem (not durable), local, redis, nats, sqs or servicebus", false,
     set_word<&S::bus_kind, bus_name, BusKind::servicebus>},
    {"DATA_DIR", "--data-dir", "./data", "directory of the embedded stores, of dev secrets and of what fairness has learnt", false, set_text<&S::data_dir>},
    {"DB_URL", "--db-url", "(sqlite:DATA_DIR)", "sqlite:DIRECTORY or postgresql://user:password@host/database", true, set_db_url},
    {"DB_POOL_SIZE", "--db-pool-size", "8", "connections to PostgreSQL of each service", false, set_integer<&S::db_pool_size, 1, 1'000>},
    {"DB_PREPARE", "--db-prepare", "true", "prepare statements; false behind PgBouncer before 1.21 in transaction mode", false, set_bool<&S::db_prepare>},
    {"REDIS_URL", "--redis-url", "", "redis://[user:password@]host:port[/db] or unix:///path; empty: idempotency, caches and ranks live in the process", true, set_redis_url<&S::redis_url>},
    {"INSTANCE", "--instance", "(a random name each start)", "name of this replica, unique among those of its service; with a lasting one it goes on at once with what it held on the Redis bus", false, set_name<&S::instance>},
    {"RULES_FILE", "--rules", "(config/liveops.toml, else the built-in copy)", "rules of the game", false, set_text<&S::rules_file>},
    {"LOG_LEVEL", "--log-level", "info", "trace, debug, info, warn or error", false, set_word<&S::log_level, level_name, LogLevel::error>},

    {"HMAC_SECRET", "--hmac-secret", "", "signing secret of key id \"default\", at least 32 bytes; needed unless HMAC_KEYS is set or in dev mode", true,
     set_text<&S::hmac_secret>},
    {"HMAC_KEYS", "--hmac-keys", "", "signing keys as id:secret,id2:secret2 for rotation; the first is the default", true, set_text<&S::hmac_keys>},
    {"API_TOKEN", "--api-token", "", "bearer token for reading player data; empty: only signed requests", true, set_token<&S::api_token>},
    {"ADMIN_TOKEN", "--admin-token", "", "bearer token for operator routes; empty: they are closed", true, set_token<&S::admin_token>},
    {"RECEIPT_SECRET", "--receipt-secret", "(derived from the first signing key)", "secret of at least 32 bytes that signs receipts with HS256", true,
     set_receipt_secret},
    {"RECEIPT_PRIVATE_KEY", "--receipt-private-key", "", "Ed25519 key (PEM text or path): receipts are signed with EdDSA instead of HS256", true,
     set_receipt_private_key},
    {"RECEIPT_ISSUER", "--receipt-issuer", "liveops-guard", "the \"iss\" of receipts", false, set_text<&S::receipt_issuer>},

    {"GATEWAY_LISTEN", "--gateway-listen", "(0.0.0.0:8080; in dev mode 127.0.0.1:8080)", "host:port of the gateway", false, set_listen<&S::gateway_listen>},
    {"FAIRNESS_LISTEN", "--fairness-listen", "(0.0.0.0:8081; in dev mode 127.0.0.1:8081)", "host:port of fairness", false, set_listen<&S::fairness_listen>},
    {"LEADERBOARD_LISTEN", "--leaderboard-listen", "(0.0.0.0:8082; in dev mode 127.0.0.1:8082)", "host:port of leaderboard", false, set_listen<&S::leaderboard_listen>},
    {"PROGRESSION_LISTEN", "--progression-listen", "(0.0.0.0:8083; in dev mode 127.0.0.1:8083)", "host:port of progression", false, set_listen<&S::progression_listen>},
    {"TLS_CERT", "--tls-cert", "", "path of the certificate chain (PEM); with TLS_KEY the servers speak TLS", false, set_text<&S::tls_cert>},
    {"TLS_KEY", "--tls-key", "", "path of the certificate's private key (PEM)", false, set_text<&S::tls_key>},

    {"REQUIRE_TIMESTAMP", "--require-timestamp", "(true; in dev mode false)", "refuse signatures without X-Timestamp", false, set_bool<&S::require_timestamp>},
    {"SIGNATURE_TOLERANCE_S", "--signature-tolerance-s", "300", "how far a signature's time may be off, in seconds", false, set_integer<&S::signature_tolerance, 1, 3'600>},
    {"PUBLIC_LEADERBOARD", "--public-leaderboard", "true", "let anybody read GET /leaderboard*", false, set_bool<&S::public_leaderboard>},
    {"RATE_LIMIT_PER_SECOND", "--rate-limit-per-second", "5000", "events a second that one key may send", false, set_rate<&S::rate_limit_per_second>},
    {"RATE_LIMIT_BURST", "--rate-limit-burst", "10000", "events that one key may send at once", false, set_integer<&S::rate_limit_burst, 1, 1'000'000'000>},
    {"IDEMPOTENCY_TTL_H", "--idempotency-ttl-h", "24", "how long idempotency keys are kept, in hours", false, set_integer<&S::idempotency_ttl, 24, 720>},
    {"IDEMPOTENCY_MAX_KEYS", "--idempotency-max-keys", "8000000", "idempotency keys kept; beyond it the oldest leave (their retries still count once)", false, set_integer<&S::idempotency_max_keys, 1'000, 1'000'000'000>},

    {"FAIRNESS_FAIL", "--fairness-fail", "open", "without a verdict in time: open (accept, counted) or closed (503)", false,
     set_word<&S::fairness_fail, name_of_fairness_fail, FairnessFail::closed>},
    {"FAIRNESS_DEADLINE_MS", "--fairness-deadline-ms", "20", "how long the gateway waits for the verdict of another process; in the same process it always waits", false, set_integer<&S::fairness_deadline, 1, 10'000>},
    {"FAIRNESS_URL", "--fairness-url", "", "http://host:port of fairness, for the gateway's own executable; several with commas (players are spread over them)", false, set_fairness_urls},
    {"FAIRNESS_CA", "--fairness-ca", "(the system's)", "authorities (PEM file) to trust behind an https:// FAIRNESS_URL", false, set_text<&S::fairness_ca>},

    {"IO_THREADS", "--io-threads", "(one a core, at most 64)", "threads for requests", false, set_integer<&S::io_threads, 1, 64>},
    {"MAX_CONNECTIONS", "--max-connections", "10000", "open connections; beyond it they are closed at once", false, set_integer<&S::max_connections, 1, 1'000'000>},
    {"MAX_IN_FLIGHT", "--max-in-flight", "2000", "requests worked on at once; beyond it 503", false, set_integer<&S::max_in_flight, 1, 1'000'000>},
    {"MAX_HEADER_BYTES", "--max-header-bytes", "16384", "size of a request's head; beyond it 431", false, set_integer<&S::max_header_bytes, 1'024, 1'048'576>},
    {"MAX_BODY_BYTES", "--max-body-bytes", "32768", "size of a single event; beyond it 413", false, set_integer<&S::max_body_bytes, 1'024, 1'048'576>},
    {"MAX_BATCH_BYTES", "--max-batch-bytes", "1048576", "size of a batch as sent; beyond it 413", false, set_integer<&S::max_batch_bytes, 1'024, 67'108'864>},
    {"MAX_UNPACKED_BYTES", "--max-unpacked-bytes", "8388608", "size of a gzip batch when unpacked; beyond it 413", false, set_integer<&S::max_unpacked_bytes, 1'024, 268'435'456>},
    {"MAX_BATCH_EVENTS", "--max-batch-events", "1000", "events of a batch; beyond it 413", false, set_integer<&S::max_batch_events, 1, 10'000>},
    {"HEADER_TIMEOUT_MS", "--header-timeout-ms", "5000", "time for a request's head to arrive", false, set_integer<&S::header_timeout, 10, kHourMs>},
    {"BODY_TIMEOUT_MS", "--body-timeout-ms", "10000", "time for a request's body to arrive", false, set_integer<&S::body_timeout, 10, kHourMs>},
    {"IDLE_TIMEOUT_MS", "--idle-timeout-ms", "60000", "how long an idle connection is kept", false, set_integer<&S::idle_timeout, 10, kHourMs>},
    {"SHUTDOWN_DEADLINE_MS", "--shutdown-deadline-ms", "2000", "time for requests in flight to finish at SIGTERM", false, set_integer<&S::shutdown_deadline, 0, kHourMs>},
    {"BUS_MAX_BACKLOG", "--bus-max-backlog", "100000", "messages that the inmem bus holds; beyond it 503", false, set_integer<&S::bus_max_backlog, 1'000, 100'000'000>},
    {"BUS_LOCAL_MAX_BYTES", "--bus-local-max-bytes", "8589934592", "disk that the local bus may use; beyond it 503", false, set_integer<&S::bus_local_max_bytes, 16'777'216, 1'024 * kGiB>},
    {"VISIBILITY_TIMEOUT_MS", "--visibility-timeout-ms", "30000", "when a message that was not acknowledged comes again", false, set_integer<&S::visibility_timeout, 100, 12 * kHourMs>},
    {"INBOX_RETENTION_D", "--inbox-retention-d", "15", "how long consumers know an event id again, in days", false, set_integer<&S::inbox_retention, 8, 3'650>},

    {"REDIS_BUS_URL", "--redis-bus-url", "(REDIS_URL)", "Redis that carries the redis bus, where it is another one", true, set_redis_url<&S::redis_bus_url>},
    {"REDIS_BUS_PREFIX", "--redis-bus-prefix", "lo:", "begins every key of the redis bus", false, set_text<&S::redis_bus_prefix>},
    {"REDIS_BUS_SHARDS", "--redis-bus-shards", "1", "streams that a topic of the redis bus is spread over; may be raised, not lowered", false, set_integer<&S::redis_bus_shards, 1, 1'024>},
    {"REDIS_BUS_WAIT_REPLICAS", "--redis-bus-wait-replicas", "0", "replicas of Redis that must have an event before it is accepted", false, set_integer<&S::redis_bus_wait_replicas, 0, 16>},
    {"REDIS_BUS_MAX_BYTES", "--redis-bus-max-bytes", "1073741824", "memory of Redis that the redis bus may use; beyond it 503", false, set_integer<&S::redis_bus_max_bytes, 1'048'576, 1'024 * kGiB>},
    {"NATS_URL", "--nats-url", "nats://127.0.0.1:4222", "nats://[user:password@]host:port or tls://..., several with commas", true, set_text<&S::nats_url>},
    {"NATS_CREDS", "--nats-creds", "", "credentials file (.creds) for NATS", false, set_text<&S::nats_creds>},
    {"NATS_CA", "--nats-ca", "(the system's)", "authorities (PEM file) to trust behind a tls:// NATS_URL", false, set_text<&S::nats_ca>},
    {"NATS_PREFIX", "--nats-prefix", "liveops", "of all subjects, in capitals of the streams", false, set_name<&S::nats_prefix>},
    {"NATS_REPLICAS", "--nats-replicas", "1", "servers that keep each stream: 1, 3 or 5", false, set_nats_replicas},
    {"NATS_MAX_BYTES", "--nats-max-bytes", "4294967296", "disk that a stream may use; beyond it 503", false, set_integer<&S::nats_max_bytes, 1'048'576, 1'024 * kGiB>},
    {"NATS_MAX_AGE_H", "--nats-max-age-h", "0", "hours after which a message goes, taken or not; 0: never", false, set_integer<&S::nats_max_age, 0, 8'760>},

    {"SQS_PREFIX", "--sqs-prefix", "liveops", "begins the names of the SQS queues that are not named here: PREFIX-events-progression, ...", false, set_name<&S::sqs_prefix>},
    {"SQS_QUEUE_PROGRESSION", "--sqs-queue-progression", "(SQS_PREFIX-events-progression)", "name or URL of progression's queue for events", false, set_queue<&S::sqs_queue_progression>},
    {"SQS_QUEUE_LEADERBOARD", "--sqs-queue-leaderboard", "(SQS_PREFIX-events-leaderboard)", "name or URL of leaderboard's queue for events", false, set_queue<&S::sqs_queue_leaderboard>},
    {"SQS_QUEUE_FAIRNESS", "--sqs-queue-fairness", "(SQS_PREFIX-events-fairness)", "name or URL of fairness's queue for events", false, set_queue<&S::sqs_queue_fairness>},
    {"SQS_QUEUE_VERDICTS_LEADERBOARD", "--sqs-queue-verdicts-leaderboard", "(SQS_PREFIX-verdicts-leaderboard)", "name or URL of leaderboard's queue for verdicts", false, set_queue<&S::sqs_queue_verdicts_leaderboard>},
    {"SQS_QUEUE_VERDICTS_PROGRESSION", "--sqs-queue-verdicts-progression", "(SQS_PREFIX-verdicts-progression)", "name or URL of progression's queue for verdicts", false, set_queue<&S::sqs_queue_verdicts_progression>},
    {"SQS_QUEUE_GATEWAY", "--sqs-queue-gateway", "(SQS_PREFIX-events-gateway)", "name or URL of the gateway's own queue for events, which it has where there is no REDIS_URL", false, set_queue<&S::sqs_queue_gateway>},
    {"SQS_FIFO", "--sqs-fifo", "false", "the queues are FIFO queues: in order for each player, and no duplicates from sending", false, set_bool<&S::sqs_fifo>},
    {"SQS_CREATE_QUEUES", "--sqs-create-queues", "false", "make queues that are not there at the start (liveops queues create makes them beforehand)", false, set_bool<&S::sqs_create_queues>},
    {"SNS_TOPIC_ARN", "--sns-topic-arn", "", "SNS topic to publish events to, once, instead of to each group's queue; the queues are subscribed to it", false, set_sns_topic_arn},
    {"SQS_MAX_MESSAGE_BYTES", "--sqs-max-message-bytes", "262144", "size of a message, and of a batch, that the queues take", false, set_integer<&S::sqs_max_message_bytes, 8'192, 1'048'576>},

    {"SERVICEBUS_CONNECTION_STRING", "--servicebus-connection-string", "", "connection string as Azure shows it: Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...", true, set_servicebus_connection_string},
    {"SERVICEBUS_TOPIC_EVENTS", "--servicebus-topic-events", "liveops-events", "Service Bus topic of events", false, set_queue<&S::servicebus_topic_events>},
    {"SERVICEBUS_TOPIC_VERDICTS", "--servicebus-topic-verdicts", "liveops-verdicts", "Service Bus topic of verdicts", false, set_queue<&S::servicebus_topic_verdicts>},
    {"SERVICEBUS_QUEUE_PROGRESSION", "--servicebus-queue-progression", "(subscription progression of the topic)", "Service Bus queue of progression for events, instead of a subscription; then every group of events has one", false, set_queue<&S::servicebus_queue_progression>},
    {"SERVICEBUS_QUEUE_LEADERBOARD", "--servicebus-queue-leaderboard", "(subscription leaderboard of the topic)", "likewise of leaderboard for events", false, set_queue<&S::servicebus_queue_leaderboard>},
    {"SERVICEBUS_QUEUE_FAIRNESS", "--servicebus-queue-fairness", "(subscription fairness of the topic)", "likewise of fairness for events", false, set_queue<&S::servicebus_queue_fairness>},
    {"SERVICEBUS_QUEUE_VERDICTS_LEADERBOARD", "--servicebus-queue-verdicts-leaderboard", "(subscription leaderboard of the topic)", "likewise of leaderboard for verdicts", false, set_queue<&S::servicebus_queue_verdicts_leaderboard>},
    {"SERVICEBUS_QUEUE_VERDICTS_PROGRESSION", "--servicebus-queue-verdicts-progression", "(subscription progression of the topic)", "likewise of progression for verdicts", false, set_queue<&S::servicebus_queue_verdicts_progression>},
    {"SERVICEBUS_QUEUE_GATEWAY", "--servicebus-queue-gateway", "(subscription gateway of the topic)", "likewise of the gateway for events, which it has where there is no REDIS_URL", false, set_queue<&S::servicebus_queue_gateway>},
    {"SERVICEBUS_LOGIN", "--servicebus-login", "cbs", "cbs (a token for each entity, renewed) or plain (the key itself, once a connection)", false,
     set_word<&S::servicebus_login, name_of_login, ServiceBusLogin::plain>},
    {"SERVICEBUS_CA", "--servicebus-ca", "(the system's)", "authorities (PEM file) to trust behind Service Bus", false, set_text<&S::servicebus_ca>},
    {"SERVICEBUS_MAX_BODY_BYTES", "--servicebus-max-body-bytes", "245760", "size of a message's body that Service Bus takes; its Premium tier takes more than 256 KiB", false, set_integer<&S::servicebus_max_body_bytes, 8'192, 1'048'576>},
};

// https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
constexpr AwsVariable kAwsVariables[] = {
    {"AWS_REGION", "region of the queues; else AWS_DEFAULT_REGION, else that of the profile"},
    {"AWS_ACCESS_KEY_ID", "access key; with AWS_SECRET_ACCESS_KEY. Without them: web identity, profile, container, instance, in this order"},
    {"AWS_SECRET_ACCESS_KEY", "its secret"},
    {"AWS_SESSION_TOKEN", "its session token, where it is a temporary one"},
    {"AWS_WEB_IDENTITY_TOKEN_FILE", "file with a token to assume AWS_ROLE_ARN with (EKS sets both)"},
    {"AWS_ROLE_ARN", "role to assume with it; AWS_ROLE_SESSION_NAME names the session"},
    {"AWS_PROFILE", "profile of AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, which are ~/.aws/config and ~/.aws/credentials"},
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "credentials of the container, as ECS sets it; or AWS_CONTAINER_CREDENTIALS_FULL_URI"},
    {"AWS_EC2_METADATA_DISABLED", "true: the instance's metadata are not asked"},
    {"AWS_ENDPOINT_URL", "where SQS, SNS and STS are, if not at AWS; AWS_ENDPOINT_URL_SQS and so on for one of them"},
    {"AWS_CA_BUNDLE", "authorities (PEM file) to trust behind them"},
};
// clang-format on

}  // namespace

std::span<const SettingInfo> setting_table() {
  return kTable;
}

std::span<const AwsVariable> aws_variables() {
  return kAwsVariables;
}

std::string env_example() {
  std::string text =
      "# Settings of LiveOps Guard: copy to .env and change what you need. The process's environment wins over this "
      "file,\n"
      "# command-line flags win over both. What is commented out shows the default.\n";
  for (const auto& setting : kTable) {
    const bool fixed = !setting.default_text.starts_with('(');
    text += "\n# " + std::string(setting.help) + "\n";
    if (!fixed) text += "# default " + std::string(setting.default_text) + "\n";
    text += "#" + std::string(setting.env) + "=" + (fixed ? std::string(setting.default_text) : "") + "\n";
  }
  text +=
      "\n# What AWS' own tools read, for BUS_KIND=sqs. The process's environment wins here too; there are no flags.\n";
  for (const auto& variable : kAwsVariables) {
    text += "\n# " + std::string(variable.help) + "\n#" + std::string(variable.env) + "=\n";
  }
  return text;
}

std::string settings_markdown() {
  std::string text = "| variable | flag | default | what |\n|---|---|---|---|\n";
  for (const auto& setting : kTable) {
    const std::string value = setting.default_text.starts_with('(') || setting.default_text.empty()
                                  ? std::string(setting.default_text)
                                  : "`" + std::string(setting.default_text) + "`";
    text += "| `" + std::string(setting.env) + "` | `" + std::string(setting.flag) + "` | " + value + " | " +
            std::string(setting.help) + " |\n";
  }
  return text;
}

}  // namespace liveops::adapters::config
