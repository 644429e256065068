#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "ports/route.hpp"

namespace liveops::adapters::http {

/// Every route under one path template.
struct PathEntry {
  std::string path_template;
  std::vector<ports::Route> routes;
  std::string allow;  // value of the Allow header: methods as given, HEAD beside GET, OPTIONS
  std::size_t index = 0;

  /// The route for `method` (HEAD finds GET); null when there is none.
  [[nodiscard]] const ports::Route* find(std::string_view method) const;
};

/// Finds the path entry for a request path.
///
/// Templates are literal segments and whole-segment {placeholders}. A path without placeholders wins over one with;
/// among those with, the one whose literal segments come first.
///
/// Threads: any (const).
class RouteTable {
 public:
  /// Throws std::invalid_argument for a bug in the routes: a template that does not begin with '/', a broken
  /// placeholder, the same method and path twice.
  explicit RouteTable(std::vector<ports::Route> routes);

  struct Found {
    const PathEntry* entry = nullptr;
    bool bad_escape = false;  // the path fits a template, but for a broken percent escape
  };

  /// The entry for `path`, the decoded placeholder values in `params` (overwritten).
  [[nodiscard]] Found find(std::string_view path, std::vector<std::string>& params) const;

  [[nodiscard]] const std::vector<std::unique_ptr<PathEntry>>& entries() const { return entries_; }

 private:
  struct Pattern {
    const PathEntry* entry;
    std::vector<std::string> segments;  // empty: placeholder
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  PathEntry& entry_for(const std::string& path_template);
  void index_entry(const PathEntry& entry);

  std::vector<std::unique_ptr<PathEntry>> entries_;
  std::unordered_map<std::string, const PathEntry*, Hash, std::equal_to<>> literal_;
  std::vector<Pattern> patterns_;
};

}  // namespace liveops::adapters::http
