#include "adapters/http/request_parser.hpp"

#include <boost/beast/http/error.hpp>

namespace liveops::adapters::http {
namespace {

namespace beast_http = boost::beast::http;

std::string_view as_std(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

RequestParser::RequestParser(std::size_t max_header_bytes) : max_header_bytes_(max_header_bytes) {
  header_limit(static_cast<std::uint32_t>(max_header_bytes));
  body_limit(boost::none);  // routes have limits of their own
  fields_.reserve(16);
}

RequestParser::Progress RequestParser::read_head(std::string_view bytes) {
  bytes_ = bytes;
  Code code;
  parsed_ += put({bytes.data() + parsed_, bytes.size() - parsed_}, code);
  if (parsed_ > max_header_bytes_ || (code == beast_http::error::need_more && bytes.size() >= max_header_bytes_)) {
    return fail(beast_http::error::header_limit);
  }
  if (code == beast_http::error::need_more || (!code && !head_done_)) return Progress::need_more;
  if (code) return fail(code);
  return check_head();
}

RequestParser::Progress RequestParser::check_head() {
  if (hosts_ > 1 || (hosts_ == 0 && http11_)) return fail(400, "Send exactly one Host header.");
  return fault_.detail.empty() ? Progress::done : Progress::failed;
}

RequestParser::Progress RequestParser::read_chunks(std::string_view bytes, std::size_t max_bytes,
                                                   std::size_t& consumed) {
  eager(true);
  max_body_bytes_ = max_bytes;
  Code code;
  consumed = 0;
  if (!is_done()) consumed = put({bytes.data(), bytes.size()}, code);
  if (is_done()) return Progress::done;
  if (code && code != beast_http::error::need_more) return fail(code);
  // What is left is a chunk's head or the trailer, which must be complete within the bound of headers.
  if (bytes.size() - consumed > max_header_bytes_) return fail(beast_http::error::header_limit);
  return Progress::need_more;
}

void RequestParser::point(core::http::Request& request, std::string_view bytes,
                          std::vector<core::http::HeaderView>& headers) const {
  headers.clear();
  for (const Field& field : fields_) headers.emplace_back(field.name.in(bytes), field.value.in(bytes));
  request.method = method_.in(bytes);
  request.target = target_.in(bytes);
  request.headers = headers;
}

RequestParser::Progress RequestParser::fail(int status, std::string detail) {
  fault_ = {status, std::move(detail)};
  return Progress::failed;
}

RequestParser::Progress RequestParser::fail(const Code& code) {
  if (!fault_.detail.empty()) return Progress::failed;
  if (code == beast_http::error::header_limit) {
    return fail(431, "The request line and headers may take at most " + std::to_string(max_header_bytes_) + " bytes.");
  }
  const auto line = bytes_.substr(0, bytes_.find('\r'));
  if (code == beast_http::error::bad_version && line.contains(" HTTP/")) return fail(505, "Use HTTP/1.1.");
  return fail(400, "The request is malformed: " + code.message() + ".");
}

std::optional<RequestParser::Piece> RequestParser::piece_of(Text text) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes_.data());
  const auto at = reinterpret_cast<std::uintptr_t>(text.data());
  if (text.empty()) return Piece{};
  if (at < begin || at - begin + text.size() > bytes_.size()) return std::nullopt;
  return Piece{static_cast<std::uint32_t>(at - begin), static_cast<std::uint32_t>(text.size())};
}

void RequestParser::on_request_impl(beast_http::verb, Text method_text, Text target, int version, Code&) {
  method_ = piece_of(method_text).value_or(Piece{});
  target_ = piece_of(target).value_or(Piece{});
  http11_ = version >= 11;
}

void RequestParser::on_field_impl(beast_http::field name, Text name_text, Text value, Code& code) {
  if (head_done_) return;  // trailers are read and dropped
  const auto name_piece = piece_of(name_text);
  const auto value_piece = piece_of(value);
  if (!name_piece || !value_piece) {  // Beast unfolds into memory of its own
    static_cast<void>(fail(400, "Header lines must not be folded (RFC 9112 section 5.2)."));
    code = beast_http::error::bad_obs_fold;
    return;
  }
  if (fields_.size() == kMaxHeaders) {
    static_cast<void>(fail(431, "Send at most " + std::to_string(kMaxHeaders) + " headers."));
    code = beast_http::error::header_limit;
    return;
  }
  fields_.push_back({*name_piece, *value_piece});
  if (name == beast_http::field::host) ++hosts_;
  if (name == beast_http::field::expect) {
    expects_continue_ = core::http::equals_ignore_case(as_std(value), "100-continue");
    if (!expects_continue_) fault_ = {417, "Of expectations only 100-continue is known."};
  }
  if (name == beast_http::field::transfer_encoding && !core::http::equals_ignore_case(as_std(value), "chunked")) {
    fault_ = {501, "Of transfer encodings only chunked is known."};
  }
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, Text, Code& code) {
  if (size <= max_body_bytes_ - chunked_body_.size()) return;
  static_cast<void>(fail(413, "The body is too large."));
  code = beast_http::error::body_limit;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, Code&) {
  chunked_body_.append(body.data(), body.size());
  return body.size();
}

}  // namespace liveops::adapters::http
