#include "tests/contract/bus/bus_contract.hpp"
#include "tests/contract/bus/bus_servicebus_fixture.hpp"

namespace liveops::test {

INSTANTIATE_TEST_SUITE_P(ServiceBus, BusContract,
                         testing::Values(BusAdapter{"standin", [] { return std::make_unique<ServiceBusBus>(); }}),
                         testing::PrintToStringParamName());

}  // namespace liveops::test
