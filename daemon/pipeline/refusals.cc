#include "daemon/pipeline/refusals.h"

#include <string>
#include <utility>

#include "daemon/journal/frame.h"
#include "daemon/pipeline/rows.h"

namespace cellvigil::pipeline {
namespace {

Reason first_reason(const ingest::Refusal& refusal) {
    return refusal.issues.empty() ? Reason::unparsable : refusal.issues.front().reason;
}

store::DeadLetter letter_of(const ingest::Refusal& refusal, Instant now) {
    const std::string length = std::to_string(refusal.length);
    journal::Frame frame;
    frame.appended_at = now;
    frame.headers = {{ingest::kContentTypeHeader, refusal.content_type},
                     {ingest::kLengthHeader, length},
                     {ingest::kSha256Header, refusal.sha256}};
    frame.value = refusal.head;
    std::string bytes;
    journal::append_frame(bytes, frame);
    return {.partition = store::kNoPartition,
            .position = -1,
            .reason = name_of(first_reason(refusal)),
            .detail = issues_json(refusal.issues),
            .failed_at = now,
            .frame = std::move(bytes),
            .oversize = refusal.length > refusal.head.size()};
}

}  // namespace

Refusals::Refusals(RefusalOptions options, metrics::ProcessCounters& process)
    : options_(std::move(options)), process_(process) {}

void Refusals::keep(const std::vector<ingest::Refusal>& refusals, const std::function<void(Result<void>)>& done) {
    Batch batch;
    batch.worker = kRefusalsWorker;
    std::vector<Reason> reasons;
    const Instant now = options_.now();
    for (const ingest::Refusal& refusal : refusals) {
        store::DeadLetter letter = letter_of(refusal, now);
        batch.bytes += letter.frame.size() + letter.detail.size();
        batch.commit.dead_letters.push_back(std::move(letter));
        reasons.push_back(first_reason(refusal));
    }
    const std::size_t bytes = batch.bytes;
    {
        const std::lock_guard lock(under_way_->mutex);
        if (!under_way_->closed && under_way_->bytes + bytes <= options_.most_bytes_under_way) {
            under_way_->bytes += bytes;
            const auto told = [done, bytes, reasons = std::move(reasons), under_way = under_way_,
                               &process = process_](const Result<std::vector<ingest::Answer>>& stored) {
                {
                    const std::lock_guard relock(under_way->mutex);
                    under_way->bytes -= bytes;
                }
                if (!stored) return done(fail(stored.error()));
                for (const Reason reason : reasons) process.refused_at_inlet[static_cast<std::size_t>(reason)].add();
                done({});
            };
            batch.waiters.push_back({.partition = store::kNoPartition,
                                     .reply = {.ticket = std::make_shared<ingest::Ticket>(1, told), .index = 0}});
            options_.submit(std::move(batch));
            return;
        }
    }
    done(fail(Errc::unavailable, "too much is waiting to be stored"));
}

void Refusals::close() {
    const std::lock_guard lock(under_way_->mutex);
    under_way_->closed = true;
}

}  // namespace cellvigil::pipeline
