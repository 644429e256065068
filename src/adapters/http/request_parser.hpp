#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.hpp"

namespace liveops::adapters::http {

/// What is wrong with the bytes of a request, as the client is told.
struct ProtocolFault {
  int status = 400;
  std::string detail;
};

/// Reads one request from a buffer that the caller keeps: the head as views, a chunked body decoded aside.
///
/// Grammar and the rules against request smuggling are Beast's (both Content-Length and Transfer-Encoding: refused;
/// differing Content-Lengths: refused); beyond it are refused folded header lines, Transfer-Encoding other than
/// "chunked", HTTP/1.1 without exactly one Host, more than `kMaxHeaders` headers.
///
/// Pieces are kept as offsets, so that the buffer may move while the body arrives.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  static constexpr std::size_t kMaxHeaders = 100;

  enum class Progress { need_more, done, failed };

  /// `max_header_bytes`: of request line and headers together; 431 above.
  explicit RequestParser(std::size_t max_header_bytes);

  /// Reads on in `bytes`, which begins where this request begins and only ever grows at its end.
  [[nodiscard]] Progress read_head(std::string_view bytes);

  /// Reads on in a chunked body. `bytes`: what follows the head and was not consumed before. `consumed`: how many of
  /// them may be dropped. Fails with status 413 once more than `max_bytes` are decoded.
  [[nodiscard]] Progress read_chunks(std::string_view bytes, std::size_t max_bytes, std::size_t& consumed);

  [[nodiscard]] const ProtocolFault& fault() const { return fault_; }

  /// Points method, target and headers of `request` into `bytes` (same beginning as in `read_head`).
  void point(core::http::Request& request, std::string_view bytes, std::vector<core::http::HeaderView>& headers) const;

  [[nodiscard]] std::size_t head_bytes() const { return parsed_; }
  [[nodiscard]] bool is_http10() const { return !http11_; }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] const std::string& chunked_body() const { return chunked_body_; }

 private:
  struct Piece {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    [[nodiscard]] std::string_view in(std::string_view bytes) const { return bytes.substr(offset, size); }
  };
  struct Field {
    Piece name;
    Piece value;
  };
  using Code = boost::system::error_code;
  using Text = boost::beast::string_view;

  Progress fail(int status, std::string detail);
  Progress fail(const Code& code);
  Progress check_head();
  [[nodiscard]] std::optional<Piece> piece_of(Text text) const;

  void on_request_impl(boost::beast::http::verb method, Text method_text, Text target, int version,
                       Code& code) override;
  void on_response_impl(int, Text, int, Code&) override {}
  void on_field_impl(boost::beast::http::field name, Text name_text, Text value, Code& code) override;
  void on_header_impl(Code&) override { head_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(Text body, Code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t size, Text extensions, Code& code) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, Text body, Code& code) override;
  void on_finish_impl(Code&) override {}

  std::size_t max_header_bytes_;
  std::string_view bytes_;  // of the read that is going on
  std::size_t parsed_ = 0;
  bool head_done_ = false;
  bool http11_ = true;
  bool expects_continue_ = false;
  int hosts_ = 0;
  Piece method_;
  Piece target_;
  std::vector<Field> fields_;
  std::string chunked_body_;
  std::size_t max_body_bytes_ = 0;
  ProtocolFault fault_;
};

}  // namespace liveops::adapters::http
