#include "daemon/subject_views.h"

#include <utility>

#include "daemon/views/subject_view.h"

namespace cellvigil {

void PipelineSubjectViews::assessments(std::string study, std::string subject, Done done) {
    pipeline_.ask(study + "/" + subject, [done = std::move(done)](const Result<pipeline::Found>& found) {
        if (!found) return done(fail(found.error()));
        done(views::subject_json(found->timeline, found->rules, found->log_time));
    });
}

void PipelineSubjectViews::explanation(std::string study, std::string subject, std::optional<Instant> at,
                                       std::optional<Instant> known_at, Done done) {
    pipeline_.ask(study + "/" + subject, [at, known_at, done = std::move(done)](const Result<pipeline::Found>& found) {
        if (!found) return done(fail(found.error()));
        done(views::explanation_json(found->timeline, found->rules, at.value_or(found->log_time), known_at));
    });
}

void PipelineSubjectViews::changes(std::string study, std::string subject, Instant since,
                                   std::optional<Instant> known_at, std::optional<Instant> at, Done done) {
    pipeline_.ask(
        study + "/" + subject, [since, known_at, at, done = std::move(done)](const Result<pipeline::Found>& found) {
            if (!found) return done(fail(found.error()));
            done(views::changes_json(found->timeline, found->rules, since, known_at, at.value_or(found->log_time)));
        });
}

void PipelineSubjectViews::timeline(std::string study, std::string subject, std::optional<Instant> known_at,
                                    Done done) {
    pipeline_.ask(study + "/" + subject, [known_at, done = std::move(done)](const Result<pipeline::Found>& found) {
        if (!found) return done(fail(found.error()));
        done(views::timeline_json(found->timeline, found->log_time, known_at));
    });
}

}  // namespace cellvigil
