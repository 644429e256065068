#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <iostream>

#include "adapters/config/rules_file.hpp"
#include "adapters/config/simulation_file.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/liveops/credentials.hpp"
#include "apps/liveops/simulate/books.hpp"
#include "apps/liveops/simulate/sender.hpp"
#include "apps/liveops/simulate/to_file.hpp"
#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::apps {

namespace {

struct SimulateFlags {
  std::string gateway = "http://127.0.0.1:8080";
  std::string fairness = "http://127.0.0.1:8081";
  std::string leaderboard = "http://127.0.0.1:8082";
  std::string progression = "http://127.0.0.1:8083";
  std::uint32_t players = 1000;
  double cheaters = 0.02;
  double rate = 0;
  double duration_s = 10;
  std::uint64_t events = 0;
  std::size_t batch = 1;
  int connections = 16;
  std::uint64_t seed = 1;
  std::string run_id;
  std::string rules_file;
  std::string params_file;
  std::string out_file;
  std::string labels_file;
  double days = 10;
  std::string start = "2026-01-05T00:00:00Z";
  CredentialFlags credentials;
};

/// The board that sums XP over all events that bring any; empty when the rules have none.
std::string xp_board(const core::GameRules& rules) {
  for (const auto& board : rules.boards) {
    if (board.op == core::BoardOperator::sum && board.source == "xp" && board.events.size() >= 2 && !board.boss_id) {
      return board.id.str();
    }
  }
  return {};
}

/// Redraws one line on a terminal every quarter of a second; says nothing elsewhere.
boost::asio::awaitable<void> show_progress(boost::asio::steady_timer& timer, const Tally& tally, double duration_s,
                                           const bool& over) {
  constexpr int kWidth = 30;
  const auto started = std::chrono::steady_clock::now();
  std::uint64_t before = 0;
  while (!over) {
    timer.expires_after(std::chrono::milliseconds(250));
    boost::system::error_code cancelled;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const int filled = std::min(kWidth, static_cast<int>(kWidth * seconds / duration_s));
    const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                            std::string(static_cast<std::size_t>(kWidth - filled), '.');
    std::fprintf(stderr, "\r[%s] %5.1f s  %9llu sent  %8llu/s ", bar.c_str(), seconds,
                 static_cast<unsigned long long>(tally.sent()),
                 static_cast<unsigned long long>((tally.sent() - before) * 4));
    before = tally.sent();
  }
  std::fprintf(stderr, "\n");
}

boost::asio::awaitable<void> send_all(boost::asio::io_context& io, Sender& sender, const Tally& tally,
                                      double duration_s) {
  bool over = false;
  boost::asio::steady_timer timer(io);
  if (isatty(STDERR_FILENO) == 0) {
    co_await sender.run();
    co_return;
  }
  auto progress = boost::asio::co_spawn(io, show_progress(timer, tally, duration_s, over), boost::asio::use_awaitable);
  boost::asio::co_spawn(io, std::move(progress), boost::asio::detached);
  co_await sender.run();
  over = true;
  timer.cancel();
}

void print_row(const std::string& name, const std::string& value) {
  std::printf("  %-34s %s\n", name.c_str(), value.c_str());
}

std::string milliseconds(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f ms", seconds * 1000);
  return text.data();
}

void print_tally(Tally& tally, double seconds) {
  std::printf("\n");
  print_row("sent", std::to_string(tally.sent()) + " events, " +
                        std::to_string(static_cast<std::uint64_t>(static_cast<double>(tally.sent()) / seconds)) + "/s");
  print_row("accepted", std::to_string(tally.accepted()));
  if (tally.duplicates() > 0) print_row("duplicates of lost answers", std::to_string(tally.duplicates()));
  for (const auto& [reason, count] : tally.refusals()) print_row("refused: " + reason, std::to_string(count));
  if (tally.unanswered() > 0) print_row("without an answer", std::to_string(tally.unanswered()));
  for (const double quantile : {0.5, 0.95, 0.99}) {
    print_row("latency p" + std::to_string(static_cast<int>(quantile * 100)), milliseconds(tally.latency(quantile)));
  }
}

bool adds_up(const Tally& tally) {
  return tally.sent() == tally.accepted() + tally.duplicates() + tally.refused() + tally.unanswered();
}

void print_books(const Books& books, bool counts_add_up) {
  print_row("XP promised", std::to_string(books.promised_xp) + " to " + std::to_string(books.players) + " players");
  print_row("XP at progression", std::to_string(books.progression_xp));
  if (!books.board.empty()) {
    print_row("XP at the leaderboard (" + books.board + ")", std::to_string(books.leaderboard_xp) + ", " +
                                                                 std::to_string(books.hidden_players) +
                                                                 " blocked players not ranked");
  }
  print_row("players whose sums are wrong", std::to_string(books.wrong_players));
  print_row("books", books.balance() && counts_add_up ? "balance" : "DO NOT BALANCE");
}

struct Servers {
  adapters::http_client::Url gateway, fairness, leaderboard, progression;
};

core::Result<Servers> parse_urls(const SimulateFlags& flags) {
  Servers out;
  for (const auto& [text, url] : {std::pair{&flags.gateway, &out.gateway},
                                  {&flags.fairness, &out.fairness},
                                  {&flags.leaderboard, &out.leaderboard},
                                  {&flags.progression, &out.progression}}) {
    auto parsed = adapters::http_client::Url::parse(*text);
    if (!parsed) return std::unexpected(parsed.error());
    *url = std::move(*parsed);
  }
  return out;
}

core::Result<simulation::Parameters> load_parameters(const SimulateFlags& flags) {
  if (flags.params_file.empty()) return simulation::Parameters();
  return adapters::config::load_simulation(flags.params_file);
}

int run_simulation(const SimulateFlags& flags, const Servers& servers, const Credentials& credentials,
                   const core::GameRules& rules, const simulation::Parameters& parameters) {
  std::string run_id = flags.run_id;
  if (run_id.empty()) run_id = "s" + core::crypto::to_hex(core::crypto::random_bytes(4));
  Traffic traffic({.seed = flags.seed,
                   .players = flags.players,
                   .cheater_share = flags.cheaters,
                   .run_id = run_id,
                   .parameters = parameters},
                  rules);
  Tally tally;
  boost::asio::io_context io;
  Sender sender(io,
                {.gateway = servers.gateway,
                 .key = credentials.key,
                 .connections = flags.connections,
                 .batch = flags.batch,
                 .rate = flags.rate,
                 .duration = std::chrono::milliseconds(static_cast<std::int64_t>(flags.duration_s * 1000)),
                 .max_events = flags.events},
                traffic, tally);
  const auto started = std::chrono::steady_clock::now();
  run_here(io, send_all(io, sender, tally, flags.duration_s));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  print_tally(tally, seconds);
  BookKeeper keeper(io,
                    {.progression = servers.progression,
                     .leaderboard = servers.leaderboard,
                     .fairness = servers.fairness,
                     .api_token = credentials.settings.api_token,
                     .admin_token = credentials.settings.admin_token,
                     .xp_board = xp_board(rules)},
                    traffic, tally);
  const auto books = run_here(io, keeper.compare());
  if (!books) return complain(books.error(), exit_failed);
  print_books(*books, adds_up(tally));
  return books->balance() && adds_up(tally) && tally.unanswered() == 0 ? exit_ok : exit_failed;
}

int write_simulation(const SimulateFlags& flags, const simulation::Parameters& parameters) {
  const auto start = core::parse_rfc3339(flags.start);
  if (!start) return complain({core::Errc::invalid_argument, "--start: " + start.error().message}, exit_usage);
  const std::string run_id = flags.run_id.empty() ? "sim" : flags.run_id;
  constexpr std::size_t kLongestRunId = 40;
  if (!core::is_valid_name(run_id) || run_id.size() > kLongestRunId) {
    return complain({core::Errc::invalid_argument, "--run-id: must be 1-40 characters of [A-Za-z0-9._:-]"}, exit_usage);
  }
  const auto events = simulate_to_file(
      {.events = flags.out_file, .labels = flags.labels_file, .run_id = run_id, .start = *start}, parameters,
      {.seed = flags.seed, .players = flags.players, .cheater_share = flags.cheaters, .days = flags.days});
  if (!events) return complain(events.error(), exit_failed);
  std::fprintf(stderr, "%llu events of %u players in %g days\n", static_cast<unsigned long long>(*events),
               flags.players, flags.days);
  return exit_ok;
}

int simulate(const SimulateFlags& flags) {
  const auto parameters = load_parameters(flags);
  if (!parameters) return complain(parameters.error(), exit_usage);
  if (!flags.out_file.empty()) return write_simulation(flags, *parameters);
  const auto servers = parse_urls(flags);
  if (!servers) return complain(servers.error(), exit_usage);
  const auto credentials = find_credentials(flags.credentials);
  if (!credentials) return complain(credentials.error(), exit_usage);
  const auto rules = adapters::config::load_rules_or_default(flags.rules_file);
  if (!rules) return complain(rules.error(), exit_usage);
  return run_simulation(flags, *servers, *credentials, *rules, *parameters);
}

}  // namespace

void add_simulate(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand(
      "simulate", "Players and cheaters: against a running server, then compares the books; or into a file");
  auto flags = std::make_shared<SimulateFlags>();
  command->add_option("--gateway", flags->gateway)->envname("GATEWAY_URL")->capture_default_str();
  command->add_option("--fairness", flags->fairness)->envname("FAIRNESS_URL")->capture_default_str();
  command->add_option("--leaderboard", flags->leaderboard)->envname("LEADERBOARD_URL")->capture_default_str();
  command->add_option("--progression", flags->progression)->envname("PROGRESSION_URL")->capture_default_str();
  command->add_option("--players", flags->players)->check(CLI::Range(1, 10'000'000))->capture_default_str();
  command->add_option("--cheaters", flags->cheaters, "Share of the players, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--rate", flags->rate, "Events a second; 0: as fast as it goes")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--duration", flags->duration_s, "Seconds")->check(CLI::PositiveNumber)->capture_default_str();
  command->add_option("--events", flags->events, "End after so many events; 0: no bound")->capture_default_str();
  command->add_option("--batch", flags->batch, "Events a request")->check(CLI::Range(1, 1000))->capture_default_str();
  command->add_option("--connections", flags->connections)->check(CLI::Range(1, 1000))->capture_default_str();
  command->add_option("--seed", flags->seed, "The same seed gives the same events")->capture_default_str();
  command->add_option("--run-id", flags->run_id, "Part of every player id and key; a random one when not given");
  command->add_option("--rules", flags->rules_file, "The rules that the server goes by");
  command->add_option("--params", flags->params_file, "The game that is simulated (config/simulation.toml)");
  auto* out = command->add_option("--out", flags->out_file,
                                  "Write the events here (NDJSON; gzip if it ends in .gz; -: stdout), send nothing");
  command->add_option("--labels", flags->labels_file, "With --out: who cheats, how and since when (CSV)")->needs(out);
  command->add_option("--days", flags->days, "With --out: simulated days")
      ->check(CLI::Range(0.01, 3650.0))
      ->capture_default_str();
  command->add_option("--start", flags->start, "With --out: when they begin")->capture_default_str();
  add_credential_flags(*command, flags->credentials);
  command->callback([flags, &run] { run = [flags] { return simulate(*flags); }; });
}

}  // namespace liveops::apps
