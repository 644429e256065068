#include "apps/liveops/audit/print.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <iomanip>
#include <ostream>
#include <string>
#include <vector>

namespace liveops::apps {

namespace json = boost::json;
using audit::Report;

namespace {

constexpr int kLabelChars = 28;
constexpr int kNumberChars = 12;

void row(std::ostream& out, const char* label, std::uint64_t number, const std::string& note = {}) {
  out << std::left << std::setw(kLabelChars) << label << std::right << std::setw(kNumberChars) << number;
  if (!note.empty()) out << "  " << note;
  out << "\n";
}

/// A row for what is nothing to worry about, where there is any.
void note(std::ostream& out, const char* label, std::uint64_t number, const char* why) {
  if (number > 0) row(out, label, number, why);
}

std::vector<std::string> left_out(const Report& report) {
  std::vector<std::string> parts;
  const auto add = [&](std::uint64_t tables, const char* why) {
    if (tables > 0) parts.push_back(std::to_string(tables) + (tables == 1 ? " table " : " tables ") + why);
  };
  add(report.sealed_tables, "sealed (a signed snapshot holds the rows)");
  add(report.tables_being_sealed, "being sealed");
  add(report.unruled_tables, "of a board or period that the rules do not know");
  add(report.unopened_tables, "of a period that has not begun: its ranks");
  if (!report.ranks_compared) parts.emplace_back("the ranks as shown (--offline)");
  return parts;
}

json::object notes_json(const audit::StandingsNotes& notes) {
  return {{"late", notes.late},
          {"moved", notes.moved},
          {"clamped", notes.clamped},
          {"in_sealed_periods", notes.in_sealed},
          {"after_sealing", notes.after_sealing}};
}

json::array differences_json(const audit::Differences& differences) {
  json::array list;
  for (const auto& one : differences.first()) {
    list.push_back(json::object{{"what", one.what},
                                {"player_id", one.player},
                                {"where", one.where},
                                {"expected", one.expected},
                                {"found", one.found}});
  }
  return list;
}

}  // namespace

void print_text(std::ostream& out, const Report& report) {
  const auto& differences = report.differences;
  for (const auto& difference : differences.first()) out << difference << "\n";
  const auto hidden = differences.count() - differences.first().size();
  if (hidden > 0) out << "and " << hidden << " more (--max-differences)\n";
  row(out, "events in the ledger", report.events);
  row(out, "players", report.players);
  row(out, "drops granted", report.drops);
  row(out, "standings", report.standings, "in " + std::to_string(report.tables) + " open tables");
  note(out, "  of blocked players", report.hidden_standings, "not shown");
  if (report.ranks_compared) row(out, "places on the leaderboard", report.members);
  note(out, "late, counted nowhere", report.notes.late, "contributions, by the late rule");
  note(out, "late, counted on receipt", report.notes.moved, "contributions, by the late rule");
  note(out, "scores above the maximum", report.notes.clamped, "counted as the maximum");
  note(out, "to sealed periods", report.notes.in_sealed, "contributions, not compared");
  note(out, "after a period was sealed", report.notes.after_sealing, "standings, explained by what came after it");
  for (const auto& part : left_out(report)) out << "not compared: " << part << "\n";
  const std::string count =
      std::to_string(differences.count()) + (differences.count() == 1 ? " difference" : " differences");
  const std::string verdict = differences.count() == 0 ? "balance" : count;
  out << std::left << std::setw(kLabelChars) << "books" << std::right << std::setw(kNumberChars) << verdict << "\n";
}

void print_json(std::ostream& out, const Report& report) {
  json::array not_compared;
  for (const auto& part : left_out(report)) not_compared.emplace_back(part);
  const json::object body{{"balanced", report.differences.count() == 0},
                          {"events", report.events},
                          {"players", report.players},
                          {"drops_granted", report.drops},
                          {"open_tables", report.tables},
                          {"sealed_tables", report.sealed_tables},
                          {"standings", report.standings},
                          {"hidden_standings", report.hidden_standings},
                          {"ranks_compared", report.ranks_compared},
                          {"places", report.members},
                          {"contributions", notes_json(report.notes)},
                          {"not_compared", std::move(not_compared)},
                          {"differences", report.differences.count()},
                          {"first_differences", differences_json(report.differences)}};
  out << json::serialize(body) << "\n";
}

}  // namespace liveops::apps
