// What a cohort costs in the core in the order in which its sites send it: much of it comes late, a laboratory value
// hours after vital signs that were measured later, and a late fact folds again what stands after it.
//
//   cohort_bench [--subjects N] [--seed N] [--rounds R]
//
// Prints one line of JSON, in ns of this thread's processor time per message, least of the rounds: as_sent_ns, message
// by message; from_scratch_ns, all taken in first and folded once; steps_again, how many facts a message made the fold
// take again on average; resident_bytes, by
// how much the process grew in the first round for a subject.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/ingest/admission.h"
#include "daemon/simulate/simulation.h"
#include "rules/timeline/subject_timeline.h"

namespace {

using namespace cellvigil;

// Memory of this process that is in use now.
double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * 4096;
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Message {
    std::string key;
    std::string value;
    Instant at{};
};

std::vector<Message> cohort_of(std::uint32_t subjects, std::uint64_t seed) {
    std::vector<Message> messages;
    auto parameters = simulate::preset("c-car039");
    if (!parameters) return messages;
    constexpr std::int64_t kNow = 1'780'000'000'000;  // a fixed day, so that a seed always gives the same messages
    parameters->now = Instant(milliseconds(kNow));
    parameters->subjects = subjects;
    parameters->seed = seed;
    parameters->stream.wrong_keys = 0;
    auto simulation = simulate::Simulation::make(*parameters);
    if (!simulation) return messages;
    while (simulation->draw_next()) {
    }
    simulation->finish();
    static_cast<void>(simulation->emit([&](const simulate::Outgoing& one) -> Result<void> {
        messages.push_back({std::string(one.key), std::string(one.value), one.at});
        return {};
    }));
    return messages;
}

using Subjects = std::map<std::string, SubjectTimeline, std::less<>>;

// Admits every message and hands those that are accepted to `take` with their subject; ns a message.
template <typename Take>
double ns_each(const std::vector<Message>& messages, Subjects& subjects, Take&& take) {
    config::Config config;
    config.studies = config::embedded_studies();
    ingest::Admission admission(std::make_shared<const ingest::Directory>(config::directory_of(config)));
    const double started = cpu_seconds();
    std::int64_t position = 0;
    for (const Message& message : messages) {
        const auto& admitted = admission.admit({.partition = 0,
                                                .partition_count = 0,
                                                .position = position++,
                                                .appended_at = message.at,
                                                .key = message.key,
                                                .headers = {},
                                                .value = message.value});
        if (admitted.intake != Intake::accepted || admitted.event.subject.empty()) continue;
        take(subjects.try_emplace(message.key, message.key).first->second, admitted.event);
    }
    return (cpu_seconds() - started) * 1e9 / static_cast<double>(messages.size());
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t subjects = 200;
    std::uint64_t seed = 5;
    std::uint64_t rounds = 3;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string_view value = argv[i + 1];
        std::uint64_t* into = name == "--subjects" ? &subjects : name == "--seed" ? &seed : &rounds;
        std::from_chars(value.data(), value.data() + value.size(), *into);
    }
    const std::vector<Message> messages = cohort_of(static_cast<std::uint32_t>(subjects), seed);
    if (messages.empty() || rounds == 0) {
        std::cerr << "cohort_bench [--subjects N] [--seed N] [--rounds R]\n";
        return 64;
    }
    RuleSet rules;
    rules.scales = kDefaultScales;
    double admitted = std::numeric_limits<double>::max();
    double sent = admitted;
    double scratch = admitted;
    double again = 0;
    double resident = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        Subjects all;
        admitted = std::min(admitted, ns_each(messages, all, [](SubjectTimeline&, const Event&) {}));
        const double before = resident_bytes();
        sent = std::min(sent, ns_each(messages, all, [&](SubjectTimeline& subject, const Event& event) {
                            subject.apply(event, rules);
                        }));
        if (round == 0) resident = (resident_bytes() - before) / static_cast<double>(all.size());
        again = 0;
        for (const auto& [key, subject] : all)
            again += static_cast<double>(subject.folded_again()) / static_cast<double>(messages.size());
        all.clear();
        double collected =
            ns_each(messages, all, [](SubjectTimeline& subject, const Event& event) { subject.collect(event); });
        const double started = cpu_seconds();
        for (auto& [key, subject] : all) subject.rederive(rules);
        collected += (cpu_seconds() - started) * 1e9 / static_cast<double>(messages.size());
        scratch = std::min(scratch, collected);
    }
    std::cout << "{\"bench\":\"cohort\",\"messages\":" << messages.size() << ",\"subjects\":" << subjects
              << ",\"as_sent_ns\":" << sent - admitted << ",\"from_scratch_ns\":" << scratch - admitted
              << ",\"steps_again\":" << again << ",\"resident_bytes\":" << resident << "}" << std::endl;
    return 0;
}
