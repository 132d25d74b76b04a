// A message on its way into admission, and how what became of it reads in a test.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/wire/encode.h"

namespace cellvigil::ingest {

// Study "study-1" with cohort "cohort-1" and two sites: "site-01" at +08:00 with units and codes of its own, "site-02"
// with nothing.
std::shared_ptr<const Directory> small_directory();
std::shared_ptr<const Directory> any_directory();

// Key and times are right unless a test says otherwise; the key is not checked unless `partitions` is set.
struct Sending {
    std::string value;
    std::string key;
    std::vector<journal::Header> headers;
    Instant appended_at{};
    std::uint32_t partitions = 0;
    std::uint32_t partition = 0;

    explicit Sending(const Event& event, const wire::EnvelopeExtras& extras = {});
    explicit Sending(std::string bytes);
    MessageView view() const;
};

// "accepted", or "quarantined"/"rejected" and every issue: "rejected record_id: missing_field, action: missing_field".
std::string outcome(const Admitted& admitted);
// The names of the event's flags, with blanks between.
std::string flags_of(const Admitted& admitted);

}  // namespace cellvigil::ingest
