#include "daemon/tools/subject_source.h"

#include "daemon/clock.h"
#include "daemon/evaluate/input.h"
#include "daemon/tools/command.h"
#include "daemon/tools/read_entry.h"

namespace cellvigil::tools {

void add_source_options(CLI::App& command, SubjectSource& source) {
    command.add_option("--data", source.data, "The daemon's data folder (it may be running)");
    command.add_option("--file", source.file, "A file of messages instead of a data folder");
    command.add_option("--config", source.config, "The daemon's configuration");
    command.add_option("--rules", source.rules, "A rule pack, instead of the configuration's");
}

Result<Deployment> deployment_of(const SubjectSource& source) {
    return read_deployment(source.config, source.rules, source.config.empty() && !source.file.empty());
}

namespace {

// To read one subject, or with an empty name all: the read is audited first.
Result<std::unique_ptr<store::Store>> store_of(const SubjectSource& source, const Deployment& deployment,
                                               const std::string& only) {
    store::SqliteOptions where;
    where.folder = source.data.empty() ? deployment.data_folder : source.data;
    where.read_only = true;
    if (auto entered = enter_read(
            where.folder,
            {.what = "subject", .object = only.empty() ? "*" : only, .is_subject = !only.empty(), .arguments = {}});
        !entered) {
        return fail(entered.error());
    }
    return store::open_sqlite(where);
}

}  // namespace

Result<std::size_t> each_subject(const SubjectSource& source, const Deployment& deployment,
                                 const std::function<void(const std::string&, const SubjectTimeline&)>& visit) {
    if (!source.file.empty()) {
        const auto found = subjects_of(source, deployment, {});
        if (!found) return fail(found.error());
        for (const auto& [key, timeline] : found->subjects) visit(key, timeline);
        return found->refused;
    }
    const auto store = store_of(source, deployment, {});
    if (!store) return fail(store.error());
    auto visited = evaluate::each_recovered_subject(**store, deployment.directory, deployment.rules, visit);
    if (!visited) return fail(visited.error());
    return std::size_t{0};
}

Result<FoundSubjects> subjects_of(const SubjectSource& source, const Deployment& deployment, const std::string& only) {
    if (!source.file.empty()) {
        const Instant now = wall_clock();
        evaluate::Evaluator evaluator(deployment.directory, deployment.rules, {.unlogged = now});
        const auto input =
            evaluate::read_messages(source.file, now, [&](const journal::Frame& frame) { evaluator.take(frame); });
        if (!input) return fail(input.error());
        evaluator.finish();
        const std::size_t refused = input->bad.size() + evaluator.refusals().size();
        return FoundSubjects{std::move(evaluator).take_subjects(), refused};
    }
    const auto store = store_of(source, deployment, only);
    if (!store) return fail(store.error());
    auto subjects = evaluate::recovered_subjects(**store, deployment.directory, deployment.rules, only);
    if (!subjects) return fail(subjects.error());
    return FoundSubjects{std::move(*subjects), 0};
}

Result<std::optional<Instant>> time_of(const std::string& text, const char* option) {
    if (text.empty()) return std::optional<Instant>();
    const auto at = parse_rfc3339(text);
    if (!at) return fail(Errc::invalid, std::string(option) + ": " + at.error().detail);
    return std::optional<Instant>(*at);
}

}  // namespace cellvigil::tools
