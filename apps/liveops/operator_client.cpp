#include "apps/liveops/operator_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "adapters/http_client/client.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::apps {

namespace {

constexpr int kOk = 200;

}  // namespace

void add_operator_flags(CLI::App& command, OperatorFlags& flags, const char* variable, const char* fallback) {
  const char* set = std::getenv(variable);
  const std::string urls = set != nullptr && *set != '\0' ? set : fallback;
  flags.url = urls.substr(0, urls.find(','));
  command.add_option("--url", flags.url, std::string("The service [") + variable + "]")->capture_default_str();
  add_credential_flags(command, flags.credentials);
}

int call_service(const OperatorFlags& flags, const std::string& target, const std::string& body) {
  auto url = adapters::http_client::Url::parse(flags.url);
  if (!url) return complain(url.error(), exit_usage);
  const auto credentials = find_credentials(flags.credentials);
  if (!credentials) return complain(credentials.error(), exit_usage);
  boost::asio::io_context io;
  adapters::http_client::Client client(io.get_executor(), std::move(*url));
  const std::string method = body.empty() ? "GET" : "POST";
  const auto answer = run_here(
      io, client.request(method, target, {{"Authorization", "Bearer " + credentials->settings.admin_token}}, body));
  if (!answer) return complain(answer.error(), exit_failed);
  (answer->status == kOk ? std::cout : std::cerr) << answer->body << "\n";
  return answer->status == kOk ? exit_ok : exit_failed;
}

std::string json_text(const std::string& text) {
  return boost::json::serialize(boost::json::value(text));
}

std::string url_part(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' || c == ':';
    if (plain) {
      encoded += c;
    } else {
      encoded += '%' + core::crypto::to_hex(std::string_view(&c, 1));
    }
  }
  return encoded;
}

}  // namespace liveops::apps
