#include <atomic>
#include <ctime>
#include <set>
#include <thread>

#include "tests/contract/bus/bus_nats_own.hpp"

namespace liveops::test {

namespace bus_nats = adapters::bus_nats;
using core::Errc;
using ports::Topic;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

namespace {

constexpr milliseconds kRecovery{5000};  // within which everything works again

bool recovers(NatsBus& test) {
  return wait_until([&] { return run(test.bus().check()).has_value(); }, kRecovery);
}

/// Publishes one after the other until told to stop, and remembers what was stored.
class Publisher {
 public:
  explicit Publisher(ports::EventBus& bus) : thread_([this, &bus] { publish(bus); }) {}

  /// Waits until that many more are stored; false when that takes too long.
  bool stores(std::size_t more) {
    const auto goal = count_.load() + more;
    return wait_until([&] { return count_.load() >= goal; });
  }
  std::set<std::uint32_t> stop() {
    stopping_.store(true);
    thread_.join();
    return stored_;
  }

 private:
  void publish(ports::EventBus& bus) {
    for (std::uint32_t n = 0; !stopping_.load(); n += 10) {
      const auto outcomes = run(bus.publish(Topic::events, envelopes(n, 10)));
      for (std::uint32_t i = 0; outcomes && i < outcomes->size(); ++i) {
        if ((*outcomes)[i] != ports::PublishOutcome::stored) continue;
        stored_.insert(n + i);
        count_.fetch_add(1);
      }
      if (!outcomes) std::this_thread::sleep_for(milliseconds(5));  // as a caller that answers 503 does
    }
  }

  std::set<std::uint32_t> stored_;
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

TEST(NatsFaults, NothingThatWasStoredIsLostWhenTheServerIsKilledWhilePublishing) {
  NatsServer server;
  NatsBus test({}, server);
  const auto consumer = open_group(test.bus(), "g");
  Publisher publisher(test.bus());
  for (int kill = 0; kill < 3; ++kill) {
    ASSERT_TRUE(publisher.stores(500));
    server.restart();
  }
  ASSERT_TRUE(publisher.stores(500));
  const auto stored = publisher.stop();

  std::set<std::uint32_t> received;
  for (auto batch = receive_within(*consumer, kRecovery, 1000); !batch.empty(); batch = receive_now(*consumer, 1000)) {
    for (const auto n : numbers_of(batch)) received.insert(n);
    ASSERT_TRUE(run(consumer->ack(tags_of(batch))).has_value());
  }
  for (const auto n : stored) EXPECT_TRUE(received.contains(n)) << n;
}

TEST(NatsFaults, WhileTheServerIsAwayCallsFailAndAfterItsReturnEverythingGoesOn) {
  NatsServer server;
  NatsBus test({}, server);
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 2)));
  const auto held = receive_now(*consumer, 1);
  server.kill();
  ASSERT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }));
  EXPECT_THAT(run(test.bus().check()).error().message, HasSubstr("127.0.0.1"));
  EXPECT_EQ(run(test.bus().publish(Topic::events, {envelope(3)})).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->receive(10, milliseconds(0))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->ack(tags_of(held))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->backlog()).error().code, Errc::unavailable);
  EXPECT_EQ(run(test.dead_letters().list(10, "")).error().code, Errc::unavailable);
  server.start();
  EXPECT_TRUE(recovers(test));
  EXPECT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  EXPECT_TRUE(try_publish(test.bus(), {envelope(3)}));
  // A server that was killed may not know any more what it had handed out: 1 may come again.
  EXPECT_THAT(numbers_of(receive_now(*consumer)), IsSupersetOf({2U, 3U}));
}

TEST(NatsFaults, AReceiveThatWaitsIsServedWhenTheServerIsBack) {
  NatsServer server;
  NatsBus test({}, server);
  const auto consumer = open_group(test.bus(), "g");
  std::vector<ports::Delivery> received;
  std::thread waiting([&] { received = receive_within(*consumer, seconds(60)); });
  server.restart();
  EXPECT_TRUE(wait_until([&] { return try_publish(test.bus(), {envelope(1)}); }, kRecovery));
  waiting.join();
  EXPECT_THAT(numbers_of(received), UnorderedElementsAre(1));
}

TEST(NatsFaults, AServerThatLostItsStoreGetsStreamsAndGroupsAnew) {
  NatsServer server;
  NatsBus test({.groups = {{Topic::events, "later"}}}, server);
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  server.kill();
  server.lose_store();
  server.start();
  EXPECT_TRUE(wait_until([&] { return try_publish(test.bus(), {envelope(4)}); }, kRecovery));
  EXPECT_THAT(numbers_of(receive_within(*consumer, kRecovery)), UnorderedElementsAre(4));
  EXPECT_THAT(numbers_of(receive_within(*open_group(test.bus(), "later"), kRecovery)), UnorderedElementsAre(4));
}

TEST(NatsFaults, AGroupThatSomebodyRemovedIsMadeAgain) {
  NatsBus test;
  const auto consumer = open_group(test.bus(), "g");
  {
    const auto client = *bus_nats::Client::open(test.options(), [] {});
    const auto stream = bus_nats::Names(test.options().prefix).stream(Topic::events);
    ASSERT_TRUE(run(client->ask("CONSUMER.DELETE." + stream + ".g", "")).has_value());
  }
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  EXPECT_THAT(numbers_of(receive_within(*consumer, kRecovery)), UnorderedElementsAre(1));
}

TEST(NatsFaults, AServerThatHangsHoldsNobodyUpAndIsTakenBackWhenItWakes) {
  NatsServer server;
  NatsBus test({.publish_timeout = milliseconds(500), .request_timeout = milliseconds(500)}, server);
  const auto consumer = open_group(test.bus(), "g");
  server.pause();
  EXPECT_FALSE(try_publish(test.bus(), {envelope(1)}));
  EXPECT_FALSE(run(test.bus().check()).has_value());
  EXPECT_THAT(receive_now(*consumer), IsEmpty());
  server.resume();
  EXPECT_TRUE(recovers(test));
  EXPECT_TRUE(wait_until([&] { return try_publish(test.bus(), {envelope(2)}); }, kRecovery));
  const auto numbers = numbers_of(receive_within(*consumer, kRecovery));
  EXPECT_THAT(numbers, testing::Contains(2));  // and 1, if the server read it when it woke
}

TEST(NatsFaults, WaitingForAServerTakesNoProcessorTime) {
  NatsServer server;
  NatsBus test({}, server);
  const auto consumer = open_group(test.bus(), "g");
  server.kill();
  ASSERT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }));
  const auto before = cpu_seconds();
  EXPECT_EQ(run(consumer->receive(10, seconds(2))).error().code, Errc::unavailable);
  EXPECT_LT(cpu_seconds() - before, 0.5);
}

TEST(NatsFaults, ABusGoesAwayWhileItsServerDoesNotAnswer) {
  NatsServer server;
  NatsBus test({}, server);
  server.pause();
  test.close();
  server.resume();
}

TEST(NatsCredentials, UserAndTokenAreTakenFromTheUrlAndWrongOnesAreSaid) {
  const core::SystemClock clock;
  SilentLog log;
  const auto open = [&](const std::string& url) {
    return bus_nats::EventBus::open({.url = url, .max_bytes = 1U << 20U, .max_dead_bytes = 1U << 20U}, clock, log);
  };
  NatsServer with_user("authorization { user: liveops, password: 'open sesame' }");
  EXPECT_TRUE(open(with_user.url("liveops:open sesame@")).has_value());
  const auto refused = open(with_user.url("liveops:wrong@"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::unauthenticated);
  EXPECT_THAT(refused.error().message, testing::Not(HasSubstr("wrong")));

  NatsServer with_token("authorization { token: s3cret }");
  EXPECT_TRUE(open(with_token.url("s3cret@")).has_value());
  EXPECT_EQ(open(with_token.url()).error().code, Errc::unauthenticated);
}

TEST(NatsCredentials, AnEncryptedServerIsTrustedByItsCertificateOnly) {
  const TempDir directory;
  const auto file = [&](const char* name) { return (directory.path() / name).string(); };
  run_program({.command = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
                           "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:127.0.0.1", "-keyout",
                           file("key.pem"), "-out", file("cert.pem")},
               .log = directory.path() / "openssl.log",
               .package = "openssl"});
  NatsServer server("tls { cert_file: '" + file("cert.pem") + "', key_file: '" + file("key.pem") + "' }");
  const core::SystemClock clock;
  SilentLog log;
  const auto open = [&](const std::string& ca_file) {
    return bus_nats::EventBus::open({.url = "tls://127.0.0.1:" + std::to_string(server.port()),
                                     .ca_file = ca_file,
                                     .max_bytes = 1U << 20U,
                                     .max_dead_bytes = 1U << 20U},
                                    clock, log);
  };
  const auto trusted = open(file("cert.pem"));
  EXPECT_TRUE(trusted.has_value()) << trusted.error().message << trusted.error().detail;
  EXPECT_FALSE(open("").has_value());
}

TEST(NatsFaults, ALimitThatTheServersDiskCannotHoldIsSaidAtTheStart) {
  const core::SystemClock clock;
  SilentLog log;
  NatsServer server;
  const auto opened = bus_nats::EventBus::open({.url = server.url(), .max_bytes = 1ULL << 50U}, clock, log);
  ASSERT_FALSE(opened.has_value());
  EXPECT_THAT(opened.error().message, HasSubstr("LIVEOPS_EVENTS"));
  EXPECT_THAT(opened.error().message, HasSubstr("max_file_store"));
  EXPECT_THAT(opened.error().message, HasSubstr("NATS_MAX_BYTES"));
}

}  // namespace liveops::test
