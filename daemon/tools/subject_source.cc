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

Result<FoundSubjects> subjects_of(const SubjectSource& source, const Deployment& deployment, const std::string& only) {
    if (!source.file.empty()) {
        evaluate::Evaluator evaluator(deployment.directory, deployment.rules, {});
        const auto input = evaluate::read_messages(source.file, wall_clock(),
                                                   [&](const journal::Frame& frame) { evaluator.take(frame); });
        if (!input) return fail(input.error());
        evaluator.finish();
        const std::size_t refused = input->bad.size() + evaluator.refusals().size();
        return FoundSubjects{std::move(evaluator).take_subjects(), refused};
    }
    store::SqliteOptions where;
    where.folder = source.data.empty() ? deployment.data_folder : source.data;
    where.read_only = true;
    if (auto entered = enter_read(
            where.folder,
            {.what = "subject", .object = only.empty() ? "*" : only, .is_subject = !only.empty(), .arguments = {}});
        !entered)
        return fail(entered.error());
    auto store = store::open_sqlite(where);
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
