#include "tests/daemon/ingest/sending.h"

#include "tests/support/sample_events.h"

namespace cellvigil::ingest {

std::shared_ptr<const Directory> small_directory() {
    Directory all;
    Site site;
    site.offset = UtcOffset(480);
    site.unit_aliases = {{"C", "Cel"}, {"pct", "%"}};
    site.code_aliases = {{"ANC", "neutrophils"},
                         {"KREA", "2160-0"},
                         {"NORAD", "C01CA03"},
                         {"751-8", "platelets"},
                         {"CMVPCR", "72493-0"}};
    all.studies["study-1"].cohorts = {"cohort-1"};
    all.studies["study-1"].sites["site-01"] = site;
    all.studies["study-1"].sites["site-02"] = Site();
    return std::make_shared<const Directory>(all);
}
std::shared_ptr<const Directory> any_directory() {
    Directory all;
    all.accept_any = true;
    return std::make_shared<const Directory>(all);
}

Sending::Sending(const Event& event, const wire::EnvelopeExtras& extras)
    : value(wire::encode(event, extras)), key(wire::key_of(event)), appended_at(event.recorded_at + seconds(5)) {}
Sending::Sending(std::string bytes)
    : value(std::move(bytes)), key("study-1/s-0001"), appended_at(sample::temperature().recorded_at + seconds(5)) {}

MessageView Sending::view() const {
    MessageView message;
    message.partition = partition;
    message.partition_count = partitions;
    message.appended_at = appended_at;
    message.key = key;
    message.headers = headers;
    message.value = value;
    return message;
}

std::string outcome(const Admitted& admitted) {
    if (admitted.intake == Intake::accepted) return admitted.issues.empty() ? "accepted" : "accepted with issues";
    std::string text = admitted.intake == Intake::rejected ? "rejected" : "quarantined";
    const char* before = " ";
    for (const Issue& issue : admitted.issues) {
        text += before + issue.path + ": " + name_of(issue.reason);
        before = ", ";
    }
    return text;
}

std::string flags_of(const Admitted& admitted) {
    std::string text;
    for (unsigned i = 0; i <= static_cast<unsigned>(EventFlag::offset_missing); ++i) {
        if ((admitted.event.flags & bit(static_cast<EventFlag>(i))) == 0) continue;
        text += (text.empty() ? "" : " ") + std::string(name_of(static_cast<EventFlag>(i)));
    }
    return text;
}

}  // namespace cellvigil::ingest
