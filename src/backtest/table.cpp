#include "backtest/table.hpp"

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <string>

namespace liveops::backtest {
namespace {

namespace json = boost::json;

constexpr std::array kActions{Level::review, Level::flag, Level::throttle, Level::quarantine, Level::block};

template <class... Values>
std::string text(const char* format, Values... values) {
  std::array<char, 256> line{};
  std::snprintf(line.data(), line.size(), format, values...);  // NOLINT
  return line.data();
}

std::string delay(double value) {
  if (std::isinf(value)) return "never";
  if (value >= 86'400) return text("%.0f", value);
  return text(value < 10 && value != std::floor(value) ? "%.1f" : "%.0f", value);
}

std::string share(double part, double whole) {
  return whole > 0 ? text("%.3g", part / whole) : "-";
}

const LevelResult& at(const KindResult& kind, Level level) {
  return kind.levels[static_cast<std::size_t>(level)];
}

void print_head(std::ostream& out, const Result& result) {
  out << text("%llu players, %llu events, %llu refused\n", static_cast<unsigned long long>(result.players),
              static_cast<unsigned long long>(result.events), static_cast<unsigned long long>(result.refused));
  if (!result.labelled) return;
  out << text(
      "%llu cheaters, %llu honest player-days, honest events refused: %llu of %llu (%s), illicit score leaked: %.4f\n",
      static_cast<unsigned long long>(result.all.cheaters), static_cast<unsigned long long>(result.honest_player_days),
      static_cast<unsigned long long>(result.honest_refused), static_cast<unsigned long long>(result.honest_events),
      share(static_cast<double>(result.honest_refused), static_cast<double>(result.honest_events)).c_str(),
      result.all.leaked);
}

void print_actions(std::ostream& out, const Result& result) {
  out << text("\n%-11s %8s %7s %9s %11s %10s  %-17s %-21s %s\n", "action", "players", "recall", "precision",
              "false/p-day", "95% bound", "delay, events", "delay, seconds", "leaked before");
  for (const Level level : kActions) {
    const LevelResult& found = at(result.all, level);
    out << text("%-11s %8llu %7.3f %9.3f %11.2e %10.2e  %8s %8s %10s %10s %8.4f\n",
                std::string(to_string(level)).c_str(),
                static_cast<unsigned long long>(result.players_acted_on[static_cast<std::size_t>(level)]),
                result.recall(level), result.precision(level), result.false_per_player_day(level),
                result.false_bound(level), delay(found.events.median).c_str(), delay(found.events.p95).c_str(),
                delay(found.seconds.median).c_str(), delay(found.seconds.p95).c_str(), found.leaked_before);
  }
}

void print_kinds(std::ostream& out, const Result& result) {
  out << text("\n%-17s %8s %7s %7s %9s %11s %7s  %-17s %-21s %s\n", "kind", "cheaters", "review", "flag", "throttle",
              "quarantine", "block", "flag: events", "flag: seconds", "leaked");
  for (const auto& [name, kind] : result.kinds) {
    const auto n = static_cast<double>(kind.cheaters);
    const auto recall = [&](Level level) { return static_cast<double>(at(kind, level).found) / n; };
    const LevelResult& flag = at(kind, Level::flag);
    out << text("%-17s %8llu %7.3f %7.3f %9.3f %11.3f %7.3f  %8s %8s %10s %10s %7.4f\n", name.c_str(),
                static_cast<unsigned long long>(kind.cheaters), recall(Level::review), recall(Level::flag),
                recall(Level::throttle), recall(Level::quarantine), recall(Level::block),
                delay(flag.events.median).c_str(), delay(flag.events.p95).c_str(), delay(flag.seconds.median).c_str(),
                delay(flag.seconds.p95).c_str(), kind.leaked);
  }
}

void print_rules(std::ostream& out, const Result& result) {
  out << text("\n%-17s %16s %16s\n", "rule", result.labelled ? "cheaters" : "",
              result.labelled ? "honest players" : "players");
  for (const auto& [name, rule] : result.rules) {
    out << text("%-17s %16s %16llu\n", name.c_str(), result.labelled ? std::to_string(rule.cheaters).c_str() : "",
                static_cast<unsigned long long>(rule.honest));
  }
}

void print_unlabelled(std::ostream& out, const Result& result) {
  out << text("\n%-11s %8s\n", "action", "players");
  for (const Level level : kActions) {
    out << text("%-11s %8llu\n", std::string(to_string(level)).c_str(),
                static_cast<unsigned long long>(result.players_acted_on[static_cast<std::size_t>(level)]));
  }
}

json::value finite(double value) {
  return std::isfinite(value) ? json::value(value) : json::value(nullptr);
}

json::object json_of(const KindResult& kind) {
  json::object levels;
  for (const Level level : kActions) {
    const LevelResult& found = at(kind, level);
    levels[to_string(level)] = {{"found", found.found},
                                {"delay_events", {finite(found.events.median), finite(found.events.p95)}},
                                {"delay_seconds", {finite(found.seconds.median), finite(found.seconds.p95)}},
                                {"leaked_before", found.leaked_before}};
  }
  return {
      {"cheaters", kind.cheaters}, {"illicit_score", kind.illicit_score}, {"leaked", kind.leaked}, {"levels", levels}};
}

}  // namespace

void print(std::ostream& out, const Result& result) {
  print_head(out, result);
  if (result.labelled) {
    print_actions(out, result);
    print_kinds(out, result);
  } else {
    print_unlabelled(out, result);
  }
  print_rules(out, result);
}

json::object to_json(const Result& result) {
  json::object actions;
  for (const Level level : kActions) {
    const FalseResult& wrong = result.false_actions[static_cast<std::size_t>(level)];
    actions[to_string(level)] = {{"players", result.players_acted_on[static_cast<std::size_t>(level)]},
                                 {"recall", result.recall(level)},
                                 {"precision", result.precision(level)},
                                 {"false_players", wrong.players},
                                 {"false_player_days", wrong.player_days},
                                 {"false_per_player_day", result.false_per_player_day(level)},
                                 {"false_bound_95", finite(result.false_bound(level))}};
  }
  json::object kinds;
  for (const auto& [name, kind] : result.kinds) kinds[name] = json_of(kind);
  json::object rules;
  for (const auto& [name, rule] : result.rules) rules[name] = {{"cheaters", rule.cheaters}, {"honest", rule.honest}};
  return {{"players", result.players},
          {"events", result.events},
          {"refused", result.refused},
          {"labelled", result.labelled},
          {"honest_events", result.honest_events},
          {"honest_refused", result.honest_refused},
          {"honest_player_days", result.honest_player_days},
          {"actions", actions},
          {"all", json_of(result.all)},
          {"kinds", kinds},
          {"rules", rules}};
}

}  // namespace liveops::backtest
