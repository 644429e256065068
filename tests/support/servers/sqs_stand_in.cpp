#include "tests/support/servers/sqs_stand_in.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <stdexcept>

namespace liveops::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;

SqsStandIn::SqsStandIn(bool durable) : durable_(durable), port_(free_port()) {
  start();
}

std::map<std::string, std::string> SqsStandIn::environment() const {
  return {{"AWS_REGION", "us-east-1"},
          {"AWS_ENDPOINT_URL", url()},
          {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
          {"AWS_SECRET_ACCESS_KEY", "example-secret"},
          {"HOME", directory_.path().string()}};
}

void SqsStandIn::start() {
  json::object options{{"port", port_}};
  if (durable_) options["journal"] = (directory_.path() / "journal").string();
  const auto log = directory_.path() / "sqs.log";
  std::ofstream(log, std::ios::trunc).flush();
  const Program program{
      .command = {"node", LIVEOPS_SQS_STAND_IN, json::serialize(options)}, .log = log, .package = "nodejs"};
  process_ = std::make_unique<ChildProcess>(program);
  const bool up =
      wait_until([&] { return !process_->running() || tail(log).contains("listening"); }) && process_->running();
  if (!up) throw std::runtime_error("the SQS stand-in did not start:\n" + tail(log));
}

std::string SqsStandIn::admin(const std::string& path, const std::string& body) const {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), port_});
  http::request<http::string_body> request(http::verb::post, "/_standin/" + path, 11);
  request.set(http::field::host, "127.0.0.1");
  request.body() = body;
  request.prepare_payload();
  http::write(socket, request);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(socket, buffer, response);
  if (response.result() != http::status::ok) throw std::runtime_error("the SQS stand-in: " + response.body());
  return response.body();
}

int SqsStandIn::calls(const std::string& operation) const {
  const auto answer = json::parse(admin("calls"));
  const auto* count = answer.at("calls").as_object().if_contains(operation);
  return count == nullptr ? 0 : static_cast<int>(count->to_number<int>());
}

void SqsStandIn::advance(std::chrono::milliseconds by) {
  ahead_ms_ += by.count();
  static_cast<void>(admin("advance", json::serialize(json::object{{"ms", by.count()}})));
}

void SqsStandIn::kill() {
  process_->stop(SIGKILL);
}

void SqsStandIn::pause() {
  process_->signal(SIGSTOP);
}

void SqsStandIn::resume() {
  process_->signal(SIGCONT);
}

SqsStandIn& shared_sqs() {
  static SqsStandIn server;
  return server;
}

}  // namespace liveops::test
