// A ward for the pipeline's tests: messages in a plain text instead of protobuf, read by an Admission of the tests' own
// (linked in place of the real one), and generated streams of them with disorder, corrections, duplicates and garbage.
//
//   message_id|record|version|c,a,r|site|cohort|minutes of effect|minutes of recording|kind|value
//
// Minutes count from 2026-01-05T02:00Z. Kinds: enrol, infuse, temp, anc (per uL), systolic, pressor (on, off), zoster, death, beat. A
// value of "!" is unparsable. The study is S, the key S/<subject>.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/ingest/admission.h"

namespace cellvigil::ward {

struct Line {
    std::string key;
    std::string value;
};

inline const Instant kStart = Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)) + hours(2);

// Cohort c1 with sites a and b.
std::shared_ptr<const ingest::Directory> directory();
// The same and site z, which `ward` messages come from too, and which directory() does not know.
std::shared_ptr<const ingest::Directory> wider_directory();

// `subjects` stories of about `facts` messages each, mixed, some late, corrected, retracted, duplicated, unreadable or
// from an unknown site. The same seed gives the same lines.
std::vector<Line> lines(std::uint64_t seed, int subjects, int facts);

}  // namespace cellvigil::ward
