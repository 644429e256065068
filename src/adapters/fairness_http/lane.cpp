#include "adapters/fairness_http/lane.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace liveops::adapters::fairness_http {

namespace asio = boost::asio;

Lane::Lane(asio::io_context& io, const std::vector<Target>& targets, const Rendezvous& rendezvous,
           const Options& options, const core::Clock& clock)
    : io_(io), rendezvous_(rendezvous), options_(options) {
  replicas_.reserve(targets.size());
  for (const Target& target : targets) {
    replicas_.push_back(std::make_shared<Replica>(io.get_executor(), target.url, options, clock, *target.status,
                                                  [this](Question question) { route(std::move(question)); }));
  }
}

ports::Task<std::vector<core::Verdict>> Lane::check(std::vector<core::Event> events) {
  if (events.empty()) co_return std::vector<core::Verdict>{};
  const auto call = std::make_shared<Call>(io_.get_executor(), std::move(events));
  for (std::size_t place = 0; place < call->events.size() && !call->over; ++place) route({call, place});
  if (!call->over) {
    boost::system::error_code ignored;  // cancelled when the last verdict comes
    call->done.expires_after(options_.deadline);
    co_await call->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (!call->over) {
    call->over = true;
    co_return core::fail(core::Errc::timeout, "no verdict in time");
  }
  if (call->error) co_return std::unexpected(std::move(*call->error));
  co_return std::move(call->verdicts);
}

void Lane::route(Question question) {
  const auto place = rendezvous_.pick(question.event().player_id.str(),
                                      [this](std::size_t i) { return replicas_[i]->is_worth_asking(); });
  if (place) {
    replicas_[*place]->ask(std::move(question));
  } else {
    question.call->fail({core::Errc::unavailable, "no fairness replica can be reached", {}});
  }
}

}  // namespace liveops::adapters::fairness_http
