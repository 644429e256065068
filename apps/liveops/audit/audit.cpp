#include "audit/audit.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <iostream>

#include "adapters/config/rules_file.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/dev_secrets.hpp"
#include "apps/liveops/audit/leaderboard_ranks.hpp"
#include "apps/liveops/audit/open_books.hpp"
#include "apps/liveops/audit/print.hpp"
#include "apps/liveops/audit/verify.hpp"
#include "apps/liveops/commands.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;
using core::Errc;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstPause{250};
constexpr std::chrono::milliseconds kLongestPause{2000};

struct AuditFlags {
  adapters::config::Values settings;
  std::string leaderboard = "http://127.0.0.1:8082";
  bool offline = false;
  double settle_s = 0;
  std::size_t max_differences = 20;
  bool json = false;
};

/// What `settings` lack of a token may stand among the secrets that `liveops serve` made.
std::string bearer_token(const Settings& settings) {
  if (!settings.api_token.empty()) return settings.api_token;
  if (!settings.admin_token.empty()) return settings.admin_token;
  if (settings.database_kind() != adapters::config::DatabaseKind::sqlite) return {};
  const auto secrets = load_dev_secrets(settings.sqlite_dir());
  return secrets ? secrets->api_token : std::string();
}

/// True when trying again cannot help.
bool is_final(const core::Error& error) {
  return error.code == Errc::invalid_argument || error.code == Errc::unauthenticated;
}

/// Compares until the books balance or the time is over; gives the last comparison.
ports::Task<audit::Report> settle(audit::Audit& audit, Clock::duration time) {
  const auto until = Clock::now() + time;
  boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
  for (auto wait = kFirstPause;; wait = std::min(2 * wait, kLongestPause)) {
    auto report = co_await audit.run();
    if (report && report->differences.count() == 0) co_return report;
    if (!report && is_final(report.error())) co_return report;
    const auto left = until - Clock::now();
    if (left <= Clock::duration::zero()) co_return report;
    pause.expires_after(std::min<Clock::duration>(wait, left));
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
}

int compare(const AuditFlags& flags, const Settings& settings, const audit::Rules& rules,
            adapters::http_client::Url url) {
  OpenBooks books;
  if (const auto opened = books.open(settings); !opened) {
    return complain(opened.error(), opened.error().code == Errc::invalid_argument ? exit_usage : exit_failed);
  }
  boost::asio::io_context io;
  LeaderboardRanks ranks(io.get_executor(), std::move(url), bearer_token(settings));
  audit::Audit audit({.progress = books.progress(),
                      .standings = books.standings(),
                      .ranks = flags.offline ? nullptr : &ranks,
                      .rules = rules,
                      .clock = books.clock()},
                     flags.max_differences);
  const auto time = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(flags.settle_s));
  const auto report = run_here(io, settle(audit, time));
  if (!report) return complain(report.error(), exit_failed);
  flags.json ? print_json(std::cout, *report) : print_text(std::cout, *report);
  return report->differences.count() == 0 ? exit_ok : exit_failed;
}

int audit_books(const AuditFlags& flags) {
  auto url = adapters::http_client::Url::parse(flags.leaderboard);
  if (!url) return complain(url.error(), exit_usage);
  const auto values = gather_values(flags.settings);
  if (!values) return complain(values.error(), exit_usage);
  const auto settings = make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return complain(settings.error(), exit_usage);
  const auto rules = adapters::config::load_rules_or_default(settings->rules_file);
  if (!rules) return complain(rules.error(), exit_usage);
  const auto game = progression::GameBook::create(*rules);
  if (!game) return complain(game.error(), exit_usage);
  const auto boards = leaderboard::BoardBook::create(*rules);
  if (!boards) return complain(boards.error(), exit_usage);
  return compare(flags, *settings, {**game, **boards}, std::move(*url));
}

}  // namespace

void add_audit(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("audit", "Compare ledger, progress, standings and ranks: do the books balance?");
  auto flags = std::make_shared<AuditFlags>();
  // Not by CLI11's own means: a variable that is set must not exclude --offline.
  if (const char* url = std::getenv("LEADERBOARD_URL"); url != nullptr && *url != '\0') flags->leaderboard = url;
  auto* url = command->add_option("--leaderboard", flags->leaderboard, "Whose ranks are compared [LEADERBOARD_URL]");
  url->capture_default_str();
  command->add_flag("--offline", flags->offline, "Leave the ranks out: no leaderboard has to run")->excludes(url);
  command->add_option("--settle", flags->settle_s, "Seconds to wait for consumers: compares until the books balance")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--max-differences", flags->max_differences, "How many are named")->capture_default_str();
  command->add_flag("--json", flags->json, "The result as one JSON object");
  add_setting_flags(*command, flags->settings);
  add_audit_verify(*command, run);
  command->callback([flags, command, &run] {
    if (command->get_subcommands().empty()) run = [flags] { return audit_books(*flags); };
  });
}

}  // namespace liveops::apps
