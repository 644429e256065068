#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <utility>

#include "adapters/config/rules_file.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/backtest/event_source.hpp"
#include "apps/liveops/backtest/run.hpp"
#include "apps/liveops/commands.hpp"
#include "backtest/table.hpp"

namespace liveops::apps {

namespace {

using Clock = std::chrono::steady_clock;

struct BacktestFlags {
  std::string events;
  std::string from;
  std::string to;
  std::string policy;
  std::string compare;
  std::string labels;
  std::string decisions;
  bool json = false;
  adapters::config::Values settings;
};

/// Redraws one line on a terminal a few times a second; says nothing elsewhere.
class ProgressBar {
 public:
  explicit ProgressBar(const BacktestRun& run) : run_(run), shown_(isatty(STDERR_FILENO) != 0) {}
  ~ProgressBar() {
    if (shown_) std::fprintf(stderr, "\r\033[K");
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void at(double share) {
    constexpr std::chrono::milliseconds kEvery{200};
    constexpr double kWidth = 30;
    const auto now = Clock::now();
    if (!shown_ || now - drawn_ < kEvery) return;
    drawn_ = now;
    const double rate = static_cast<double>(run_.events()) / std::chrono::duration<double>(now - started_).count();
    const auto filled = static_cast<std::size_t>(share > 0 ? share * kWidth : 0);
    const std::string bar = std::string(filled, '#') + std::string(static_cast<std::size_t>(kWidth) - filled, '.');
    std::fprintf(stderr, "\r[%s] %11llu events  %9.0f/s ", bar.c_str(), static_cast<unsigned long long>(run_.events()),
                 rate);
  }

 private:
  const BacktestRun& run_;
  bool shown_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_;
};

core::Result<std::optional<backtest::Labels>> load_labels(const std::string& path) {
  if (path.empty()) return std::nullopt;
  std::ifstream in(path);
  if (!in) return core::fail(core::Errc::not_found, path + ": cannot be read");
  auto labels = backtest::read_labels(in);
  if (!labels) return core::fail(labels.error().code, path + ": " + labels.error().message);
  return std::optional(std::move(*labels));
}

core::Result<core::Timestamp> time_of_flag(const std::string& flag, const std::string& text) {
  const auto time = core::parse_rfc3339(text);
  if (!time) return core::fail(core::Errc::invalid_argument, flag + ": must be an RFC 3339 date-time");
  return *time;
}

core::Status feed(const BacktestFlags& flags, std::span<const core::BossRules> bosses, BacktestRun& run) {
  ProgressBar bar(run);
  const Feed take = [&run](const core::Event& event, const std::string& name) { run.take(event, name); };
  const Progress progress = [&bar](double share) { bar.at(share); };
  if (!flags.events.empty()) return read_file(flags.events, take, progress);
  const auto from = time_of_flag("--from", flags.from);
  if (!from) return std::unexpected(from.error());
  const auto to = time_of_flag("--to", flags.to);
  if (!to) return std::unexpected(to.error());
  const auto values = gather_values(flags.settings);
  if (!values) return std::unexpected(values.error());
  const auto settings = make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return std::unexpected(settings.error());
  return read_ledger(*settings, *from, *to, bosses, take, progress);
}

void print_results(const BacktestFlags& flags, const BacktestRun& run, double seconds) {
  if (flags.json) {
    boost::json::object out{{"policy", backtest::to_json(run.result())}, {"seconds", seconds}};
    if (!flags.compare.empty()) {
      out["compared"] = backtest::to_json(run.other_result());
      out["treated_differently"] = run.compare().differ();
    }
    std::cout << out << '\n';
    return;
  }
  backtest::print(std::cout, run.result());
  if (!flags.compare.empty()) {
    std::cout << "\n== " << flags.compare << '\n';
    backtest::print(std::cout, run.other_result());
    run.compare().print(std::cout, flags.policy.empty() ? "policy" : flags.policy, flags.compare);
  }
  std::fprintf(stderr, "%llu events in %.1f s (%.0f/s)\n", static_cast<unsigned long long>(run.events()), seconds,
               static_cast<double>(run.events()) / seconds);
}

int run_backtest(const BacktestFlags& flags) {
  const bool ledger = !flags.from.empty() && !flags.to.empty();
  if (flags.events.empty() != ledger) {
    return complain({core::Errc::invalid_argument, "give --events FILE, or --from and --to for the ledger"},
                    exit_usage);
  }
  const auto rules = adapters::config::load_rules_or_default(flags.policy);
  if (!rules) return complain(rules.error(), exit_usage);
  std::optional<core::FairnessRules> other;
  if (!flags.compare.empty()) {
    auto compared = adapters::config::load_rules(flags.compare);
    if (!compared) return complain(compared.error(), exit_usage);
    other = std::move(compared->fairness);
  }
  auto labels = load_labels(flags.labels);
  if (!labels) return complain(labels.error(), exit_usage);
  DecisionsFile decisions;
  if (!flags.decisions.empty()) {
    if (auto opened = decisions.open(flags.decisions); !opened) return complain(opened.error(), exit_failed);
  }
  BacktestRun run(rules->fairness, std::move(other), std::move(*labels), decisions);
  const auto started = Clock::now();
  if (auto fed = feed(flags, rules->bosses, run); !fed) {
    const bool usage = fed.error().code == core::Errc::invalid_argument || fed.error().code == core::Errc::not_found;
    return complain(fed.error(), usage ? exit_usage : exit_failed);
  }
  run.end();
  if (decisions.is_open()) {
    if (auto closed = decisions.close(); !closed) return complain(closed.error(), exit_failed);
  }
  print_results(flags, run, std::chrono::duration<double>(Clock::now() - started).count());
  return exit_ok;
}

}  // namespace

void add_backtest(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("backtest", "What a fairness policy would have done with recorded events");
  auto flags = std::make_shared<BacktestFlags>();
  auto* events = command->add_option("--events", flags->events, "NDJSON in time order, gzip or not; -: stdin");
  command->add_option("--from", flags->from, "Out of the ledger: received from then on (RFC 3339)")->excludes(events);
  command->add_option("--to", flags->to, "Out of the ledger: received before")->excludes(events);
  command->add_option("--policy", flags->policy, "Rules file; [fairness] counts (default: the usual rules file)");
  command->add_option("--compare", flags->compare, "Another rules file: who is treated differently?");
  command->add_option("--labels", flags->labels, "CSV player_id,is_cheater,kind,onset: measures against the truth");
  command->add_option("--decisions", flags->decisions, "Writes every action here, one JSON object a line");
  command->add_flag("--json", flags->json, "The result as one JSON object");
  add_setting_flags(*command, flags->settings);
  command->callback([flags, &run] { run = [flags] { return run_backtest(*flags); }; });
}

}  // namespace liveops::apps
