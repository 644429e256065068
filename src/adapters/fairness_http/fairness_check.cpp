#include "adapters/fairness_http/fairness_check.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace liveops::adapters::fairness_http {

namespace asio = boost::asio;

namespace {

/// One spelling for each URL: all gateways must weigh the same names.
std::string name_of(const http_client::Url& url) {
  return (url.tls ? "https://" : "http://") + url.authority() + url.target;
}

}  // namespace

core::Result<std::unique_ptr<FairnessCheck>> FairnessCheck::create(Options options,
                                                                   std::vector<asio::io_context*> contexts,
                                                                   const core::Clock& clock, ports::Log& log,
                                                                   ports::Metrics& metrics) {
  std::vector<Target> targets;
  std::vector<std::string> names;
  for (const std::string& text : options.urls) {
    auto url = http_client::Url::parse(text);
    if (!url) return core::fail(core::Errc::invalid_argument, "FAIRNESS_URL: " + url.error().message);
    std::string name = name_of(*url);
    if (std::ranges::find(names, name) != names.end()) continue;
    targets.push_back({std::move(*url), std::make_unique<ReplicaStatus>(name, log, metrics)});
    names.push_back(std::move(name));
  }
  if (targets.empty()) return core::fail(core::Errc::invalid_argument, "FAIRNESS_URL: names no fairness service");
  if (options.bearer_token.empty() && !options.signing_key) {
    return core::fail(core::Errc::invalid_argument, "FAIRNESS_URL: set API_TOKEN, or HMAC keys to sign with");
  }
  return std::unique_ptr<FairnessCheck>(
      new FairnessCheck(std::move(options), std::move(targets), names, contexts, clock));
}

FairnessCheck::FairnessCheck(Options options, std::vector<Target> targets, const std::vector<std::string>& names,
                             const std::vector<asio::io_context*>& contexts, const core::Clock& clock)
    : options_(std::move(options)), targets_(std::move(targets)), rendezvous_(names) {
  lanes_.reserve(contexts.size());
  for (asio::io_context* io : contexts) {
    lanes_.push_back(std::make_unique<Lane>(*io, targets_, rendezvous_, options_, clock));
  }
}

ports::Task<std::vector<core::Verdict>> FairnessCheck::check(std::vector<core::Event> events) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const asio::execution_context& context = asio::query(executor, asio::execution::context);
  const auto own = std::ranges::find_if(lanes_, [&](const auto& lane) { return &lane->io() == &context; });
  if (own != lanes_.end()) co_return co_await (*own)->check(std::move(events));
  Lane& first = *lanes_.front();
  co_return co_await asio::co_spawn(first.io(), first.check(std::move(events)), asio::use_awaitable);
}

}  // namespace liveops::adapters::fairness_http
