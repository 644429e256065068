#include "adapters/http/refusals.hpp"

#include <array>
#include <chrono>
#include <random>

#include "core/http/problem.hpp"

namespace liveops::adapters::http::refusals {
namespace {

using namespace std::chrono_literals;

std::string title_of(int status) {
  switch (status) {
    case 408:
      return "Request timeout";
    case 417:
      return "Expectation failed";
    case 431:
      return "Request header fields too large";
    case 501:
      return "Not implemented";
    case 505:
      return "HTTP version not supported";
    default:
      return "Malformed request";
  }
}

std::string slug_of(int status) {
  switch (status) {
    case 408:
      return "request-timeout";
    case 417:
      return "expectation-failed";
    case 431:
      return "headers-too-large";
    case 501:
      return "not-implemented";
    case 505:
      return "http-version";
    default:
      return "malformed-request";
  }
}

core::http::Response reduced_capacity(std::chrono::seconds retry_after) {
  core::http::Problem problem{.status = 503,
                              .slug = "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity",
                              .title = "Temporary Reduced Capacity"};
  problem.detail = "Too many requests are in flight; send the same request again after Retry-After.";
  problem.retry_after = retry_after;
  return problem.response();
}

}  // namespace

core::http::Response unknown_path(std::string_view path, const std::string& route_list) {
  core::http::Problem problem{.status = 404, .slug = "not-found", .title = "Not found"};
  problem.detail = "There is no route " + std::string(path) + "; see routes for those that exist.";
  problem.extensions.emplace_back("routes", route_list);
  return problem.response();
}

core::http::Response bad_escape(std::string_view path) {
  core::http::Problem problem{.status = 400, .slug = "invalid-request", .title = "Invalid request"};
  problem.detail = "The path " + std::string(path) + " has a broken percent escape; write %XX with two hex digits.";
  return problem.response();
}

core::http::Response method_not_allowed(std::string_view method, const std::string& allow) {
  core::http::Problem problem{.status = 405, .slug = "method-not-allowed", .title = "Method not allowed"};
  problem.detail = "This route does not take " + std::string(method) + "; it takes " + allow + ".";
  return std::move(problem.response().with("Allow", allow));
}

core::http::Response body_too_large(std::size_t max_bytes) {
  core::http::Problem problem{.status = 413, .slug = "body-too-large", .title = "Body too large"};
  problem.detail = max_bytes == 0 ? "This route takes no body."
                                  : "This route takes bodies of at most " + std::to_string(max_bytes) + " bytes.";
  return problem.response();
}

core::http::Response unsupported_media_type(std::string_view given, const std::vector<std::string>& taken) {
  core::http::Problem problem{.status = 415, .slug = "unsupported-media-type", .title = "Unsupported media type"};
  problem.detail = given.empty() ? "There is no Content-Type" : "Content-Type " + std::string(given) + " is not taken";
  std::string_view separator = "; send ";
  for (const auto& type : taken) {
    problem.detail.append(separator).append(type);
    separator = " or ";
  }
  problem.detail += '.';
  return problem.response();
}

core::http::Response at_capacity() {
  // Made once, one for each delay: who is short of time refuses often.
  static const std::array kResponses{reduced_capacity(1s), reduced_capacity(2s), reduced_capacity(3s)};
  thread_local std::minstd_rand random{std::random_device{}()};
  return kResponses[std::uniform_int_distribution<std::size_t>(0, kResponses.size() - 1)(random)];
}

core::http::Response protocol(int status, std::string detail) {
  core::http::Problem problem{.status = status, .slug = slug_of(status), .title = title_of(status)};
  problem.detail = std::move(detail);
  return problem.response();
}

}  // namespace liveops::adapters::http::refusals
