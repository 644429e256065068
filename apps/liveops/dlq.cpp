#include <boost/asio/io_context.hpp>
#include <iostream>

#include "adapters/telemetry/json_log.hpp"
#include "adapters/telemetry/prometheus_metrics.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/wiring/bus.hpp"
#include "apps/wiring/serving.hpp"

namespace liveops::apps {

namespace {

constexpr std::size_t kPage = 1000;  // a bus may have to look through everything for each

struct DlqFlags {
  adapters::config::Values settings;
  std::vector<std::string> ids;
  bool all = false;
};

/// The dead letters of a bus, opened beside services that may be running, with what they stand on.
class OpenLetters {
 public:
  /// Errors: as open_dead_letters.
  core::Status open(const adapters::config::Values& flags) {
    const auto values = gather_values(flags);
    if (!values) return std::unexpected(values.error());
    const auto settings = make_settings(*values, adapters::config::Mode::dev);
    if (!settings) return std::unexpected(settings.error());
    auto letters = open_dead_letters(*settings, clock_, log_, metrics_);
    if (!letters) return std::unexpected(letters.error());
    letters_ = std::move(*letters);
    return {};
  }
  [[nodiscard]] ports::DeadLetters& operator*() { return *letters_; }

 private:
  core::SystemClock clock_;
  adapters::telemetry::JsonLog log_{clock_, "dlq", ports::LogLevel::error};
  adapters::telemetry::PrometheusMetrics metrics_;
  std::unique_ptr<ports::DeadLetters> letters_;
};

void print_row(const ports::DeadLetter& letter) {
  std::cout << letter.id << "\t" << core::format_rfc3339(letter.dead_at) << "\t" << letter.group << "\t"
            << letter.envelope.type << "\t" << letter.envelope.key << "\t" << letter.reason << "\n";
}

core::Result<std::vector<ports::DeadLetter>> read_all(ports::DeadLetters& letters) {
  boost::asio::io_context io;
  std::vector<ports::DeadLetter> out;
  const core::Timestamp begun = core::SystemClock().now();
  while (true) {
    auto page = run_here(io, letters.list(kPage, out.empty() ? std::string() : out.back().id));
    if (!page) return page;
    if (page->empty()) return out;
    // Oldest first: behind one that died meanwhile there are only others that did, and they may never end.
    const bool last = page->size() < kPage && page->back().dead_at > begun;
    std::move(page->begin(), page->end(), std::back_inserter(out));
    if (last) return out;
  }
}

int list(ports::DeadLetters& letters, const DlqFlags&) {
  const auto all = read_all(letters);
  if (!all) return complain(all.error(), exit_failed);
  for (const auto& letter : *all) print_row(letter);
  std::cerr << all->size() << " dead letters\n";
  return exit_ok;
}

int show(ports::DeadLetters& letters, const DlqFlags& flags) {
  boost::asio::io_context io;
  for (const auto& id : flags.ids) {
    const auto letter = run_here(io, letters.show(id));
    if (!letter) return complain(letter.error(), exit_failed);
    print_row(*letter);
    std::cout << "event     " << letter->envelope.id.str() << "\nattempts  " << letter->attempts << "\nbody      "
              << letter->envelope.body << "\n";
  }
  return exit_ok;
}

int redrive(ports::DeadLetters& letters, const DlqFlags& flags) {
  std::vector<std::string> ids = flags.ids;
  if (flags.all) {
    const auto all = read_all(letters);
    if (!all) return complain(all.error(), exit_failed);
    for (const auto& letter : *all) ids.push_back(letter.id);
  }
  if (ids.empty() && !flags.all) {
    return complain({core::Errc::invalid_argument, "dlq redrive: name letters, or give --all", ""}, exit_usage);
  }
  boost::asio::io_context io;
  const auto count = ids.size();
  if (const auto done = run_here(io, letters.redrive_each(std::move(ids))); !done) {
    return complain(done.error(), exit_failed);
  }
  std::cout << count << " handed back to their groups\n";
  return exit_ok;
}

using Action = int (*)(ports::DeadLetters&, const DlqFlags&);

int with_letters(const DlqFlags& flags, Action action) {
  OpenLetters letters;
  if (const auto opened = letters.open(flags.settings); !opened) return refuse_start(opened.error());
  return action(*letters, flags);
}

}  // namespace

void add_dlq(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("dlq", "Messages that could not be processed")->require_subcommand(1);
  auto flags = std::make_shared<DlqFlags>();
  const auto add = [&](const char* name, const char* help, Action action) {
    auto* verb = command->add_subcommand(name, help);
    add_setting_flags(*verb, flags->settings);
    verb->callback([flags, action, &run] { run = [flags, action] { return with_letters(*flags, action); }; });
    return verb;
  };
  add("list", "A line a letter: id, time, group, type, player, reason", list);
  add("show", "Whole letters", show)->add_option("ID", flags->ids, "Letters")->required();
  auto* redriving = add("redrive", "Hand letters to their group again", redrive);
  redriving->add_option("ID", flags->ids, "Letters");
  redriving->add_flag("--all", flags->all, "All of them");
}

}  // namespace liveops::apps
