// What moves a shard's clocks beside its messages: heartbeats, its own and other partitions', and days that are over
// elsewhere.
#include <string>
#include <utility>

#include "daemon/pipeline/shard.h"

namespace cellvigil::pipeline {

Taken Shard::reach(Partition& partition, Instant recorded, Instant appended, std::int64_t position) {
    if (!partition.reaches(recorded, appended)) return Taken::done;
    settle();
    const auto reached = partition.reach(recorded, appended, position, store_, rules(), options_.encode_alert, open_);
    if (reached) return Taken::done;
    failure_ = reached.error();
    return failure_.code == Errc::unavailable ? Taken::store_away : Taken::corrupt;
}

void Shard::see_recorded(Partition& partition, const ingest::Received& received, const Event& event,
                         std::uint32_t& site_clock) {
    if (!partition.see_recorded(event, received.message.appended_at, site_clock, rules())) return;
    settle();
    partition.close_days(rules(), open_);
}

// A log that carries every heartbeat to every partition: what the other partitions get of it. It has no position there.
Taken Shard::take_copy(Partition& partition, const ingest::Received& received) {
    if (!anything()) open_.opened = std::chrono::steady_clock::now();
    const ingest::Admitted& admitted = admission_.admit(received.message);
    if (admitted.intake == Intake::accepted && admitted.event.subject.empty()) {
        const Event& event = admitted.event;
        if (auto done = reach(partition, event.recorded_at, received.message.appended_at, partition.next());
            done != Taken::done) {
            return done;
        }
        partition.heed_elsewhere({.partition = partition.id(),
                                  .study = std::string(event.study),
                                  .site = std::string(event.site),
                                  .recorded = event.recorded_at,
                                  .appended = received.message.appended_at},
                                 rules(), open_);
    }
    if (received.reply != nullptr) open_.waiters.push_back({.partition = partition.id(), .reply = *received.reply});
    return Taken::done;
}

void Shard::heed_elsewhere(const SiteBeat& beat) {
    for (const auto& partition : partitions_) {
        if (partition && !partition->broken() && partition->id() != beat.partition) {
            // What the store could not tell now is due at the next message too.
            static_cast<void>(reach(*partition, beat.recorded, beat.appended, partition->next()));
            partition->heed_elsewhere(beat, rules(), open_);
        }
    }
}

void Shard::tick(std::uint32_t partition, CalendarDay through, Instant log_time) {
    if (Partition* found = find(partition)) found->tick(through, log_time, rules(), open_);
}

void Shard::heed_heartbeat(Partition& partition, const ingest::Received& received, const Event& event) {
    record(partition, received);
    if (event.origin != DataOrigin::backfill) {
        if (options_.tells_heartbeats) {
            open_.beats.push_back({.partition = partition.id(),
                                   .study = std::string(event.study),
                                   .site = std::string(event.site),
                                   .recorded = event.recorded_at,
                                   .appended = received.message.appended_at});
        }
        std::uint32_t anywhere = 0;
        see_recorded(partition, received, event, anywhere);
    }
    const auto* beat = std::get_if<SiteHeartbeat>(&event.body);
    const Instant complete =
        beat != nullptr && beat->data_complete_through ? beat->data_complete_through->from : kAlways;
    if (options_.see_site) options_.see_site(event.study, event.site, received.message.appended_at, complete);
    counters_.count(last_payload_, metrics::Processed::applied);
    if (received.reply != nullptr) {
        answer(partition, received, ingest::Outcome::accepted, {}, event.flags);
    }
}

}  // namespace cellvigil::pipeline
