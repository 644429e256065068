#include <CLI/CLI.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <string>

/// A server of Asio and Beast with nothing in it, on one thread: reads a request, answers 202 with a body of so many
/// bytes. What of the gateway's time is the framework's is seen beside it.
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

asio::awaitable<void> serve(tcp::socket socket, const std::string& body) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request, asio::use_awaitable);
    http::response<http::string_body> response(http::status::accepted, request.version(), body);
    response.set(http::field::content_type, "application/json");
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    co_await http::async_write(socket, response, asio::use_awaitable);
    if (!response.keep_alive()) co_return;
  }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, const std::string& body) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    // A connection ends with an exception when its client leaves.
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), body), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command("answers every request with 202");
  std::uint16_t port = 0;
  std::size_t bytes = 100;
  command.add_option("--port", port, "to listen on, on the loopback")->required();
  command.add_option("--body", bytes, "bytes of an answer's body");
  CLI11_PARSE(command, argc, argv);
  asio::io_context io(1);
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), port});
  const std::string body(bytes, ' ');
  asio::co_spawn(io, listen(acceptor, body), asio::detached);
  io.run();
}
