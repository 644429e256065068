#include "adapters/bus_servicebus/sas_token.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::bus_servicebus {

using std::chrono::seconds;
using std::chrono::sys_seconds;

// Made with Python's hmac, base64 and urllib.parse.quote.
TEST(SasToken, IsWhatOthersMakeOfTheSameKey) {
  EXPECT_EQ(make_sas_token("sb://game.servicebus.windows.net/liveops-events/Subscriptions/progression",
                           "RootManageSharedAccessKey", "kEyWithPadding+/8=", sys_seconds(seconds(1'800'000'000))),
            "SharedAccessSignature "
            "sr=sb%3A%2F%2Fgame.servicebus.windows.net%2Fliveops-events%2FSubscriptions%2Fprogression"
            "&sig=sajUi2SPm27g9jr31QZOlopy8Xm6gZsXjvz9m5cx1%2BU%3D&se=1800000000&skn=RootManageSharedAccessKey");
  EXPECT_EQ(make_sas_token("sb://localhost/\xc3\xa9 q", "send only", "SAS_KEY_VALUE", sys_seconds(seconds(1))),
            "SharedAccessSignature sr=sb%3A%2F%2Flocalhost%2F%C3%A9%20q"
            "&sig=ZCoABkywERRlMY%2BqY83fiz%2BEgFqPAUj7dMceteihUqQ%3D&se=1&skn=send%20only");
}

TEST(SasToken, EncodesAllButTheUnreserved) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode(" /+=&\x7f\xff"), "%20%2F%2B%3D%26%7F%FF");
}

}  // namespace liveops::adapters::bus_servicebus
