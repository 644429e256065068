#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/liveops/credentials.hpp"
#include "apps/liveops/gateway_client.hpp"
#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::apps {

namespace {

using adapters::http_client::ClientResponse;

struct SendFlags {
  std::vector<std::string> files;
  std::string url = "http://127.0.0.1:8080";
  std::string idempotency_key;
  CredentialFlags credentials;
};

enum class Kind : std::uint8_t { single, batch, ndjson };

Kind kind_of(const std::string& file, const std::string& text) {
  if (file.ends_with(".ndjson")) return Kind::ndjson;
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '[' ? Kind::batch : Kind::single;
}

void print_faults(const boost::json::object& problem) {
  const auto* faults = problem.if_contains("errors");
  if (faults == nullptr || !faults->is_array()) return;
  for (const auto& fault : faults->get_array()) {
    std::cout << "    " << fault.at("pointer").as_string().c_str() << "  " << fault.at("detail").as_string().c_str()
              << "\n";
  }
}

std::string text_of(const boost::json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? value->get_string().c_str() : std::string();
}

void print_batch(const boost::json::object& answer) {
  for (const char* name : {"accepted", "duplicate", "rejected", "retry"}) {
    if (const auto* count = answer.if_contains(name)) std::cout << " " << name << " " << *count;
  }
  std::cout << "\n";
  for (const auto& item : answer.at("results").as_array()) {
    const auto& result = item.as_object();
    if (text_of(result, "status") == "accepted" || text_of(result, "status") == "duplicate") continue;
    std::cout << "    #" << result.at("index") << "  " << text_of(result, "status") << " " << text_of(result, "code")
              << " " << text_of(result, "pointer") << " " << text_of(result, "detail") << "\n";
  }
}

/// One readable paragraph an answer.
void print_answer(const std::string& file, const ClientResponse& answer) {
  std::cout << file << ": " << answer.status;
  boost::system::error_code failed;
  const auto body = boost::json::parse(answer.body, failed);
  if (failed || !body.is_object()) {
    std::cout << "\n";
    return;
  }
  const auto& object = body.get_object();
  if (object.contains("results")) return print_batch(object);
  if (object.contains("title")) {
    std::cout << " " << text_of(object, "title") << ": " << text_of(object, "detail") << "\n";
    return print_faults(object);
  }
  std::cout << " " << text_of(object, "status") << " " << text_of(object, "event_id")
            << (answer.header("Idempotent-Replayed").empty() ? "" : " (replayed)") << "\n";
}

ports::Task<ClientResponse> send_text(GatewayClient& client, Kind kind, std::string text, std::string key) {
  switch (kind) {
    case Kind::single:
      return client.send_event(std::move(text), std::move(key));
    case Kind::batch:
      return client.send_batch(std::move(text), "application/json");
    case Kind::ndjson:
      return client.send_batch(std::move(text), "application/x-ndjson");
  }
  std::unreachable();
}

int send(const SendFlags& flags) {
  auto url = adapters::http_client::Url::parse(flags.url);
  if (!url) return complain(url.error(), exit_usage);
  auto credentials = find_credentials(flags.credentials);
  if (!credentials) return complain(credentials.error(), exit_usage);
  boost::asio::io_context io;
  GatewayClient client(io.get_executor(), std::move(*url), credentials->key);
  int code = exit_ok;
  for (const auto& file : flags.files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return complain({core::Errc::not_found, "cannot read " + file, ""}, exit_usage);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::string key =
        flags.idempotency_key.empty() ? core::crypto::to_hex(core::crypto::random_bytes(16)) : flags.idempotency_key;
    const Kind kind = kind_of(file, text);
    const auto answer = run_here(io, send_text(client, kind, std::move(text), key));
    if (!answer) return complain(answer.error(), exit_failed);
    print_answer(file, *answer);
    if (answer->status >= 300) code = exit_failed;
  }
  return code;
}

}  // namespace

void add_send(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("send", "Sign and post events: a file with one event, a JSON array, or NDJSON");
  auto flags = std::make_shared<SendFlags>();
  command->add_option("FILE", flags->files, "Files to send")->required();
  command->add_option("--url", flags->url, "The gateway")->envname("GATEWAY_URL")->capture_default_str();
  command->add_option("--idempotency-key", flags->idempotency_key, "For single events; a random one when not given");
  add_credential_flags(*command, flags->credentials);
  command->callback([flags, &run] { run = [flags] { return send(*flags); }; });
}

}  // namespace liveops::apps
