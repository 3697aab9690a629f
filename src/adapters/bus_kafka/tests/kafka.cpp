#include "adapters/bus_kafka/tests/kafka.hpp"

#include <cstdlib>
#include <stdexcept>

namespace ticketshow::bus_kafka {

std::string test_brokers() {
  const char* address = std::getenv("TICKETSHOW_TEST_KAFKA");  // NOLINT(concurrency-mt-unsafe): never set by us
  if (address == nullptr) {
    throw std::runtime_error(
        "TICKETSHOW_TEST_KAFKA is not set; run this suite through ./test, or: "
        "export TICKETSHOW_TEST_KAFKA=$(python3 -m tests.stack start kafka var/test/kafka)");
  }
  return address;
}

}  // namespace ticketshow::bus_kafka
