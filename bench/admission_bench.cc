// What one message costs from its bytes to an accepted event, by kind and by reader. `bytes` is the message's size.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/wire/decode.h"
#include "daemon/wire/encode.h"
#include "rules/base/hash.h"
#include "tests/support/sample_events.h"

namespace cellvigil::ingest {
namespace {

constexpr std::uint32_t kPartitions = 16;

std::shared_ptr<const Directory> directory() {
    Directory all;
    all.studies["study-1"].cohorts = {"cohort-1"};
    all.studies["study-1"].sites["site-01"].offset = UtcOffset(480);
    return std::make_shared<const Directory>(all);
}

struct Sent {
    std::string key;
    std::string value;
};

// Vital signs as a ward sends them, each with its own id, record and value.
std::vector<Sent> ward(std::size_t count) {
    constexpr Analyte kVitals[] = {Analyte::temperature, Analyte::systolic, Analyte::diastolic, Analyte::heart_rate,
                                   Analyte::spo2};
    constexpr std::int64_t kCentre[] = {3770, 11800, 7200, 8800, 9600};
    std::vector<Sent> all;
    for (std::size_t i = 0; i < count; ++i) {
        Observation body;
        body.analyte = kVitals[i % 5];
        body.status = ResultStatus::final;
        const std::int64_t wobble = static_cast<std::int64_t>(i * 37 % 100) - 50;
        body.value = i % 5 == 0 ? hundredths(kCentre[0] + wobble) : whole(kCentre[i % 5] / 100 + wobble / 10);
        Event event = sample::event_with(body);
        std::string message_id = "0190c5a2-7b3e-7c11-9d55-" + std::to_string(100'000'000'000 + i);
        std::string record = "s-0001/vs/" + std::to_string(i);
        event.message_id = message_id;
        event.record = record;
        event.infusion_record = {};
        event.effective_end.reset();
        all.push_back({wire::key_of(event), wire::encode(event)});
    }
    return all;
}

std::vector<Sent> kind(FactKind wanted) {
    for (const Body& body : sample::full_bodies()) {
        if (kind_of(body) == wanted) {
            const Event event = sample::event_with(body);
            return {{wire::key_of(event), wire::encode(event)}};
        }
    }
    return {};
}

void admit(benchmark::State& state, const std::vector<Sent>& messages, wire::Reading reading) {
    Admission admission(directory(), reading);
    std::size_t next = 0;
    benchmark::IterationCount accepted = 0;
    const Instant now = sample::temperature().recorded_at + seconds(5);
    for (auto _ : state) {
        const Sent& sent = messages[next];
        next = next + 1 == messages.size() ? 0 : next + 1;
        MessageView message;
        message.partition_count = kPartitions;
        message.partition = partition_of(sent.key, kPartitions);
        message.appended_at = now;
        message.key = sent.key;
        message.value = sent.value;
        accepted += admission.admit(message).intake == Intake::accepted ? 1 : 0;
    }
    if (accepted != state.iterations()) state.SkipWithError("not all were accepted");
    state.counters["bytes"] = static_cast<double>(messages.front().value.size());
}

void decode(benchmark::State& state, const std::vector<Sent>& messages, wire::Reading reading) {
    wire::Decoder decoder(reading);
    wire::SentEnvelope sent;
    std::size_t next = 0;
    for (auto _ : state) {
        const std::string& value = messages[next].value;
        next = next + 1 == messages.size() ? 0 : next + 1;
        benchmark::DoNotOptimize(decoder.read(value, sent));
        benchmark::DoNotOptimize(sent.content_hash);
    }
    state.counters["bytes"] = static_cast<double>(messages.front().value.size());
}

BENCHMARK_CAPTURE(decode, vitals_fast, ward(1000), wire::Reading::fast);
BENCHMARK_CAPTURE(decode, vitals_libprotobuf, ward(1000), wire::Reading::reference);
BENCHMARK_CAPTURE(admit, vitals_fast, ward(1000), wire::Reading::fast);
BENCHMARK_CAPTURE(admit, vitals_libprotobuf, ward(1000), wire::Reading::reference);
BENCHMARK_CAPTURE(admit, laboratory_fast, kind(FactKind::observation), wire::Reading::fast);
BENCHMARK_CAPTURE(admit, intervention, kind(FactKind::intervention), wire::Reading::fast);
BENCHMARK_CAPTURE(admit, ice_assessment, kind(FactKind::ice_assessment), wire::Reading::fast);
BENCHMARK_CAPTURE(admit, adverse_event, kind(FactKind::adverse_event), wire::Reading::fast);

}  // namespace
}  // namespace cellvigil::ingest
