#include "tests/integration/fairness_http/asking.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>
#include <utility>

namespace liveops::test {

namespace asio = boost::asio;

Asking::Asking(std::vector<std::string> urls, Options options) {
  options.urls = std::move(urls);
  if (options.bearer_token.empty() && !options.signing_key) options.bearer_token = kApiToken;
  auto made = adapters::fairness_http::FairnessCheck::create(std::move(options), {&io_}, clock_, log_, metrics_);
  if (!made) throw std::runtime_error(made.error().message);
  check_ = std::move(*made);
  thread_ = std::thread([this] { io_.run(); });
}

Asking::~Asking() {
  io_.stop();
  thread_.join();
}

std::future<Asking::Answer> Asking::begin(std::vector<core::Event> events) {
  return asio::co_spawn(io_, check_->check(std::move(events)), asio::use_future);
}

std::vector<std::future<Asking::Answer>> Asking::begin_together(std::vector<core::Event> events) {
  return asio::post(io_, asio::use_future([this, &events] {
                      std::vector<std::future<Answer>> answers;
                      for (core::Event& event : events) {
                        std::vector<core::Event> one;
                        one.push_back(std::move(event));
                        answers.push_back(begin(std::move(one)));
                      }
                      return answers;
                    }))
      .get();
}

core::Event event_of(const std::string& player, int number, std::int64_t xp) {
  core::Event event;
  event.id = core::EventId::derive(core::KeyId::trusted("k"), player + "/" + std::to_string(number));
  event.player_id = core::PlayerId::trusted(player);
  event.occurred_at = event.received_at = core::SystemClock().now();
  event.payload = core::Progression{.xp = xp};
  return event;
}

std::uint16_t unused_port() {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

}  // namespace liveops::test
