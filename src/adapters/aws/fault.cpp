#include "adapters/aws/fault.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>

namespace liveops::adapters::aws {

using core::Errc;

namespace {

constexpr std::array<std::string_view, 14> kThrottling{"Throttling",
                                                       "ThrottlingException",
                                                       "ThrottledException",
                                                       "RequestThrottled",
                                                       "RequestThrottledException",
                                                       "TooManyRequestsException",
                                                       "RequestLimitExceeded",
                                                       "BandwidthLimitExceeded",
                                                       "SlowDown",
                                                       "LimitExceededException",
                                                       "OverLimit",
                                                       "KmsThrottled",
                                                       "KMS.ThrottlingException",
                                                       "EC2ThrottledException"};
constexpr std::array<std::string_view, 3> kTransient{"RequestTimeout", "RequestTimeoutException",
                                                     "PriorRequestNotComplete"};
constexpr std::array<std::string_view, 5> kStale{"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId",
                                                 "UnrecognizedClientException", "InvalidAccessKeyId"};
constexpr std::array<std::string_view, 5> kClock{"RequestExpired", "RequestTimeTooSkewed", "InvalidSignatureException",
                                                 "SignatureDoesNotMatch", "RequestInTheFuture"};

struct Meaning {
  std::string_view code;
  Errc errc;
};
constexpr std::array<Meaning, 17> kMeanings{{
    {"QueueDoesNotExist", Errc::not_found},
    {"NotFound", Errc::not_found},
    {"QueueNameExists", Errc::conflict},
    {"QueueDeletedRecently", Errc::unavailable},
    {"AccessDenied", Errc::forbidden},
    {"AccessDeniedException", Errc::forbidden},
    {"AuthorizationError", Errc::forbidden},
    {"KmsAccessDenied", Errc::forbidden},
    {"MissingAuthenticationToken", Errc::unauthenticated},
    {"IncompleteSignature", Errc::unauthenticated},
    {"SignatureDoesNotMatch", Errc::unauthenticated},
    {"InvalidSignatureException", Errc::unauthenticated},
    {"RequestExpired", Errc::unauthenticated},
    {"ExpiredToken", Errc::unauthenticated},
    {"ExpiredTokenException", Errc::unauthenticated},
    {"InvalidClientTokenId", Errc::unauthenticated},
    {"UnrecognizedClientException", Errc::unauthenticated},
}};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view code) {
  return std::ranges::find(list, code) != list.end();
}

constexpr int kServerError = 500;
constexpr int kTooMany = 429;
constexpr int kForbidden = 403;
constexpr std::size_t kShownBytes = 200;

std::string string_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

void read_json(const boost::json::object& object, Fault& fault) {
  const auto type = string_of(object, "__type");
  const auto hash = type.find('#');
  fault.code = hash == std::string::npos ? type : type.substr(hash + 1);
  fault.message = string_of(object, "message");
  if (fault.message.empty()) fault.message = string_of(object, "Message");
}

}  // namespace

std::string xml_text(std::string_view xml, std::string_view name) {
  const auto open = "<" + std::string(name) + ">";
  const auto begin = xml.find(open);
  if (begin == std::string_view::npos) return {};
  const auto from = begin + open.size();
  const auto end = xml.find("</", from);
  std::string text(xml.substr(from, end == std::string_view::npos ? 0 : end - from));
  for (const auto& [entity, sign] : {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""},
                                     std::pair{"&apos;", "'"}, std::pair{"&amp;", "&"}}) {
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
      text.replace(at, std::string_view(entity).size(), sign);
    }
  }
  return text;
}

Fault parse_fault(const HttpAnswer& answer) {
  Fault fault{.code = {}, .message = {}, .status = answer.status, .retry_after = {}};
  boost::system::error_code broken;
  const auto json = boost::json::parse(answer.body, broken);
  if (!broken && json.is_object()) {
    read_json(json.get_object(), fault);
  } else {
    fault.code = xml_text(answer.body, "Code");
    fault.message = xml_text(answer.body, "Message");
  }
  if (fault.code.empty()) fault.code = "HTTP " + std::to_string(answer.status);
  if (fault.message.empty()) fault.message = answer.body.substr(0, kShownBytes);
  if (const auto found = answer.headers.find("x-amz-retry-after"); found != answer.headers.end()) {
    std::int64_t milliseconds = 0;
    const auto& text = found->second;
    if (std::from_chars(text.data(), text.data() + text.size(), milliseconds).ec == std::errc() && milliseconds >= 0) {
      fault.retry_after = std::chrono::milliseconds(milliseconds);
    }
  }
  return fault;
}

bool Fault::is_throttling() const {
  return status == kTooMany || contains(kThrottling, code);
}

bool Fault::is_transient() const {
  return status >= kServerError || is_throttling() || contains(kTransient, code);
}

bool Fault::is_stale_credentials() const {
  return contains(kStale, code);
}

bool Fault::is_wrong_clock() const {
  return contains(kClock, code);
}

core::Error to_error(const Fault& fault) {
  auto errc = fault.status == kForbidden ? Errc::forbidden : Errc::invalid_argument;
  if (fault.is_transient()) errc = fault.is_throttling() ? Errc::rate_limited : Errc::unavailable;
  const auto* known = std::ranges::find(kMeanings, fault.code, &Meaning::code);
  if (known != kMeanings.end()) errc = known->errc;
  return {.code = errc, .message = "AWS says " + fault.code, .detail = fault.message};
}

}  // namespace liveops::adapters::aws
