#include "adapters/aws/signature.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::adapters::aws {

namespace crypto = core::crypto;

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// Without space at the ends, and runs of it as one.
std::string collapse(std::string_view value) {
  std::string result;
  for (const char c : value) {
    if (c != ' ' || (!result.empty() && result.back() != ' ')) result += c;
  }
  if (result.ends_with(' ')) result.pop_back();
  return result;
}

std::string hash(std::string_view data) {
  return crypto::to_hex(crypto::as_bytes(crypto::sha256(data)));
}

std::string mac(std::string_view key, std::string_view data) {
  return std::string(crypto::as_bytes(crypto::hmac_sha256(key, data)));
}

/// "20260102T030405Z"
std::string basic_time(core::Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string names_of(const HttpHeaders& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names.append(names.empty() ? "" : ";").append(name);
  return names;
}

}  // namespace

std::string host_header(std::string_view url) {
  const auto scheme = url.substr(0, url.find("://"));
  auto host = url.substr(scheme.size() + 3);
  host = host.substr(0, host.find_first_of("/?"));
  const std::string_view own_port = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(own_port)) host.remove_suffix(own_port.size());
  return lower(host);
}

std::string canonical_request(std::string_view method, const HttpHeaders& headers, std::string_view body) {
  std::string text(method);
  text.append("\n/\n\n");
  for (const auto& [name, value] : headers) text.append(name).append(":").append(collapse(value)).append("\n");
  return text.append("\n").append(names_of(headers)).append("\n").append(hash(body));
}

void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope, core::Timestamp now) {
  const auto time = basic_time(now);
  request.headers.emplace_back("X-Amz-Date", time);
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }
  HttpHeaders signed_headers{{"host", host_header(request.url)}};
  for (const auto& [name, value] : request.headers) signed_headers.emplace_back(lower(name), value);
  std::ranges::sort(signed_headers);

  const auto day = time.substr(0, 8);
  const auto place = day + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const auto to_sign = std::string(kAlgorithm) + "\n" + time + "\n" + place + "\n" +
                       hash(canonical_request(request.method, signed_headers, request.body));
  const auto key =
      mac(mac(mac(mac("AWS4" + credentials.secret_access_key, day), scope.region), scope.service), "aws4_request");
  request.headers.emplace_back("Authorization", std::string(kAlgorithm) + " Credential=" + credentials.access_key_id +
                                                    "/" + place + ", SignedHeaders=" + names_of(signed_headers) +
                                                    ", Signature=" + crypto::to_hex(mac(key, to_sign)));
}

}  // namespace liveops::adapters::aws
