#include "rules/timeline/told_alerts.h"

#include <string>

#include "rules/base/bytes.h"
#include "rules/timeline/body_codec.h"

namespace cellvigil {
namespace {

constexpr std::uint8_t kSnapshotVersion = 8;

}  // namespace

std::uint8_t snapshot_version() { return kSnapshotVersion; }

bool is_present_snapshot(std::string_view bytes) {
    ByteReader in(bytes);
    return in.u8() == kSnapshotVersion && in.u8() == kBodyCodecVersion;
}

// By way of the stored form: the one place where what was published and what it is of stand side by side.
Result<SubjectTimeline> with_told(const SubjectTimeline& derived, const std::vector<PublishedAlert>& told,
                                  const RuleSet& rules) {
    const std::string before = derived.snapshot();
    ByteReader in(before);
    std::string bytes;
    ByteWriter out(bytes);
    out.u8(in.u8());
    out.u8(in.u8());
    out.text(in.text());
    out.i64(in.i64());
    static_cast<void>(read_published(in));
    write_published(out, told);
    return SubjectTimeline::restore(bytes.append(in.rest()), rules);
}

}  // namespace cellvigil
