#include "rules/alert/case_report.h"

#include <algorithm>

#include "rules/base/bytes.h"

namespace cellvigil {
namespace {

constexpr std::uint8_t kCaseVersion = 1;

CaseEventKind kind_of(const CaseVersion& now, const CaseVersion* before) {
    if (now.retracted) return CaseEventKind::nullified;
    if (before == nullptr || before->retracted || now.said != before->said) return CaseEventKind::information;
    return now.judged != before->judged ? CaseEventKind::internal_correction : CaseEventKind::minor_information;
}

Instant awareness(const CaseVersion& version) { return std::min(version.recorded_at, version.appended_at); }

void write_answer(ByteWriter& out, const std::optional<bool>& answer) { out.u8(answer ? (*answer ? 2 : 1) : 0); }

std::optional<bool> read_answer(ByteReader& in) {
    const std::uint8_t answer = in.u8();
    if (answer == 0) return std::nullopt;
    return answer == 2;
}

void take(std::optional<bool>& known, const std::optional<bool>& before, const std::optional<bool>& now) {
    if (now != before) known = now;
}

}  // namespace

std::vector<CaseEvent> case_events(std::span<const CaseVersion> versions, Instant known_at) {
    std::vector<CaseEvent> events;
    const CaseVersion* before = nullptr;
    Instant first = kNever;
    for (const CaseVersion& version : versions)
        if (version.appended_at <= known_at) first = std::min(first, awareness(version));
    for (const CaseVersion& version : versions) {
        if (version.appended_at > known_at) continue;
        CaseEvent event;
        event.kind = kind_of(version, before);
        event.at = events.empty() ? first : std::max(events.back().at, awareness(version));
        event.state = version.state;
        events.push_back(event);
        before = &version;
    }
    return events;
}

CaseState taken_over(const CaseState& known, const CaseState& before, const CaseState& now) {
    CaseState state = known;
    state.valid = now.valid;
    take(state.serious, before.serious, now.serious);
    take(state.fatal_or_life_threatening, before.fatal_or_life_threatening, now.fatal_or_life_threatening);
    take(state.unexpected, before.unexpected, now.unexpected);
    take(state.related_by_investigator, before.related_by_investigator, now.related_by_investigator);
    take(state.related_by_sponsor, before.related_by_sponsor, now.related_by_sponsor);
    return state;
}

std::string case_bytes(std::span<const CaseVersion> versions) {
    std::string bytes;
    ByteWriter out(bytes);
    out.u8(kCaseVersion);
    out.u64(versions.size());
    for (const CaseVersion& one : versions) {
        out.u64(one.number);
        out.u8(one.retracted ? 1 : 0);
        out.i64(one.recorded_at.time_since_epoch().count());
        out.i64(one.appended_at.time_since_epoch().count());
        out.u8(one.state.valid ? 1 : 0);
        write_answer(out, one.state.serious);
        write_answer(out, one.state.fatal_or_life_threatening);
        write_answer(out, one.state.unexpected);
        write_answer(out, one.state.related_by_investigator);
        write_answer(out, one.state.related_by_sponsor);
        out.fixed(one.said, 8);
        out.fixed(one.judged, 8);
    }
    return bytes;
}

std::optional<std::vector<CaseVersion>> case_versions(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.u8() != kCaseVersion) return std::nullopt;
    std::vector<CaseVersion> versions;
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        CaseVersion one;
        one.number = static_cast<std::uint32_t>(in.u64());
        one.retracted = in.u8() != 0;
        one.recorded_at = Instant(milliseconds(in.i64()));
        one.appended_at = Instant(milliseconds(in.i64()));
        one.state.valid = in.u8() != 0;
        one.state.serious = read_answer(in);
        one.state.fatal_or_life_threatening = read_answer(in);
        one.state.unexpected = read_answer(in);
        one.state.related_by_investigator = read_answer(in);
        one.state.related_by_sponsor = read_answer(in);
        one.said = in.fixed(8);
        one.judged = in.fixed(8);
        versions.push_back(one);
    }
    if (in.failed() || !in.at_end()) return std::nullopt;
    return versions;
}

}  // namespace cellvigil
