// What becomes of messages that came: settled, held longer, given back.
#include <algorithm>
#include <utility>

#include "adapters/bus_servicebus/proton_access.hpp"
#include "adapters/bus_servicebus/subscriber.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Status;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kTokensARequest = 100;

std::vector<LockToken> tokens_of(const std::vector<std::string>& tags) {
  std::vector<LockToken> tokens;
  for (const auto& tag : tags) {
    if (const auto token = parse_tag(tag)) tokens.push_back(*token);
  }
  return tokens;
}

std::unexpected<core::Error> not_connected() {
  return core::fail(Errc::unavailable, "Service Bus is not connected");
}

}  // namespace

void Subscriber::settle(std::vector<std::string> tags, Verdict verdict, Told told) {
  post([this, tokens = tokens_of(tags), verdict = std::move(verdict),
        done = std::move(told)](proton::connection* up) mutable {
    if (up == nullptr || !link_open_) {
      done(not_connected());
      return;
    }
    const auto deadline = steady_clock::now() + access().options.request_timeout;
    const auto settlement =
        std::make_shared<Settlement>(Settlement{.left = 0, .told = std::move(done), .deadline = deadline});
    for (const auto& token : tokens) {
      if (!apply(token, verdict)) continue;
      ++settlement->left;
      settling_.insert_or_assign(token, settlement);
    }
    if (settlement->left == 0) settlement->told({});
  });
}

bool Subscriber::apply(const LockToken& token, const Verdict& verdict) {
  const auto held = deliveries_.find(token);
  if (!book_.remove(token) || held == deliveries_.end()) return false;
  switch (verdict.outcome) {
    case Outcome::complete:
      complete(held->second);
      break;
    case Outcome::abandon:
      abandon(held->second);
      break;
    case Outcome::dead_letter:
      dead_letter(held->second, verdict.reason, verdict.attempts);
      break;
  }
  return true;
}

void Subscriber::on_delivery_settle(proton::delivery& delivery) {
  const auto token = lock_token_of(delivery);
  if (!token) return;
  const auto condition = condition_of(delivery);
  if (!condition.name.empty()) {
    access().log.debug("a lock of Service Bus was lost: the message comes again",
                       {{"entity", address_}, {"condition", condition.name}});
  }
  bus_servicebus::settle(delivery);
  deliveries_.erase(*token);
  const auto waiting = settling_.extract(*token);
  if (!waiting.empty() && waiting.mapped()->left > 0 && --waiting.mapped()->left == 0) waiting.mapped()->told({});
}

void Subscriber::abandon_after(std::vector<std::string> tags, milliseconds delay, Told told) {
  post([this, tokens = tokens_of(tags), delay, done = std::move(told)](proton::connection* up) mutable {
    if (up == nullptr || !link_open_) {
      done(not_connected());
      return;
    }
    const auto when = steady_clock::now() + delay;
    for (const auto& token : tokens) book_.give_back_at(token, when);
    done({});
  });
}

void Subscriber::extend(std::vector<std::string> tags, Told told) {
  post([this, tokens = tokens_of(tags), done = std::move(told)](proton::connection* up) mutable {
    if (up == nullptr || !link_open_) {
      done(not_connected());
      return;
    }
    std::erase_if(tokens, [this](const auto& token) { return !book_.holds(token); });
    for (const auto& token : tokens) book_.extend(token, steady_clock::now());
    renew(std::move(tokens), std::move(done));
  });
}

void Subscriber::tend_locks(Instant now) {
  for (const auto& token : book_.to_give_back(now)) static_cast<void>(apply(token, {.outcome = Outcome::abandon}));
  if (auto tokens = book_.to_renew(now); !tokens.empty()) {
    renew(std::move(tokens), [](const Status&) {});  // failing that, they come again
  }
}

void Subscriber::renew(std::vector<LockToken> tokens, Told told) {
  if (tokens.empty()) {
    told({});
    return;
  }
  const auto chunks = (tokens.size() + kTokensARequest - 1) / kTokensARequest;
  const auto renewal = std::make_shared<Renewal>(Renewal{.left = chunks, .status = {}, .told = std::move(told)});
  for (auto next = tokens.begin(); next != tokens.end();) {
    const auto end = next + std::min<std::ptrdiff_t>(kTokensARequest, tokens.end() - next);
    renew_chunk({next, end}, renewal);
    next = end;
  }
}

void Subscriber::renew_chunk(std::vector<LockToken> tokens, const std::shared_ptr<Renewal>& renewal) {
  auto answered = [this, tokens, renewal](const core::Result<Reply>& reply) {
    if (reply && reply->ok()) {
      for (const auto& token : tokens) book_.renewed(token, steady_clock::now());
    } else if (reply && is_lock_lost(*reply) && tokens.size() > 1) {
      // One of them has run out, and none was renewed: each by itself.
      renewal->left += tokens.size();
      for (const auto& token : tokens) renew_chunk({token}, renewal);
    } else if (!reply || !is_lock_lost(*reply)) {
      renewal->status = core::fail(Errc::unavailable, "Service Bus does not renew the locks",
                                   reply ? reply->description : reply.error().detail);
    }
    if (--renewal->left == 0) renewal->told(std::move(renewal->status));
  };
  manage(renew_lock_request(tokens), std::move(answered));
}

void Subscriber::manage(proton::message request, RequestPair::Done done) {
  authorise(address_ + "/$management",
            [this, ask = std::move(request), answered = std::move(done)](const Status& authorised) mutable {
              if (!authorised) {
                answered(std::unexpected(authorised.error()));
              } else if (!is_connected()) {
                answered(not_connected());
              } else {
                const auto deadline = steady_clock::now() + access().options.request_timeout;
                management_.ask(connection(), std::move(ask), std::move(answered), deadline);
              }
            });
}

void Subscriber::peek(std::int64_t from, std::size_t count, Shown shown) {
  post([this, from, count, done = std::move(shown)](proton::connection* up) mutable {
    if (up == nullptr) {
      done(not_connected());
      return;
    }
    manage(peek_request(from, count, true),
           [told = std::move(done)](const core::Result<Reply>& reply) mutable { told(parse_peeked(reply)); });
  });
}

void Subscriber::expire(Instant now) {
  management_.expire(now);
  std::vector<std::shared_ptr<Settlement>> late;
  for (const auto& [token, settlement] : settling_) {
    if (settlement->deadline <= now && settlement->left > 0) late.push_back(settlement);
  }
  for (const auto& settlement : late) {
    if (std::exchange(settlement->left, 0) > 0) {
      settlement->told(core::fail(Errc::unavailable, "Service Bus did not confirm in time"));
    }
  }
}

void Subscriber::release() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(released_, true)) return;
    arrivals_.clear();
    pulling_ = false;
  }
  news().notify();
  post([this](proton::connection* up) {
    if (up == nullptr) return;
    for (const auto& token : book_.all()) static_cast<void>(apply(token, {.outcome = Outcome::abandon}));
  });
  close();
}

}  // namespace liveops::adapters::bus_servicebus
