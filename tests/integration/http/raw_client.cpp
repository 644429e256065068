#include "tests/integration/http/raw_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <boost/asio/write.hpp>

namespace liveops::test {
namespace {

namespace asio = boost::asio;
constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const auto at = head.find(kName);
  return at == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(at + kName.size())));
}

}  // namespace

RawClient::RawClient(std::uint16_t port) {
  socket_.connect({asio::ip::address_v4::loopback(), port});
  setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
}

void RawClient::send(std::string_view bytes) {
  boost::system::error_code ignored;
  asio::write(socket_, asio::buffer(bytes), ignored);
}

void RawClient::finish_sending() {
  boost::system::error_code ignored;
  static_cast<void>(socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored));
}

bool RawClient::receive() {
  // The system's own call: Asio would wait on through SO_RCVTIMEO.
  std::array<char, 65536> bytes;
  const auto count = recv(socket_.native_handle(), bytes.data(), bytes.size(), 0);
  timed_out_ = count < 0 && errno == EAGAIN;
  if (count <= 0) return false;
  received_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

RawClient::Answer RawClient::read(bool head_only) {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return {};
  }
  Answer answer;
  answer.head = received_.substr(0, end + 2);
  const std::size_t begin = end + 4;
  const std::size_t size = head_only ? 0 : content_length(answer.head);
  while (received_.size() < begin + size) {
    if (!receive()) return {};
  }
  answer.body = received_.substr(begin, size);
  received_.erase(0, begin + size);
  answer.status = std::stoi(answer.head.substr(9, 3));
  return answer;
}

RawClient::Answer RawClient::ask(std::string_view bytes) {
  send(bytes);
  return read();
}

std::string RawClient::read_all() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

}  // namespace liveops::test
