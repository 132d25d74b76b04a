// The API's questions about one subject, answered by the worker that owns it.
#pragma once

#include "daemon/http/api.h"
#include "daemon/pipeline/pipeline.h"

namespace cellvigil {

class PipelineSubjectViews : public http::SubjectViews {
  public:
    explicit PipelineSubjectViews(pipeline::Pipeline& pipeline) : pipeline_(pipeline) {}

    void assessments(std::string study, std::string subject, Done done) override;
    void explanation(std::string study, std::string subject, std::optional<Instant> at, std::optional<Instant> known_at,
                     Done done) override;
    void changes(std::string study, std::string subject, Instant since, std::optional<Instant> known_at,
                 std::optional<Instant> at, Done done) override;
    void timeline(std::string study, std::string subject, std::optional<Instant> known_at, Done done) override;

  private:
    pipeline::Pipeline& pipeline_;
};

}  // namespace cellvigil
