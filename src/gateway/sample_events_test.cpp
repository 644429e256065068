#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "gateway/test_gateway.hpp"

/// Holds sample_events/ to the tables of its README.
namespace liveops::gateway {
namespace {

namespace fs = std::filesystem;
using test::Harness;

const fs::path kFolder = LIVEOPS_SAMPLE_EVENTS;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One row of the README: file, status, problem, pointer.
struct Row {
  std::string file;
  int status = 0;
  std::string problem;
  std::string pointer;
};

std::string unquoted(std::string cell) {
  std::erase_if(cell, [](char c) { return c == '`' || c == ' '; });
  return cell;
}

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::istringstream readme(read(kFolder / "README.md"));
  for (std::string line; std::getline(readme, line);) {
    if (!line.starts_with("| `")) continue;
    std::vector<std::string> cells;
    std::istringstream cut(line.substr(1));
    for (std::string cell; std::getline(cut, cell, '|');) cells.push_back(unquoted(cell));
    Row row{.file = cells.at(0), .status = std::stoi(cells.at(1))};
    if (row.file.starts_with("broken/")) {
      row.problem = cells.at(2);
      row.pointer = cells.at(3);
    }
    rows.push_back(row);
  }
  return rows;
}

/// As the router and `liveops send` treat a file.
core::http::Response send(Harness& harness, const Row& row) {
  const auto body = read(kFolder / row.file);
  const bool lines = row.file.ends_with(".ndjson");
  if (lines || body.starts_with('[')) {
    return harness.send_batch(body, lines ? "application/x-ndjson" : "application/json");
  }
  return harness.send_event(body, row.file);
}

/// Fairness as in the shipped rules: more than 5000 xp in one event is impossible.
void keep_bounds(Harness& harness) {
  harness.fairness.verdict = [](const core::Event& event) {
    const auto* progression = std::get_if<core::Progression>(&event.payload);
    const bool impossible = progression != nullptr && progression->xp > 5000;
    return core::Verdict{.action = impossible ? core::VerdictAction::block : core::VerdictAction::allow};
  };
}

TEST(SampleEvents, AreAnsweredAsTheirReadmeSays) {
  ASSERT_GT(rows().size(), 25U);
  for (const Row& row : rows()) {
    Harness harness;
    keep_bounds(harness);
    const auto response = send(harness, row);
    EXPECT_EQ(response.status, row.status) << row.file << "\n" << response.body;
    EXPECT_NE(response.body.find(row.problem), std::string::npos) << row.file << "\n" << response.body;
    EXPECT_NE(response.body.find(row.pointer.empty() ? "" : "\"" + row.pointer + "\""), std::string::npos)
        << row.file << "\n"
        << response.body;
    if (row.problem.empty()) {
      EXPECT_EQ(response.body.find(R"("status":"rejected")"), std::string::npos) << row.file << "\n" << response.body;
    }
  }
}

TEST(SampleEvents, AreAllInTheReadme) {
  std::set<std::string> listed;
  for (const Row& row : rows()) listed.insert(row.file);
  for (const auto& entry : fs::recursive_directory_iterator(kFolder)) {
    const auto name = fs::relative(entry.path(), kFolder).generic_string();
    if (entry.is_regular_file() && name != "README.md") {
      EXPECT_TRUE(listed.contains(name)) << name;
    }
  }
}

}  // namespace
}  // namespace liveops::gateway
