#include "tests/support/servers/servicebus_standin.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace liveops::test {

namespace http = boost::beast::http;
namespace json = boost::json;
using boost::asio::ip::tcp;

namespace {

constexpr int kSharedLockMs = 3000;
const std::filesystem::path kFolder = std::filesystem::path(LIVEOPS_STANDINS) / "servicebus";

}  // namespace

ServiceBusStandin::ServiceBusStandin() : ServiceBusStandin(Options()) {}

ServiceBusStandin::ServiceBusStandin(Options options)
    : options_(std::move(options)), port_(free_port()), tls_port_(free_port()), admin_port_(free_port()) {
  if (options_.tls) make_certificate();
  start();
}

std::string ServiceBusStandin::connection_string(std::string_view key) const {
  const auto port = std::to_string(options_.tls ? tls_port_ : port_);
  return "Endpoint=sb://localhost:" + port + "/;SharedAccessKeyName=root;SharedAccessKey=" + std::string(key) +
         (options_.tls ? "" : ";UseDevelopmentEmulator=true");
}

void ServiceBusStandin::make_certificate() const {
  run_program({.command = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
                           "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                           (directory_.path() / "key.pem").string(), "-out", ca_file()},
               .log = directory_.path() / "openssl.log",
               .package = "openssl"});
}

void ServiceBusStandin::write_configuration() const {
  json::object config{{"port", port_},
                      {"adminPort", admin_port_},
                      {"keys", {{"root", kKey}}},
                      {"lockMs", options_.lock_ms},
                      {"maxDelivery", options_.max_delivery},
                      {"topics", json::value_from(options_.topics)},
                      {"queues", json::value_from(options_.queues)}};
  if (options_.has_journal) config["journal"] = (directory_.path() / "journal").string();
  if (options_.tls) {
    config["tls"] = {
        {"port", tls_port_}, {"keyFile", (directory_.path() / "key.pem").string()}, {"certFile", ca_file()}};
  }
  std::ofstream(directory_.path() / "config.json") << json::serialize(config);
}

void ServiceBusStandin::start() {
  write_configuration();
  const auto log = directory_.path() / "log";
  if (!std::filesystem::exists(kFolder / "node_modules")) {
    throw std::runtime_error("run `npm ci` in " + kFolder.string() + ", or the tests by ./dev test");
  }
  process_ = std::make_unique<ChildProcess>(Program{
      .command = {"node", (kFolder / "src" / "standin.mjs").string(), (directory_.path() / "config.json").string()},
      .log = log,
      .package = "nodejs"});
  const bool up = wait_until([this] { return !process_->running() || answers(); }) && process_->running();
  if (!up) throw std::runtime_error("the stand-in for Service Bus did not start:\n" + tail(log));
}

bool ServiceBusStandin::answers() const {
  try {
    admin("GET", "/state");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void ServiceBusStandin::kill() {
  process_->stop(SIGKILL);
}

void ServiceBusStandin::restart() {
  kill();
  start();
}

void ServiceBusStandin::pause() {
  process_->signal(SIGSTOP);
}

void ServiceBusStandin::resume() {
  process_->signal(SIGCONT);
}

std::string ServiceBusStandin::admin(std::string_view method, std::string_view target, const std::string& body) const {
  boost::asio::io_context io;
  tcp::socket socket(io);
  socket.connect({boost::asio::ip::address_v4::loopback(), admin_port_});
  http::request<http::string_body> request(http::string_to_verb(method), target, 11, body);
  request.set(http::field::host, "127.0.0.1");
  request.prepare_payload();
  http::write(socket, request);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(socket, buffer, response);
  if (response.result() != http::status::ok) throw std::runtime_error(std::string(target) + ": " + response.body());
  return response.body();
}

void ServiceBusStandin::make_topic(const std::string& name, const std::vector<std::string>& subscriptions) const {
  admin("PUT", "/topics",
        json::serialize(json::object{{"name", name}, {"subscriptions", json::value_from(subscriptions)}}));
}

std::int64_t ServiceBusStandin::counted(std::string_view counter) const {
  return json::parse(admin("GET", "/state")).at("stats").at(counter).as_int64();
}

std::int64_t ServiceBusStandin::locked(std::string_view entity) const {
  return json::parse(admin("GET", "/state")).at("entities").at(entity).at("locked").as_int64();
}

ServiceBusStandin& shared_servicebus() {
  static ServiceBusStandin standin({.lock_ms = kSharedLockMs});
  return standin;
}

}  // namespace liveops::test
