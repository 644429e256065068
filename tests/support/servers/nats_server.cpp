#include "tests/support/servers/nats_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace liveops::test {

namespace {

constexpr int kPorts = 3;  // tried, as somebody else may take a free one first

}  // namespace

NatsServer::NatsServer(std::string settings) : settings_(std::move(settings)), port_(free_port()) {
  for (int left = kPorts - 1;; --left) {
    try {
      start();
      return;
    } catch (const std::runtime_error&) {
      if (left == 0) throw;
      port_ = free_port();
    }
  }
}

std::string NatsServer::url(std::string_view credentials) const {
  return "nats://" + std::string(credentials) + "127.0.0.1:" + std::to_string(port_);
}

void NatsServer::write_configuration() const {
  const auto store = directory_.path() / ("store" + std::to_string(stores_));
  std::ofstream(directory_.path() / "nats.conf") << "host: 127.0.0.1\nport: " << port_ << "\njetstream { store_dir: '"
                                                 << store.string() << "', max_file_store: 8GB }\n"
                                                 << settings_ << "\n";
}

void NatsServer::start() {
  write_configuration();
  const auto log = directory_.path() / "nats.log";
  const Program program{.command = {"/usr/sbin/nats-server", "-c", (directory_.path() / "nats.conf").string()},
                        .log = log,
                        .package = "nats-server"};
  process_ = std::make_unique<ChildProcess>(program);
  const bool up = wait_until([this] { return !process_->running() || answers(); }) && process_->running();
  if (!up) {
    process_.reset();
    throw std::runtime_error("nats-server did not start: is the package 'nats-server' installed?\n" + tail(log));
  }
}

bool NatsServer::answers() const {
  // It listens once its streams are recovered.
  namespace ip = boost::asio::ip;
  boost::asio::io_context io;
  ip::tcp::socket socket(io);
  boost::system::error_code refused;
  socket.connect({ip::address_v4::loopback(), port_}, refused);
  return !refused;
}

void NatsServer::kill() {
  process_->stop(SIGKILL);
}

void NatsServer::restart() {
  kill();
  start();
}

void NatsServer::lose_store() {
  ++stores_;
}

void NatsServer::pause() {
  process_->freeze();
}

void NatsServer::resume() {
  process_->signal(SIGCONT);
}

NatsServer& shared_nats() {
  static NatsServer server;
  return server;
}

}  // namespace liveops::test
