// Keys, tokens and certificates of Service Bus: wrong, expired, taken back, renewed.
#include "adapters/bus_servicebus/sas_token.hpp"
#include "tests/contract/bus/bus_servicebus_own.hpp"
#include "tests/contract/bus/bus_traffic.hpp"

namespace liveops::test {

namespace bus_servicebus = adapters::bus_servicebus;
using core::Errc;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

namespace {

core::Result<std::unique_ptr<bus_servicebus::EventBus>> open_bus(bus_servicebus::Options options) {
  static const core::SystemClock clock;
  static SilentLog log;
  return bus_servicebus::EventBus::open(std::move(options), clock, log);
}

/// A connection string that holds no key but what one has signed, good for so long.
std::string signed_for(const ServiceBusStandin& standin, seconds life) {
  const auto expires = std::chrono::ceil<seconds>(core::SystemClock().now()) + life;
  auto text = standin.connection_string();
  const auto name = text.find("SharedAccessKeyName=");
  return text.substr(0, name) + "UseDevelopmentEmulator=true;SharedAccessSignature=" +
         bus_servicebus::make_sas_token("sb://localhost/", "root", ServiceBusStandin::kKey, expires);
}

}  // namespace

TEST(ServiceBusCredentials, TokensAreRenewedBeforeTheyRunOutInTheMiddleOfTheFlow) {
  ServiceBusStandin standin;
  ServiceBusBus test({.token_life = seconds(10)}, standin);
  const auto consumer = open_group(test.bus(), "g");
  const auto connections = standin.counted("connections");
  const auto tokens = standin.counted("tokens");
  Traffic traffic(test.bus(), {consumer.get()});
  EXPECT_TRUE(wait_until([&] { return standin.counted("tokens") >= tokens + 4; }, seconds(60)));  // two entities, twice
  const auto books = traffic.finish();
  EXPECT_EQ(books.failed_publishes, 0U);
  EXPECT_EQ(books.failed_receives, 0U);
  EXPECT_EQ(standin.counted("connections"), connections);
  EXPECT_EQ(standin.counted("tokensRefused"), 0);
  EXPECT_THAT(books.received, Each(books.stored));
}

TEST(ServiceBusCredentials, AKeyThatIsTakenBackIsSaidAndOneThatIsPutBackTaken) {
  ServiceBusStandin standin;
  ServiceBusBus test({.token_life = seconds(2)}, standin);
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  standin.admin("PUT", "/keys", R"({"root": "a newer key"})");
  EXPECT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }));
  EXPECT_THAT(run(test.bus().check()).error().message, HasSubstr("key"));
  standin.admin("PUT", "/keys", R"({"root": ")" + std::string(ServiceBusStandin::kKey) + R"("})");
  EXPECT_TRUE(wait_until([&] { return run(test.bus().check()).has_value(); }));
  EXPECT_TRUE(try_publish(test.bus(), {envelope(2)}));
}

TEST(ServiceBusCredentials, ASignatureMadeElsewhereServesUntilItExpiresAndThatIsSaid) {
  ServiceBusStandin standin;
  standin.make_topic("events", {"g"});
  standin.make_topic("verdicts", {"g"});
  bus_servicebus::Options options{
      .connection_string = signed_for(standin, seconds(3)), .events_topic = "events", .verdicts_topic = "verdicts"};
  const auto bus = open_bus(options);
  ASSERT_TRUE(bus.has_value()) << bus.error().message;
  const auto consumer = open_group(**bus, "g");
  ASSERT_TRUE(try_publish(**bus, {envelope(1)}));
  EXPECT_THAT(receive_within(*consumer, seconds(10), 1), SizeIs(1));
  EXPECT_TRUE(wait_until([&] { return !run((*bus)->check()).has_value(); }));
  EXPECT_FALSE(try_publish(**bus, {envelope(2)}));
  EXPECT_TRUE(wait_until([&] { return !run(consumer->receive(1, milliseconds(0))).has_value(); }));

  options.connection_string = signed_for(standin, seconds(-1));
  const auto expired = open_bus(options);
  ASSERT_FALSE(expired.has_value());
  EXPECT_EQ(expired.error().code, Errc::unauthenticated);
  EXPECT_THAT(expired.error().detail, HasSubstr("expired"));
}

TEST(ServiceBusCredentials, AnEncryptedServiceIsTrustedByItsCertificateOnlyWithTokensOrAPassword) {
  ServiceBusStandin standin({.lock_ms = 30'000, .tls = true});
  for (const auto login : {bus_servicebus::Login::cbs, bus_servicebus::Login::plain}) {
    ServiceBusBus test({.login = login}, standin);
    const auto consumer = open_group(test.bus(), "g");
    EXPECT_TRUE(try_publish(test.bus(), {envelope(1)}));
    EXPECT_THAT(receive_within(*consumer, seconds(10), 1), SizeIs(1));
  }
  std::string distrust;
  EXPECT_TRUE(wait_until([&] {
    const auto opened = open_bus({.connection_string = standin.connection_string(), .request_timeout = seconds(8)});
    distrust = opened ? "opened" : opened.error().message + ": " + opened.error().detail;
    return distrust.contains("certificate");
  })) << distrust;
  EXPECT_FALSE(open_bus({.connection_string = standin.connection_string("wrong"),
                         .login = bus_servicebus::Login::plain,
                         .ca_file = standin.ca_file(),
                         .request_timeout = seconds(3)})
                   .has_value());
}

}  // namespace liveops::test
