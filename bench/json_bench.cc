// Envelopes as JSON: read from lines and from an array, and written. items_per_second is envelopes.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/ingest_json/json.h"

namespace cellvigil::ingest {
namespace {

// A temperature, as a site sends it: 633 bytes.
constexpr const char* kTemperature =
    R"({"message_id":"019b8c7e-4d1a-7c3e-9f20-5a1b2c3d4e5f","source_system":"ward-monitor","study_id":"CV-101",)"
    R"("cohort_id":"DL2","site_id":"S01","subject_id":"S01-0007","record_id":"obs/2026-01-07/000123","record_version":1,)"
    R"("action":"CREATE","effective":{"instant":"2026-01-07T03:10:00Z","precision":"MINUTE","utc_offset_minutes":60},)"
    R"("recorded_at":"2026-01-07T03:11:05Z","sent_at":"2026-01-07T03:11:06.250Z","producer_sequence":4711,"origin":"EHR",)"
    R"("observation":{"code":{"system":"http://loinc.org","code":"8310-5","display":"Body temperature"},)"
    R"("quantity":{"value":38.6,"unit":"Cel"},"status":"FINAL"}})";

std::string many(int count, const char* open, const char* between, const char* close) {
    std::string text = open;
    for (int i = 0; i < count; ++i) {
        if (i > 0) text += between;
        text += kTemperature;
    }
    return text + close;
}

void read_text(benchmark::State& state, const std::string& text) {
    std::int64_t items = 0;
    while (state.KeepRunning()) {
        const auto read = envelopes_of_json(text);
        items += static_cast<std::int64_t>(read.size());
        if (read.empty() || !read.front().issues.empty()) state.SkipWithError("the text is wrong");
    }
    state.SetItemsProcessed(items);
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void read_lines(benchmark::State& state) { read_text(state, many(static_cast<int>(state.range(0)), "", "\n", "\n")); }
void read_array(benchmark::State& state) { read_text(state, many(static_cast<int>(state.range(0)), "[", ",", "]")); }

void write(benchmark::State& state) {
    const std::string envelope = envelopes_of_json(kTemperature).front().envelope;
    while (state.KeepRunning()) benchmark::DoNotOptimize(json_of_envelope(envelope));
    state.SetItemsProcessed(state.iterations());
}

BENCHMARK(read_lines)->Arg(1)->Arg(1000);
BENCHMARK(read_array)->Arg(1000);
BENCHMARK(write);

}  // namespace
}  // namespace cellvigil::ingest
