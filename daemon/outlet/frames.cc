#include <vector>

#include "daemon/journal/log_file.h"
#include "daemon/outlet/outlet.h"
#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::outlet {
namespace {

// Keys go to partitions as Kafka's Java client would send them; positions count up in each.
class FrameOutlet final : public Outlet {
  public:
    FrameOutlet(journal::LogWriter writer, std::uint32_t partitions)
        : writer_(std::move(writer)), positions_(partitions, 0) {}

    Result<void> put(const Message& message) override {
        journal::Frame frame;
        frame.partition = partition_of(message.key, static_cast<std::uint32_t>(positions_.size()));
        frame.position = positions_[frame.partition]++;
        frame.appended_at = message.at;
        frame.key = message.key;
        frame.value = message.value;
        ++sent_.messages;
        sent_.bytes += message.value.size();
        return writer_.append(frame);
    }
    Result<void> flush() override { return {}; }
    Result<void> finish() override { return writer_.finish(); }
    const Sent& sent() const override { return sent_; }

  private:
    journal::LogWriter writer_;
    std::vector<std::int64_t> positions_;
    Sent sent_;
};

}  // namespace

Result<std::unique_ptr<Outlet>> open_frames(const Target& target, const Options& options) {
    ensure(options.partitions > 0, "a file of frames has at least one partition");
    auto writer = journal::LogWriter::create(target.path);
    if (!writer) return fail(writer.error());
    return std::make_unique<FrameOutlet>(std::move(*writer), options.partitions);
}

}  // namespace cellvigil::outlet
