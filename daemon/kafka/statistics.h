// What we read out of librdkafka's statistics. Inside daemon/kafka only.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/kafka/consumer.h"

namespace cellvigil::kafka {

struct Statistics {
    std::int64_t fetched_messages = 0;
    std::int64_t fetched_bytes = 0;
    std::vector<BrokerStatistics> brokers;  // with an id: not the bootstrap entries
};

// Unknown members are passed over; what is not JSON gives an empty answer.
Statistics read_statistics(std::string_view json);

}  // namespace cellvigil::kafka
