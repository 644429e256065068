#pragma once

#include <string>
#include <string_view>

#include "adapters/aws/credentials.hpp"
#include "adapters/aws/http.hpp"
#include "core/time.hpp"

namespace liveops::adapters::aws {

/// What a signature is good for.
struct SigningScope {
  std::string region;
  std::string service;  // "sqs"
};

/// Signs a request whose path is "/" and that has no query: adds X-Amz-Date, X-Amz-Security-Token where there is one,
/// and Authorization. Signed are the headers that it has already, these, and Host as it follows from the URL.
///
/// AWS Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope, core::Timestamp now);

/// What is hashed into the signature, for tests: method, path, query, headers, their names, hash of the body.
/// Requires: `headers` sorted, names in lower case.
[[nodiscard]] std::string canonical_request(std::string_view method, const HttpHeaders& headers, std::string_view body);

/// The host and port of a URL as libcurl sends them: the port only where it is not the scheme's own.
[[nodiscard]] std::string host_header(std::string_view url);

}  // namespace liveops::adapters::aws
