#include "adapters/http/route_table.hpp"

#include <algorithm>
#include <stdexcept>

namespace liveops::adapters::http {
namespace {

/// Cuts the next segment off `path` (which begins with '/').
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// The literal text of a template's segment; empty for a placeholder.
std::string literal_of(std::string_view segment, const std::string& path_template) {
  const bool opens = segment.starts_with('{');
  if (opens && segment.size() > 2 && segment.find('}') == segment.size() - 1) return {};
  if (segment.empty() || segment.find_first_of("{}") != std::string_view::npos) {
    throw std::invalid_argument("route template is broken: " + path_template);
  }
  return std::string(segment);
}

/// Collects the placeholder values when `path` has the pattern's form.
bool matches(const std::vector<std::string>& segments, std::string_view path,
             std::vector<std::string_view>& raw_values) {
  raw_values.clear();
  for (const std::string& literal : segments) {
    if (path.empty()) return false;
    const auto segment = next_segment(path);
    if (segment.empty()) return false;
    if (literal.empty()) {
      raw_values.push_back(segment);
    } else if (literal != segment) {
      return false;
    }
  }
  return path.empty();
}

std::string allow_of(const std::vector<ports::Route>& routes) {
  std::string allow;
  for (const auto& route : routes) allow += route.method == "GET" ? "GET, HEAD, " : route.method + ", ";
  return allow + "OPTIONS";
}

}  // namespace

const ports::Route* PathEntry::find(std::string_view method) const {
  const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
  const auto at = std::ranges::find(routes, wanted, &ports::Route::method);
  return at == routes.end() ? nullptr : &*at;
}

RouteTable::RouteTable(std::vector<ports::Route> routes) {
  for (auto& route : routes) {
    PathEntry& entry = entry_for(route.path);
    if (entry.find(route.method) != nullptr) {
      throw std::invalid_argument("route given twice: " + route.method + " " + route.path);
    }
    entry.routes.push_back(std::move(route));
  }
  for (const auto& entry : entries_) {
    entry->allow = allow_of(entry->routes);
    index_entry(*entry);
  }
  // Where placeholders stand is what orders patterns: false (literal) before true.
  std::ranges::sort(patterns_, [](const Pattern& a, const Pattern& b) {
    return std::ranges::lexicographical_compare(a.segments, b.segments, {}, &std::string::empty, &std::string::empty);
  });
}

PathEntry& RouteTable::entry_for(const std::string& path_template) {
  const auto at = std::ranges::find(entries_, path_template, [](const auto& entry) { return entry->path_template; });
  if (at != entries_.end()) return **at;
  if (!path_template.starts_with('/'))
    throw std::invalid_argument("route template must begin with /: " + path_template);
  auto entry = std::make_unique<PathEntry>();
  entry->path_template = path_template;
  entry->index = entries_.size();
  return *entries_.emplace_back(std::move(entry));
}

void RouteTable::index_entry(const PathEntry& entry) {
  if (entry.path_template.find_first_of("{}") == std::string::npos) {
    literal_.emplace(entry.path_template, &entry);
    return;
  }
  Pattern pattern{&entry, {}};
  for (std::string_view rest = entry.path_template; !rest.empty();) {
    pattern.segments.push_back(literal_of(next_segment(rest), entry.path_template));
  }
  patterns_.push_back(std::move(pattern));
}

RouteTable::Found RouteTable::find(std::string_view path, std::vector<std::string>& params) const {
  params.clear();
  if (const auto at = literal_.find(path); at != literal_.end()) return {at->second};
  if (!path.starts_with('/')) return {};
  std::vector<std::string_view> raw_values;
  for (const Pattern& pattern : patterns_) {
    if (!matches(pattern.segments, path, raw_values)) continue;
    for (const auto raw : raw_values) {
      auto value = core::http::percent_decode(raw);
      if (!value) return {pattern.entry, true};
      params.push_back(std::move(*value));
    }
    return {pattern.entry};
  }
  return {};
}

}  // namespace liveops::adapters::http
