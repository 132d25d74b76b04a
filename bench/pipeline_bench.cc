// The daemon's own work without a broker: what a message costs from its bytes to the committed state.
//
//   pipeline_bench rate [--messages N] [--subjects S] [--folder DIR]
//       cost per message, split; with commits to SQLite in DIR
//   pipeline_bench lengths
//       cost per message by the length of a subject's history
//   pipeline_bench subjects
//       cost per message by the number of subjects
//   pipeline_bench latency --folder DIR [--rate R] [--seconds T]
//       from handing over to durable, and to an alert durable
//
// --reserve M takes M MiB at the start, as memory.reserve_bytes does.
//
// Each prints lines of JSON. The messages are a ward's mix (daemon/simulate/ward_load.h).
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/ward_messages.h"
#include "daemon/allocator.h"
#include "daemon/clock.h"
#include "daemon/config/config.h"
#include "daemon/ingest/lookahead.h"
#include "daemon/pipeline/committer.h"
#include "daemon/pipeline/embedded_log.h"
#include "daemon/pipeline/shard.h"
#include "daemon/pipeline/worker.h"
#include "daemon/store/memory.h"
#include "daemon/store/store.h"
#include "daemon/wire/encode.h"
#include "rules/base/hash.h"

namespace {

using namespace cellvigil;
using bench::kPartitions;
using bench::Messages;
using Clock = std::chrono::steady_clock;

// CPU time of this thread: costs per message that do not depend on what else the machine does.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Arguments {
    std::string what;
    std::map<std::string, std::string> values;
    std::uint64_t number(const std::string& name, std::uint64_t otherwise) const {
        const auto found = values.find(name);
        if (found != values.end()) {
            std::from_chars(found->second.data(), found->second.data() + found->second.size(), otherwise);
        }
        return otherwise;
    }
    std::string text(const std::string& name) const {
        const auto found = values.find(name);
        return found == values.end() ? std::string() : found->second;
    }
};

pipeline::Settings settings() {
    return {std::make_shared<const ingest::Directory>(config::directory_of([] {
                config::Config config;
                config.studies = config::embedded_studies();
                return config;
            }())),
            std::make_shared<const RuleSet>()};
}

std::string encode(const pipeline::AlertNews& news) { return std::string(name_of(news.change.alert.rule)); }

std::unique_ptr<store::Store> open_store(const std::string& folder) {
    if (folder.empty()) return store::open_memory();
    std::filesystem::remove_all(folder);
    auto opened = store::open_sqlite({.folder = folder});
    if (!opened) {
        std::cerr << opened.error().detail << '\n';
        std::exit(1);
    }
    return std::move(*opened);
}

// A shard over its own store, fed from memory.
// As a worker does it, without its thread.
class Taker : public ingest::Receiver {
  public:
    void take_to(pipeline::Shard& shard) { shard_ = &shard; }
    void expect(const ingest::MessageView& message) override { shard_->expect(message); }
    void prepare(const ingest::MessageView& message) override { shard_->prepare(message); }
    bool receive(const ingest::Received& received) override { return shard_->take(received) == pipeline::Taken::done; }
    void handed_over() override { shard_->settle(); }
    void broken(std::uint32_t, const Error&) override {}

  private:
    pipeline::Shard* shard_ = nullptr;
};

class Engine {
  public:
    explicit Engine(const std::string& folder) : store_(open_store(folder)) {
        static_cast<void>(store_->bind("embedded", kPartitions));
        pipeline::ShardOptions options;
        options.settings = settings();
        options.encode_alert = encode;
        options.memory_limit = std::uint64_t{16} << 30U;
        shard_ = std::make_unique<pipeline::Shard>(std::move(options), *store_, counters_, process_);
        taker_.take_to(*shard_);
        for (std::uint32_t i = 0; i < kPartitions; ++i) {
            static_cast<void>(shard_->claim(i, "bench"));
            static_cast<void>(shard_->recover(i));
        }
    }

    struct Spent {
        double taking = 0;
        double closing = 0;
        double committing = 0;
        std::uint64_t commits = 0;
    };
    Spent feed(const Messages& messages, std::size_t from, std::size_t until, bool commit = true) {
        Spent spent;
        const Instant now = wall_clock();
        std::size_t i = from;
        while (i < until) {
            const double started = cpu_seconds();
            ahead_.begin(taker_);
            for (; i < until && shard_->messages() < 20'000 && shard_->bytes() < (4U << 20U); ++i) {
                const auto partition = messages.partition(i);
                ahead_.add({.partition = partition,
                            .partition_count = kPartitions,
                            .position = next_[partition]++,
                            .appended_at = now,
                            .key = messages.key(i),
                            .headers = {},
                            .value = messages.value(i)});
            }
            ahead_.hand_over_all();
            const double taken = cpu_seconds();
            pipeline::Batch batch = shard_->close();
            const double closed = cpu_seconds();
            if (commit && !store_->write(batch.commit)) std::exit(1);
            for (auto& segment : batch.commit.segments)
                batch.spent.push_back(std::move(segment.frames));  // as the committer does
            shard_->settled(batch, {});
            spent.taking += taken - started;
            spent.closing += closed - taken;
            spent.committing += cpu_seconds() - closed;
            ++spent.commits;
        }
        return spent;
    }
    const metrics::WorkerCounters& counters() const { return counters_; }
    const metrics::ProcessCounters& process() const { return process_; }

  private:
    std::unique_ptr<store::Store> store_;
    metrics::WorkerCounters counters_;
    metrics::ProcessCounters process_;
    std::unique_ptr<pipeline::Shard> shard_;
    Taker taker_;
    ingest::Lookahead ahead_;
    std::map<std::uint32_t, std::int64_t> next_;
};

double admission_ns(const Messages& messages) {
    ingest::Admission admission(settings().directory);
    const Instant now = wall_clock();
    const double started = cpu_seconds();
    std::uint64_t accepted = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto& admitted = admission.admit({.partition = messages.partition(i),
                                                .partition_count = kPartitions,
                                                .position = 0,
                                                .appended_at = now,
                                                .key = messages.key(i),
                                                .headers = {},
                                                .value = messages.value(i)});
        accepted += admitted.intake == Intake::accepted ? 1U : 0U;
    }
    if (accepted != messages.size()) std::cerr << messages.size() - accepted << " messages were not accepted\n";
    return (cpu_seconds() - started) * 1e9 / static_cast<double>(messages.size());
}

void rate(const Arguments& arguments) {
    Messages messages(arguments.number("--messages", 2'000'000),
                      static_cast<std::uint32_t>(arguments.number("--subjects", 2000)));
    messages.arrange();
    const double admitting = admission_ns(messages);
    Engine engine(arguments.text("--folder"));
    // Lets a profiler that shares this clock look at the feeding alone (perf record -k CLOCK_MONOTONIC, perf report
    // --time).
    std::cerr << "feeding from " << std::fixed << std::chrono::duration<double>(Clock::now().time_since_epoch()).count()
              << '\n';
    const auto spent = engine.feed(messages, 0, messages.size());
    const auto per_message = [&](double seconds) { return seconds * 1e9 / static_cast<double>(messages.size()); };
    const double in_worker = per_message(spent.taking + spent.closing);
    std::cout << "{\"bench\":\"rate\",\"store\":\"" << (arguments.text("--folder").empty() ? "memory" : "sqlite")
              << "\",\"messages\":" << messages.size() << ",\"mean_bytes\":" << messages.mean_bytes()
              << ",\"admit_ns\":" << admitting << ",\"admit_apply_frame_ns\":" << per_message(spent.taking)
              << ",\"close_ns\":" << per_message(spent.closing) << ",\"commit_ns\":" << per_message(spent.committing)
              << ",\"commits\":" << spent.commits << ",\"worker_messages_per_second\":" << 1e9 / in_worker
              << ",\"subject_bytes\":" << engine.process().subject_bytes.get() << "}" << std::endl;
}

void lengths() {
    for (const std::uint64_t length : {100U, 1'000U, 10'000U, 100'000U}) {
        constexpr std::uint64_t kMeasured = 20'000;
        // As many subjects as make the measured part spread over several; each reaches `length` before it is measured.
        const std::uint32_t subjects = length >= 100'000 ? 2 : 10;
        const Messages messages(length * subjects + kMeasured, subjects);
        Engine engine("");
        engine.feed(messages, 0, messages.size() - kMeasured);
        const auto spent = engine.feed(messages, messages.size() - kMeasured, messages.size(), false);
        std::cout << "{\"bench\":\"lengths\",\"events_per_subject\":" << length
                  << ",\"ns_per_message\":" << spent.taking * 1e9 / static_cast<double>(kMeasured) << "}" << std::endl;
    }
}

void many_subjects() {
    for (const std::uint32_t subjects : {1'000U, 10'000U, 100'000U, 1'000'000U}) {
        const std::uint64_t before = std::uint64_t{subjects} * 3;
        constexpr std::uint64_t kMeasured = 300'000;
        const Messages messages(before + kMeasured, subjects);
        Engine engine("");
        engine.feed(messages, 0, before);
        const auto spent = engine.feed(messages, before, messages.size(), false);
        std::cout << "{\"bench\":\"subjects\",\"subjects\":" << subjects
                  << ",\"ns_per_message\":" << spent.taking * 1e9 / static_cast<double>(kMeasured)
                  << ",\"bytes_per_subject\":" << engine.process().subject_bytes.get() / subjects << "}" << std::endl;
    }
}

// ---- latency
// --------------------------------------------------------------------------------------------------------------

class Histogram {
  public:
    void add(double seconds) {
        const std::lock_guard lock(mutex_);
        values_.push_back(seconds);
    }
    std::string json() {
        const std::lock_guard lock(mutex_);
        std::sort(values_.begin(), values_.end());
        const auto at = [&](double share) {
            if (values_.empty()) return 0.0;
            const auto place = static_cast<std::size_t>(share * static_cast<double>(values_.size() - 1));
            return values_[place] * 1e3;
        };
        return "{\"count\":" + std::to_string(values_.size()) + ",\"p50_ms\":" + std::to_string(at(0.5)) +
               ",\"p95_ms\":" + std::to_string(at(0.95)) + ",\"p99_ms\":" + std::to_string(at(0.99)) +
               ",\"max_ms\":" + std::to_string(at(1.0)) + "}";
    }

  private:
    std::mutex mutex_;
    std::vector<double> values_;
};

// A herpes zoster of a subject of its own: one alert each.
ingest::Submission sentinel(int number) {
    const std::string subject = "SENTINEL-" + std::to_string(number);
    const std::string id = "sentinel-" + std::to_string(number);
    Event event;
    event.message_id = id;
    event.source_system = "bench";
    event.study = "CCAR039-SIM";
    event.cohort = "C-CAR039";
    event.site = "site-01";
    event.subject = subject;
    event.record = id;
    event.effective = {wall_clock() - hours(1), wall_clock() - hours(1), UtcOffset(480), TimePrecision::second};
    event.recorded_at = wall_clock() - minutes(30);
    Infection infection;
    infection.pathogen = PathogenClass::viral;
    infection.organism = Organism::vzv;
    infection.certainty = Certainty::proven;
    infection.zoster = Zoster{};
    event.body = infection;
    return {"CCAR039-SIM/" + subject, wire::encode(event)};
}

// One worker and a committer over SQLite, loaded with `rate` messages a second in submissions of `together`; a sentinel
// every 20 ms. Times: handing over to the answer, and handing over to the commit that holds the sentinel's alert.
void latency(const Arguments& arguments) {
    const std::string folder = arguments.text("--folder");
    const std::uint64_t per_second = arguments.number("--rate", 300'000);
    const std::uint64_t seconds_long = arguments.number("--seconds", 10);
    constexpr std::size_t kTogether = 500;
    auto session = open_store(folder);
    static_cast<void>(session->bind("embedded", kPartitions));
    const auto again = [&] { return std::move(*store::open_sqlite({.folder = folder})); };

    metrics::WorkerCounters counters;
    metrics::ProcessCounters process;
    pipeline::EmbeddedLog log({.partitions = kPartitions, .workers = 1, .now = wall_clock});
    std::unique_ptr<pipeline::Worker> worker;
    Histogram answered;
    Histogram alerted;
    std::mutex mutex;
    std::map<std::string, Clock::time_point> sent;  // subject of a sentinel
    pipeline::CommitterOptions committing;
    committing.give_back = [&](pipeline::Receipt receipt) { worker->receive_receipt(std::move(receipt)); };
    committing.committed = [&](const store::Commit& commit, const std::vector<pipeline::Batch>&) {
        const std::lock_guard lock(mutex);
        for (const auto& alert : commit.alerts) {
            const auto found = sent.find(alert.subject_key);
            if (found != sent.end()) alerted.add(seconds_since(found->second));
        }
    };
    pipeline::Committer committer(again(), process, std::move(committing));
    pipeline::WorkerOptions options;
    options.shard.settings = settings();
    options.shard.encode_alert = encode;
    options.now = wall_clock;
    options.placed = [&](const store::Claim& claim) { log.place(claim.partition, claim.next, claim.log_time); };
    worker =
        std::make_unique<pipeline::Worker>(std::move(options), again(), log.source(0), committer, counters, process);
    worker->start();
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < kPartitions; ++i) all.push_back(i);
    static_cast<void>(worker->claim(all));

    const Messages messages(per_second * seconds_long, 2000);
    std::atomic<std::uint64_t> refused{0};
    const auto started = Clock::now();
    int sentinels = 0;
    for (std::size_t i = 0; i < messages.size();) {
        const auto due = started + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                       static_cast<double>(i) / static_cast<double>(per_second)));
        std::this_thread::sleep_until(due);
        std::vector<ingest::Submission> together;
        for (std::size_t n = 0; n < kTogether && i < messages.size(); ++n, ++i) {
            together.push_back({std::string(messages.key(i)), std::string(messages.value(i))});
        }
        const auto handed = Clock::now();
        log.submit(std::move(together), [&, handed](const Result<std::vector<ingest::Answer>>& answers) {
            answers ? answered.add(seconds_since(handed)) : static_cast<void>(++refused);
        });
        if (seconds_since(started) * 50 > sentinels) {
            auto alarm = sentinel(sentinels++);
            {
                const std::lock_guard lock(mutex);
                sent[alarm.key] = Clock::now();
            }
            log.submit({std::move(alarm)}, [](const auto&) {});
        }
    }
    log.close();
    worker->stop(seconds(60));
    committer.stop(seconds(60));
    log.refuse_rest();
    std::cout << "{\"bench\":\"latency\",\"messages_per_second\":" << per_second << ",\"refused\":" << refused
              << ",\"answer\":" << answered.json() << ",\"alert\":" << alerted.json() << "}" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    if (argc > 1) arguments.what = argv[1];
    for (int i = 2; i + 1 < argc; i += 2) arguments.values[argv[i]] = argv[i + 1];
    if (auto reserved = reserve_memory(arguments.number("--reserve", 0) << 20U); !reserved) {
        std::cerr << reserved.error().detail << '\n';
        return 71;
    }
    if (arguments.what == "rate") {
        rate(arguments);
    } else if (arguments.what == "lengths") {
        lengths();
    } else if (arguments.what == "subjects") {
        many_subjects();
    } else if (arguments.what == "latency" && !arguments.text("--folder").empty()) {
        latency(arguments);
    } else {
        std::cerr
            << "pipeline_bench rate|lengths|subjects|latency [--messages N] [--subjects S] [--folder DIR] [--rate R]\n";
        return 64;
    }
    return 0;
}
