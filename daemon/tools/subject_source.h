// Where a command finds subjects: in a daemon's data folder (it may be running), or in a file of messages.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/evaluate/stored.h"
#include "daemon/tools/deployment.h"

namespace CLI {
class App;
}

namespace cellvigil::tools {

struct SubjectSource {
    std::string data;
    std::string file;
    std::string config;
    std::string rules;
};

// `--data`, `--file`, `--config`, `--rules`.
void add_source_options(CLI::App& command, SubjectSource& source);

// A file without a configuration accepts every study. `invalid` with every problem, one a line.
Result<Deployment> deployment_of(const SubjectSource& source);
struct FoundSubjects {
    evaluate::Subjects subjects;
    std::size_t refused = 0;  // messages of a file that were not accepted: quarantined, rejected, unreadable
};
// `only`: this subject alone ("study/subject"); empty: all.
Result<FoundSubjects> subjects_of(const SubjectSource& source, const Deployment& deployment, const std::string& only);

// The subjects one by one, in no order, not all at once in memory when they are in a store. How many messages of a file
// were not accepted.
Result<std::size_t> each_subject(const SubjectSource& source, const Deployment& deployment,
                                 const std::function<void(const std::string&, const SubjectTimeline&)>& visit);

// An option's RFC 3339 time; nullopt when it was not given.
Result<std::optional<Instant>> time_of(const std::string& text, const char* option);

}  // namespace cellvigil::tools
