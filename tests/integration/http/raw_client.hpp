#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>

namespace liveops::test {

/// A client that sends the bytes it is told to and shows the bytes that come back. Blocking; gives up on a silent
/// server after ten seconds, so that a test fails instead of hanging.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);

  /// Errors are ignored: the server may have hung up.
  void send(std::string_view bytes);
  void finish_sending();

  struct Answer {
    int status = 0;  // 0: the connection ended before a whole answer
    std::string head;
    std::string body;
    [[nodiscard]] bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
  };

  /// The next answer; `head_only` for answers to HEAD.
  Answer read(bool head_only = false);
  Answer ask(std::string_view bytes);

  /// Everything until the server closes.
  std::string read_all();
  /// True when the server has closed and nothing more comes.
  bool at_end() { return read_all().empty() && !timed_out_; }

 private:
  bool receive();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::string received_;
  bool timed_out_ = false;
};

}  // namespace liveops::test
