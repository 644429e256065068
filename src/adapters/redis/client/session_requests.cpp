#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "adapters/redis/client/session.hpp"

namespace liveops::adapters::redis {

using core::Errc;

void Session::submit(Request request) {
  auto told = inbox_.push(request);
  if (!told) {
    // Not `end`: it was never in the inbox.
    Request::Outcome refused = std::unexpected(std::move(told.error()));
    metrics_.ended(refused, request.size(), Request::Clock::now() - request.made_at());
    return request.done(std::move(refused));
  }
  if (*told) boost::asio::post(executor_, [self = shared_from_this()] { self->wake(); });
}

void Session::wake() {
  const std::lock_guard lock(*mutex_);
  if (state_ == State::ready) send_waiting();
}

void Session::send_waiting() {
  const auto now = Request::Clock::now();
  for (Request& request : inbox_.take()) {
    for (std::size_t n = 0; n < request.size(); ++n) context_->send(request.command(n));
    request.sent();
    if (options_.command_timeout.count() > 0) {
      // Replies come in order: one behind a command that may block waits for it too.
      const auto before = under_way_.empty() ? now : under_way_.back().deadline;
      request.deadline = std::max(now + options_.command_timeout + request.wait(), before);
    }
    under_way_.push_back(std::move(request));
  }
  watch_deadline();
  context_->flush();
}

void Session::connected() {
  state_ = State::greeting;
  greeting_.emplace(address_, options_.name);
  for (const Command& command : greeting_->commands()) context_->send(Request({&command, 1}).command(0));
  context_->flush();
}

void Session::replied(const redisReply& reply) {
  if (state_ == State::greeting) {
    if (const auto why = greeting_->take(to_reply(reply))) return lose(*why);
    if (greeting_->finished()) ready();
    return;
  }
  if (under_way_.empty() || !under_way_.front().take(to_reply(reply))) return;
  Request request = std::move(under_way_.front());
  under_way_.pop_front();
  auto replies = request.take_replies();
  end(std::move(request), std::move(replies));
}

void Session::closed(const std::string& why) {
  context_.reset();
  if (state_ == State::connecting && ips_left_ > 0) return try_next_endpoint();
  lose(why);
}

void Session::watch_deadline() {
  if (deadline_watched_ || under_way_.empty() || under_way_.front().deadline == Request::Clock::time_point::max()) {
    return;
  }
  deadline_watched_ = true;
  after(under_way_.front().deadline, &Session::check_deadline);
}

void Session::check_deadline() {
  deadline_watched_ = false;
  if (!under_way_.empty() && under_way_.front().deadline <= Request::Clock::now()) {
    return lose("a command was not answered in time");
  }
  watch_deadline();
}

void Session::end(Request request, Request::Outcome outcome) {
  inbox_.answered(request.queued_bytes());
  metrics_.ended(outcome, request.size(), Request::Clock::now() - request.made_at());
  request.done(std::move(outcome));
}

/// What is under way and what waits; nothing new comes until the inbox is opened again.
void Session::end_all(const core::Error& why) {
  deadline_watched_ = false;
  inbox_.close({why.code, "Redis is away: try again", why.detail});
  const auto now = Request::Clock::now();
  for (Request& request : std::exchange(under_way_, {})) {
    const bool late = request.deadline <= now;
    end(std::move(request),
        std::unexpected(late ? core::Error{Errc::timeout, "Redis did not answer in time", why.detail} : why));
  }
  for (Request& request : inbox_.take()) end(std::move(request), std::unexpected(why));
}

}  // namespace liveops::adapters::redis
