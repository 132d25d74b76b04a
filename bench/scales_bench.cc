// What grading costs per event on each scale: the same ward's events, in order, folded with no scale chosen, with one
// at a time, with the default ones and with all that are computed.
//
//   scales_bench [--events N] [--subjects S] [--rounds R]
//
// Prints one line of JSON, in ns of this thread's processor time per event. kept_ns: the event is only kept, nothing is
// derived. without_ns: beside it the fold, with the ASTCT scales of CRS and ICANS, which every subject is graded by,
// and what has no scale to choose (zoster, attention to infections). by_scale_ns: what one scale adds to that. Several
// scales share most of what they look at, so that all of them together cost less than the sum. Least of the rounds,
// which take turns.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/clock.h"
#include "daemon/config/config.h"
#include "daemon/ingest/admission.h"
#include "daemon/simulate/ward_load.h"
#include "rules/timeline/subject_timeline.h"

namespace {

using namespace cellvigil;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Arguments {
    std::uint64_t events = 200'000;
    std::uint32_t subjects = 200;
    int rounds = 3;
};

Arguments arguments_of(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string_view value = argv[i + 1];
        std::uint64_t number = 0;
        std::from_chars(value.data(), value.data() + value.size(), number);
        if (name == "--events") arguments.events = number;
        if (name == "--subjects") arguments.subjects = static_cast<std::uint32_t>(number);
        if (name == "--rounds") arguments.rounds = static_cast<int>(number);
    }
    return arguments;
}

// The ward's events as admission makes them, with the bytes that they look into.
class Events {
  public:
    explicit Events(const Arguments& arguments) : subjects_(arguments.subjects) {
        simulate::WardLoad load;
        load.messages = arguments.events;
        load.subjects = arguments.subjects;
        load.now = wall_clock();
        simulate::WardGenerator generator(load);
        config::Config config;
        config.studies = config::embedded_studies();
        ingest::Admission admission(std::make_shared<const ingest::Directory>(config::directory_of(config)));
        bytes_.reserve(arguments.events);
        simulate::Outgoing out;
        while (generator.next(out)) {
            bytes_.emplace_back(out.value);
            const auto& admitted = admission.admit({.partition = 0,
                                                    .partition_count = 0,
                                                    .position = static_cast<std::int64_t>(bytes_.size()),
                                                    .appended_at = load.now,
                                                    .key = out.key,
                                                    .headers = {},
                                                    .value = bytes_.back()});
            if (admitted.intake == Intake::accepted) events_.push_back(admitted.event);
        }
        if (events_.size() != bytes_.size())
            std::cerr << bytes_.size() - events_.size() << " events were not accepted\n";
    }
    std::size_t size() const { return events_.size(); }

    // Round after round over the subjects, as the ward's load comes.
    template <typename Take>
    double ns_each(Take&& take) const {
        std::vector<SubjectTimeline> timelines;
        timelines.reserve(subjects_);
        for (std::uint32_t i = 0; i < subjects_; ++i) timelines.emplace_back("S/" + std::to_string(i));
        const double started = cpu_seconds();
        for (std::size_t i = 0; i < events_.size(); ++i) take(timelines[i % subjects_], events_[i]);
        return (cpu_seconds() - started) * 1e9 / static_cast<double>(events_.size());
    }

  private:
    std::uint32_t subjects_;
    std::vector<std::string> bytes_;
    std::vector<Event> events_;
};

constexpr ScaleSet kGradedAlways{Scale::astct_crs_2019, Scale::astct_icans_2019};

RuleSet with(ScaleSet scales) {
    RuleSet rules;
    rules.scales = kGradedAlways;
    rules.scales.add(scales);
    return rules;
}

class Costs {
  public:
    void note(const std::string& what, double ns) {
        const auto place = least_.try_emplace(what, std::numeric_limits<double>::max()).first;
        place->second = std::min(place->second, ns);
    }
    double of(const std::string& what) const { return least_.at(what); }

  private:
    std::map<std::string, double> least_;
};

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments = arguments_of(argc, argv);
    if (arguments.events == 0 || arguments.subjects == 0 || arguments.rounds <= 0) {
        std::cerr << "scales_bench [--events N] [--subjects S] [--rounds R]\n";
        return 64;
    }
    const Events events(arguments);
    Costs costs;
    const auto fold = [&](const std::string& what, const RuleSet& rules) {
        costs.note(what,
                   events.ns_each([&](SubjectTimeline& subject, const Event& event) { subject.apply(event, rules); }));
    };
    std::vector<Scale> scales;
    for (int i = 0; i < static_cast<int>(Scale::unspecified); ++i) {
        const auto scale = static_cast<Scale>(i);
        if (kComputedScales.has(scale) && !kGradedAlways.has(scale)) scales.push_back(scale);
    }
    for (int round = 0; round < arguments.rounds; ++round) {
        fold("warming up", with(kComputedScales));  // pays for memory that the others find there
        fold("without", with({}));
        for (const Scale scale : scales) fold(name_of(scale), with({scale}));
        fold("default", with(kDefaultScales));
        fold("all", with(kComputedScales));
        costs.note("kept",
                   events.ns_each([](SubjectTimeline& subject, const Event& event) { subject.collect(event); }));
    }
    std::cout << "{\"bench\":\"scales\",\"events\":" << events.size() << ",\"subjects\":" << arguments.subjects
              << ",\"kept_ns\":" << costs.of("kept") << ",\"without_ns\":" << costs.of("without")
              << ",\"default_ns\":" << costs.of("default") << ",\"all_ns\":" << costs.of("all") << ",\"by_scale_ns\":{";
    for (std::size_t i = 0; i < scales.size(); ++i) {
        std::cout << (i == 0 ? "\"" : ",\"") << name_of(scales[i])
                  << "\":" << costs.of(name_of(scales[i])) - costs.of("without");
    }
    std::cout << "}}" << std::endl;
    return 0;
}
