// The baseline of the end-to-end benchmark: reads a topic to its end and touches every payload, nothing else.
//
//   bare_consumer --bootstrap HOST:PORT --topic TOPIC [--loop poll|queue] [--settings large|stock]
//
// poll: rd_kafka_consumer_poll, the stock loop. queue: partitions forwarded to a private queue that is served by
// callback, with the broker thread poked out of its stall: the best loop we know (bench/CMakeLists.txt links that one
// with mimalloc as best_consumer). large: fetches as large as the daemon's, and a long queue: librdkafka 2.0 waits half
// a second whenever a short one is full, which the daemon pokes it out of and a stock loop does not. stock: every
// setting of the library as it comes. Prints one line of JSON: time counts from the assignment to the last message.
#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::string bootstrap;
    std::string topic;
    std::string loop = "poll";
    std::string settings = "large";
};

struct Seen {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t touched = 0;                  // so that touching is not optimised away
    std::map<std::int32_t, std::int64_t> open;  // partition to the offset one past its last message
    Clock::time_point last = Clock::now();
};

void see(Seen& seen, const rd_kafka_message_t& message) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    const auto* bytes = static_cast<const unsigned char*>(message.payload);
    if (message.len > 0) {
        seen.touched += static_cast<std::uint64_t>(bytes[0] + bytes[message.len / 2] + bytes[message.len - 1]);
    }
    ++seen.messages;
    seen.bytes += message.len;
    const auto open = seen.open.find(message.partition);
    if (open == seen.open.end() || message.offset + 1 < open->second) return;
    seen.open.erase(open);
    seen.last = Clock::now();
}

rd_kafka_t* make_client(const Options& options) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    using Settings = std::vector<std::pair<const char*, std::string>>;
    const auto set = [&](const Settings& settings) {
        for (const auto& [name, value] : settings) rd_kafka_conf_set(conf, name, value.c_str(), nullptr, 0);
    };
    set({{"bootstrap.servers", options.bootstrap},
         {"group.id", "bare-consumer"},
         {"enable.auto.commit", "false"},
         {"enable.auto.offset.store", "false"}});
    if (options.settings == "large") {
        set({{"fetch.wait.max.ms", "20"},
             {"fetch.message.max.bytes", "2097152"},
             {"fetch.max.bytes", "8388608"},
             {"receive.message.max.bytes", "100000000"},
             {"queued.min.messages", "400000"},
             {"queued.max.messages.kbytes", "262144"},
             {"socket.nagle.disable", "true"}});
    }
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
    if (client != nullptr) rd_kafka_poll_set_consumer(client);
    return client;
}

// What is to be read, per partition.
std::map<std::int32_t, std::int64_t> ends_of(rd_kafka_t* client, const std::string& topic) {
    std::map<std::int32_t, std::int64_t> ends;
    rd_kafka_topic_t* handle = rd_kafka_topic_new(client, topic.c_str(), nullptr);
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client, 0, handle, &metadata, 10'000) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
            std::int64_t low = 0;
            std::int64_t high = 0;
            rd_kafka_query_watermark_offsets(client, topic.c_str(), i, &low, &high, 10'000);
            if (high > low) ends[i] = high;
        }
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(handle);
    return ends;
}

void assign_all(rd_kafka_t* client, const Options& options, const Seen& seen, rd_kafka_queue_t* queue) {
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(static_cast<int>(seen.open.size()));
    for (const auto& entry : seen.open) {
        rd_kafka_topic_partition_list_add(list, options.topic.c_str(), entry.first)->offset = RD_KAFKA_OFFSET_BEGINNING;
        if (queue == nullptr) continue;
        rd_kafka_queue_t* of_partition = rd_kafka_queue_get_partition(client, options.topic.c_str(), entry.first);
        rd_kafka_queue_forward(of_partition, queue);
        rd_kafka_queue_destroy(of_partition);
    }
    rd_kafka_assign(client, list);
    rd_kafka_topic_partition_list_destroy(list);
}

void read_by_poll(rd_kafka_t* client, Seen& seen) {
    while (!seen.open.empty()) {
        rd_kafka_message_t* message = rd_kafka_consumer_poll(client, 100);
        if (message == nullptr) continue;
        see(seen, *message);
        rd_kafka_message_destroy(message);
    }
}

void read_by_queue(rd_kafka_t* client, const Options& options, rd_kafka_queue_t* queue, Seen& seen) {
    std::atomic<bool> reading{true};
    const std::int32_t some = seen.open.begin()->first;
    std::thread poking([&] {
        std::int64_t low = 0;
        std::int64_t high = 0;
        while (reading) {
            rd_kafka_query_watermark_offsets(client, options.topic.c_str(), some, &low, &high, 1000);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    while (!seen.open.empty()) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        rd_kafka_consume_callback_queue(
            queue, 100, [](rd_kafka_message_t* message, void* into) { see(*static_cast<Seen*>(into), *message); },
            &seen);
#pragma GCC diagnostic pop
    }
    reading = false;
    poking.join();
}

Options options_of(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--bootstrap") options.bootstrap = argv[i + 1];
        if (name == "--topic") options.topic = argv[i + 1];
        if (name == "--loop") options.loop = argv[i + 1];
        if (name == "--settings") options.settings = argv[i + 1];
    }
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = options_of(argc, argv);
    rd_kafka_t* client = make_client(options);
    if (client == nullptr || options.bootstrap.empty() || options.topic.empty()) {
        std::cerr << "bare_consumer --bootstrap HOST:PORT --topic TOPIC [--loop poll|queue] [--settings large|stock]\n";
        return 64;
    }
    Seen seen;
    seen.open = ends_of(client, options.topic);
    if (seen.open.empty()) {
        std::cerr << "the topic is empty or not there\n";
        return 69;
    }
    rd_kafka_queue_t* queue = options.loop == "queue" ? rd_kafka_queue_new(client) : nullptr;
    const auto started = Clock::now();
    assign_all(client, options, seen, queue);
    if (queue != nullptr) {
        read_by_queue(client, options, queue, seen);
    } else {
        read_by_poll(client, seen);
    }
    const double took = std::chrono::duration<double>(seen.last - started).count();
    std::cout << "{\"loop\":\"" << options.loop << "\",\"settings\":\"" << options.settings
              << "\",\"messages\":" << seen.messages << ",\"bytes\":" << seen.bytes << ",\"seconds\":" << took
              << ",\"messages_per_second\":" << static_cast<double>(seen.messages) / took
              << ",\"touched\":" << seen.touched << "}" << std::endl;
    if (queue != nullptr) rd_kafka_queue_destroy(queue);
    rd_kafka_assign(client, nullptr);
    std::cout.flush();
    _Exit(0);  // what follows is librdkafka's tidying up, not part of the measurement
}
