#include "apps/liveops/audit/verify.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/fairness/audit_trail.hpp"
#include "adapters/store_sqlite/fairness/audit_trail.hpp"
#include "adapters/telemetry/json_log.hpp"
#include "adapters/telemetry/prometheus_metrics.hpp"
#include "apps/host/audit_keys.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/dev_secrets.hpp"
#include "audit/chain/chain_check.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;
using core::Errc;

struct VerifyFlags {
  adapters::config::Values settings;
  std::string head;
  bool json = false;
};

/// "12:<hash>", as an earlier run printed it.
core::Result<std::optional<audit::KnownHead>> known_head(const std::string& text) {
  if (text.empty()) return std::optional<audit::KnownHead>();
  audit::KnownHead known;
  const auto colon = text.find(':');
  const auto [end, error] = std::from_chars(text.data(), text.data() + std::min(colon, text.size()), known.lines);
  if (colon == std::string::npos || error != std::errc() || end != text.data() + colon) {
    return core::fail(Errc::invalid_argument, "--head: give LINES:HASH, as an earlier run printed it");
  }
  known.hash = text.substr(colon + 1);
  return std::optional(std::move(known));
}

/// The audit of the settings' database with what it stands on.
class OpenTrail {
 public:
  core::Status open(const Settings& settings) {
    if (settings.database_kind() == adapters::config::DatabaseKind::sqlite) {
      auto trail = adapters::store_sqlite::fairness::AuditTrail::open(settings.sqlite_dir());
      if (!trail) return std::unexpected(trail.error());
      trail_ = std::move(*trail);
      return {};
    }
    auto pool = adapters::postgres::Pool::create(
        {.url = settings.db_url, .name = "audit", .max_connections = 1, .prepare = false}, log_, metrics_);
    if (!pool) return std::unexpected(pool.error());
    pool_ = std::move(*pool);
    trail_ = std::make_unique<adapters::store_postgres::fairness::AuditTrail>(*pool_);
    return {};
  }
  [[nodiscard]] ports::AuditTrail& operator*() { return *trail_; }

 private:
  core::SystemClock clock_;
  adapters::telemetry::JsonLog log_{clock_, "audit", ports::LogLevel::error};
  adapters::telemetry::PrometheusMetrics metrics_;
  std::unique_ptr<adapters::postgres::Pool> pool_;
  std::unique_ptr<ports::AuditTrail> trail_;
};

/// From the settings, else those that `liveops serve` made in its data directory.
core::Result<std::vector<std::string>> secrets_of(Settings settings) {
  if (settings.hmac_secret.empty() && settings.hmac_keys.empty() &&
      settings.database_kind() == adapters::config::DatabaseKind::sqlite) {
    const auto made = load_dev_secrets(settings.sqlite_dir());
    if (made) settings.hmac_secret = made->hmac_secret;
  }
  return audit_secrets(settings);
}

void print(const audit::ChainReport& report, bool json) {
  namespace boost_json = boost::json;
  if (json) {
    boost_json::array findings;
    boost_json::array adoptions(report.adoptions.begin(), report.adoptions.end());
    for (const auto& finding : report.findings) {
      findings.push_back(boost_json::object{{"line", finding.position}, {"what", finding.what}});
    }
    std::cout << boost_json::serialize(boost_json::object{{"intact", report.findings.empty()},
                                                          {"lines", report.head.lines},
                                                          {"hash", report.head.hash},
                                                          {"adoptions", std::move(adoptions)},
                                                          {"findings", std::move(findings)},
                                                          {"more_findings", report.more_findings}})
              << "\n";
    return;
  }
  for (const std::string& adoption : report.adoptions) std::cout << adoption << "\n";
  for (const auto& finding : report.findings) std::cout << finding.what << "\n";
  if (report.more_findings > 0) std::cout << "and " << report.more_findings << " more\n";
  std::cout << (report.findings.empty() ? "intact: " : "NOT INTACT: ") << report.head.lines << " lines, head "
            << report.head.lines << ":" << report.head.hash << "\n";
}

int verify(const VerifyFlags& flags) {
  const auto known = known_head(flags.head);
  if (!known) return complain(known.error(), exit_usage);
  const auto values = gather_values(flags.settings);
  if (!values) return complain(values.error(), exit_usage);
  const auto settings = make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return complain(settings.error(), exit_usage);
  auto secrets = secrets_of(*settings);
  if (!secrets) return complain(secrets.error(), exit_usage);
  OpenTrail trail;
  if (const auto opened = trail.open(*settings); !opened) return complain(opened.error(), exit_failed);
  boost::asio::io_context io;
  audit::ChainCheck check(*trail, std::move(*secrets), *known);
  const auto report = run_here(io, check.run());
  if (!report) return complain(report.error(), exit_failed);
  print(*report, flags.json);
  return report->findings.empty() ? exit_ok : exit_failed;
}

}  // namespace

void add_audit_verify(CLI::App& audit, Command& run) {
  auto* command = audit.add_subcommand(
      "verify", "Has anybody edited, removed or moved a line of fairness's audit? Reads the database, writes nothing");
  auto flags = std::make_shared<VerifyFlags>();
  command->add_option("--head", flags->head,
                      "LINES:HASH that an earlier run printed: finds an audit that was set back");
  command->add_flag("--json", flags->json, "The result as one JSON object");
  add_setting_flags(*command, flags->settings);
  command->callback([flags, &run] { run = [flags] { return verify(*flags); }; });
}

}  // namespace liveops::apps
