// Asks the brokers for the ends of the assigned partitions: once a second all of them, for the lag; and while messages
// flow and the local queues run low, one of them every few milliseconds. The second is a work-around: with full queues
// librdkafka 2.0.2 lets its broker thread sleep until the next full second, and any request to that broker wakes it
// (measured: 0.55 -> 1.76 million messages a second). Its query may never return on 2.0.2, hence a thread that close()
// does not depend on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/kafka/consumer.h"
#include "daemon/kafka/handle.h"

namespace cellvigil::kafka {

// What the thread sees of the consumer; shared, because the thread may outlive it.
struct EndsView {
    std::shared_ptr<rd_kafka_t> client;
    std::string topic;
    milliseconds poke_interval{5};
    std::atomic<bool> flowing{false};  // messages were taken lately and the queues are low
    std::atomic<bool> connected{false};
    std::atomic<std::uint64_t> pokes{0};

    std::mutex mutex;  // guards the rest
    std::condition_variable changed;
    bool stopping = false;
    bool finished = false;
    std::vector<PartitionLag> ends;  // of the assigned partitions
};

class Ends {
  public:
    explicit Ends(std::shared_ptr<EndsView> view);
    ~Ends();  // waits a little for the thread, then leaves it to itself
    Ends(const Ends&) = delete;
    Ends& operator=(const Ends&) = delete;

  private:
    std::shared_ptr<EndsView> view_;
    std::thread thread_;
};

}  // namespace cellvigil::kafka
