// Where a deployment's messages come from, as the daemon wires it: the embedded log, or a Kafka topic. Claims
// partitions for the pipeline, gives them back, and says how it is.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/http/api.h"
#include "daemon/ingest/inlet.h"
#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/pipeline.h"

namespace cellvigil {

struct InputParts {
    const config::Config& config;
    std::uint32_t workers = 1;
    metrics::Metrics& metrics;
    pipeline::OpenStore open_store;
    std::function<void(const Error&)> fatal;
};

class Input {
  public:
    virtual ~Input() = default;
    virtual std::string name() const = 0;          // "embedded", "kafka:<topic>"
    virtual std::string topic_label() const = 0;   // for metrics
    virtual std::uint32_t partitions() const = 0;  // 0: not known yet
    virtual std::vector<ingest::Source*> sources() = 0;
    virtual ingest::Inlet& inlet() = 0;
    // On the worker's thread, before the first message of a claimed partition.
    virtual void placed(const store::Claim& claim) = 0;
    // The pipeline outlives close().
    virtual Result<void> start(pipeline::Pipeline& pipeline) = 0;
    // Takes nothing more in; what was taken is finished by the pipeline. false: a library hangs, end the process
    // without it.
    virtual bool close(milliseconds limit) = 0;
    // After the pipeline has stopped.
    virtual void finish() = 0;
    virtual std::vector<http::Check> checks(const pipeline::PipelineStatus& status) const = 0;
    // About once a second: gauges.
    virtual void tick(const pipeline::PipelineStatus& status) = 0;
};

Result<std::unique_ptr<Input>> make_embedded_input(InputParts parts);
Result<std::unique_ptr<Input>> make_kafka_input(InputParts parts);

}  // namespace cellvigil
