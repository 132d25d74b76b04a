#include <algorithm>
#include <numeric>

#include "daemon/clock.h"
#include "daemon/input.h"
#include "daemon/pipeline/embedded_log.h"

namespace cellvigil {
namespace {

class EmbeddedInput : public Input {
  public:
    explicit EmbeddedInput(InputParts parts)
        : parts_(std::move(parts)),
          log_({.partitions = parts_.config.input.partitions, .workers = parts_.workers, .now = wall_clock}) {}

    std::string name() const override { return "embedded"; }
    std::string topic_label() const override { return "http"; }
    std::uint32_t partitions() const override { return parts_.config.input.partitions; }
    ingest::Inlet& inlet() override { return log_; }
    void placed(const store::Claim& claim) override { log_.place(claim.partition, claim.next, claim.log_time); }

    std::vector<ingest::Source*> sources() override {
        std::vector<ingest::Source*> sources;
        for (std::uint32_t i = 0; i < parts_.workers; ++i) sources.push_back(&log_.source(i));
        return sources;
    }

    Result<void> start(pipeline::Pipeline& pipeline) override {
        std::vector<std::uint32_t> all(partitions());
        std::iota(all.begin(), all.end(), 0U);
        auto claims = pipeline.claim(all);
        if (!claims) return fail(claims.error());
        return {};
    }

    bool close(milliseconds) override {
        log_.close();
        return true;
    }
    void finish() override { log_.refuse_rest(); }

    std::vector<http::Check> checks(const pipeline::PipelineStatus& status) const override {
        return {{.name = "partitions_assigned",
                 .passed = status.partitions.size() == partitions(),
                 .detail = std::to_string(status.partitions.size()) + " of " + std::to_string(partitions())}};
    }

    void tick(const pipeline::PipelineStatus&) override {
        parts_.metrics.process().inlet_queue.set(static_cast<std::int64_t>(log_.waiting()));
    }

  private:
    const InputParts parts_;
    pipeline::EmbeddedLog log_;
};

}  // namespace

Result<std::unique_ptr<Input>> make_embedded_input(InputParts parts) {
    auto session = parts.open_store();
    if (!session) return fail(session.error());
    if (auto bound = (*session)->bind("embedded", parts.config.input.partitions); !bound) return fail(bound.error());
    return std::unique_ptr<Input>(std::make_unique<EmbeddedInput>(std::move(parts)));
}

}  // namespace cellvigil
