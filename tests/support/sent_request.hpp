#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/http/message.hpp"

namespace liveops::test {

/// A request that owns its texts, as a server's buffer would; `view` is what handlers see of it.
struct SentRequest {
  std::string method = "POST";
  std::string target = "/events";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  SentRequest& with(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }

  /// Calls `use` with a view that is valid during the call, and gives what it returns.
  template <class Use>
  auto view(Use use) const {
    std::vector<core::http::HeaderView> header_views(headers.begin(), headers.end());
    core::http::Request request;
    const std::string_view whole = target;
    request.method = method;
    request.target = whole;
    request.path = whole.substr(0, whole.find('?'));
    if (whole.contains('?')) request.query = whole.substr(whole.find('?') + 1);
    request.headers = header_views;
    request.body = body;
    return use(std::as_const(request));
  }
};

}  // namespace liveops::test
