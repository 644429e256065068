#include "core/http/problem.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <random>

namespace liveops::core::http {
namespace {

/// How each Errc is told to a client; `fallback` stands in for an empty message.
struct Row {
  Errc code;
  int status;
  std::string_view slug;
  std::string_view title;
  std::string_view fallback;
};

constexpr std::array kRows{
    Row{Errc::not_found, 404, "not-found", "Not found", "There is nothing under this address."},
    Row{Errc::conflict, 409, "conflict", "Conflict with the current state", "The current state does not allow this."},
    Row{Errc::invalid_argument, 400, "invalid-request", "Invalid request", "The request cannot be understood."},
    Row{Errc::unauthenticated, 401, "unauthenticated", "Authentication failed", "Credentials are missing or wrong."},
    Row{Errc::forbidden, 403, "forbidden", "Not allowed", "These credentials do not allow this."},
    Row{Errc::rate_limited, 429, "rate-limited", "Too many requests", "Send more slowly."},
    Row{Errc::unavailable, 503, "unavailable", "Temporarily unavailable",
        "Nothing is lost: send the same request again after Retry-After."},
    Row{Errc::timeout, 503, "timeout", "No answer in time",
        "It may have been done all the same: send the same request with the same key again after Retry-After."},
    Row{Errc::corrupt, 500, "internal", "Internal error", ""},
    Row{Errc::internal, 500, "internal", "Internal error", ""},
};
constexpr std::string_view kInternalDetail = "The server failed; its log says why, under this request's id.";
constexpr std::string_view kChallenges = R"(HMAC-SHA256 realm="liveops", Bearer realm="liveops")";

const Row& row_of(Errc code) {
  const auto* row = std::ranges::find(kRows, code, &Row::code);
  return row == kRows.end() ? kRows.back() : *row;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void append_serialized(std::string& out, std::string_view text) {
  boost::json::serializer serializer;
  serializer.reset(boost::json::string_view(text));
  std::array<char, 512> buffer;
  while (!serializer.done()) out.append(std::string_view(serializer.read(buffer.data(), buffer.size())));
}

/// Appends a JSON string. Boost.JSON writes bad UTF-8 as it is but does not read it, which tells the two apart.
void append_string(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  append_serialized(out, text);
  if (is_ascii(text)) return;
  boost::system::error_code broken;
  boost::json::parse(std::string_view(out).substr(start), broken);
  if (!broken) return;
  out.resize(start);
  std::string cleaned(text);
  std::ranges::replace_if(cleaned, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  append_serialized(out, cleaned);
}

void append_faults(std::string& out, const std::vector<Fault>& faults) {
  std::string_view separator = R"(,"errors":[)";
  for (const Fault& fault : faults) {
    out.append(separator).append(R"({"detail":)");
    append_string(out, fault.detail);
    out.append(R"(,"pointer":)");
    append_string(out, fault.pointer);
    out.push_back('}');
    separator = ",";
  }
  out.push_back(']');
}

std::string body_of(const Problem& problem) {
  std::string out = R"({"type":)";
  const bool whole_uri = problem.slug.contains(':');
  append_string(out, whole_uri ? problem.slug : std::string(kProblemBase) + problem.slug);
  out.append(R"(,"title":)");
  append_string(out, problem.title);
  out.append(R"(,"status":)").append(std::to_string(problem.status));
  if (!problem.detail.empty()) {
    out.append(R"(,"detail":)");
    append_string(out, problem.detail);
  }
  if (!problem.faults.empty()) append_faults(out, problem.faults);
  for (const auto& [name, json] : problem.extensions) {
    out.push_back(',');
    append_string(out, name);
    out.append(":").append(json);
  }
  out.push_back('}');
  return out;
}

/// Spreads the clients that were turned away at the same moment.
std::chrono::seconds jittered_delay() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::seconds(std::uniform_int_distribution<int>(1, 3)(random));
}

}  // namespace

Response Problem::response() const {
  Response answer{.status = status, .content_type = "application/problem+json", .body = body_of(*this), .headers = {}};
  if (status == 401) answer.with("WWW-Authenticate", std::string(kChallenges));
  const bool come_back = retry_after || status == 503;
  if (come_back) {
    const std::chrono::seconds delay = retry_after ? *retry_after : jittered_delay();
    answer.with("Retry-After", std::to_string(delay.count()));
  }
  return answer;
}

Problem to_problem(const Error& error) {
  const Row& row = row_of(error.code);
  Problem problem{.status = row.status, .slug = std::string(row.slug), .title = std::string(row.title)};
  if (row.status == 500) {
    problem.detail = kInternalDetail;
  } else {
    problem.detail = error.message.empty() ? std::string(row.fallback) : error.message;
  }
  if (error.code == Errc::rate_limited) problem.retry_after = std::chrono::seconds(1);
  return problem;
}

Problem validation_problem(std::vector<Fault> faults) {
  Problem problem{.status = 400, .slug = "validation", .title = "The request is not valid"};
  problem.detail = faults.size() == 1 ? "There is one fault; see errors."
                                      : "There are " + std::to_string(faults.size()) + " faults; see errors.";
  problem.faults = std::move(faults);
  return problem;
}

}  // namespace liveops::core::http
