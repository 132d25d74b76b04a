#include "rules/findings/reported_case.h"

#include <algorithm>
#include <array>

#include "rules/base/bytes.h"
#include "rules/base/hash.h"

namespace cellvigil {
namespace {

std::array<std::optional<bool>, 6> criteria(const Seriousness& said) {
    return {said.death,      said.life_threatening,   said.hospitalisation,
            said.disability, said.congenital_anomaly, said.other_important};
}
constexpr std::array kCriteria{"death",      "life-threatening",   "hospitalisation",
                               "disability", "congenital anomaly", "medically important"};

bool fatal(const AdverseEvent& event) {
    return event.seriousness.death.value_or(false) || event.outcome == Outcome::fatal ||
           (event.reported && event.reported->grade == 5);
}

std::optional<bool> serious(const AdverseEvent& event) {
    const auto said = criteria(event.seriousness);
    if (fatal(event) || std::ranges::any_of(said, [](const auto& one) { return one.value_or(false); })) return true;
    if (std::ranges::all_of(said, [](const auto& one) { return one.has_value(); })) return false;
    return std::nullopt;
}

std::optional<bool> fatal_or_life_threatening(const AdverseEvent& event) {
    if (fatal(event) || event.seriousness.life_threatening.value_or(false)) return true;
    if (event.seriousness.death && event.seriousness.life_threatening) return false;
    return std::nullopt;
}

std::optional<bool> related(Relatedness one, Relatedness other) {
    const Relatedness judged = std::max(one, other);
    if (judged == Relatedness::unspecified) return std::nullopt;
    return judged >= Relatedness::possible;
}

// Spelling apart: letters and digits, in lower case.
std::string plain(std::string_view words) {
    std::string text;
    for (const char c : words) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool other = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (upper || other) text += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

void write(ByteWriter& out, const std::optional<bool>& answer) { out.u8(answer ? (*answer ? 2 : 1) : 0); }
void write(ByteWriter& out, Relatedness judged) { out.u8(static_cast<std::uint8_t>(judged)); }

std::uint64_t hash_said(const AdverseEvent& event, Instant from, Instant until) {
    std::string bytes;
    ByteWriter out(bytes);
    out.i64(from.time_since_epoch().count());
    out.i64(until.time_since_epoch().count());
    out.text(plain(event.verbatim));
    out.u64(event.reported ? 1 + event.reported->grade : 0);
    for (const auto& criterion : criteria(event.seriousness)) write(out, criterion);
    out.u8(static_cast<std::uint8_t>(event.outcome));
    write(out, event.judged_by(AssessorRole::unspecified));
    write(out, event.judged_by(AssessorRole::investigator));
    write(out, event.dose_limiting);
    return hash64(bytes);
}

std::uint64_t hash_judged(const AdverseEvent& event) {
    std::string bytes;
    ByteWriter out(bytes);
    out.u8(static_cast<std::uint8_t>(event.category));
    for (const Coding& code : event.codes) {
        out.text(code.system);
        out.text(code.code);
    }
    write(out, event.expected);
    write(out, event.judged_by(AssessorRole::sponsor));
    write(out, event.judged_by(AssessorRole::committee));
    return hash64(bytes);
}

const char* words_of(Relatedness judged) {
    switch (judged) {
        case Relatedness::unspecified:
            return "not stated";
        case Relatedness::not_related:
            return "not related";
        case Relatedness::unlikely:
            return "unlikely";
        case Relatedness::possible:
            return "possible";
        case Relatedness::probable:
            return "probable";
        case Relatedness::definite:
            return "definite";
    }
    return "not stated";
}

}  // namespace

CaseVersion case_version(const AdverseEvent& event, Instant from, Instant until) {
    CaseVersion version;
    version.state.valid = true;  // a coded subject, a site, an event and the infused product are in every message
    version.state.serious = serious(event);
    version.state.fatal_or_life_threatening = fatal_or_life_threatening(event);
    if (event.expected) version.state.unexpected = !*event.expected;
    version.state.related_by_investigator =
        related(event.judged_by(AssessorRole::investigator), event.judged_by(AssessorRole::unspecified));
    version.state.related_by_sponsor =
        related(event.judged_by(AssessorRole::sponsor), event.judged_by(AssessorRole::committee));
    version.said = hash_said(event, from, until);
    version.judged = hash_judged(event);
    return version;
}

Urgency urgency_of(const CaseState& state, ReportLevel level) {
    if (level < ReportLevel::serious) return Urgency::info;
    if (state.fatal_or_life_threatening.value_or(false)) return Urgency::immediate;
    return state.serious.value_or(false) ? Urgency::high : Urgency::medium;
}

std::string seriousness_words(const AdverseEvent& event) {
    std::string words;
    const auto said = criteria(event.seriousness);
    for (std::size_t i = 0; i < said.size(); ++i) {
        if (!said[i].value_or(false)) continue;
        words += (words.empty() ? "" : ", ") + std::string(kCriteria[i]);
    }
    if (fatal(event) && !event.seriousness.death.value_or(false)) words += words.empty() ? "fatal" : ", fatal";
    if (!words.empty()) return words;
    return serious(event) ? "none of the six" : "not stated";
}

std::string causality_words(const AdverseEvent& event) {
    static constexpr std::array kWho{"site", "investigator", "sponsor", "committee"};
    std::string words;
    for (std::size_t who = 0; who < kWho.size(); ++who) {
        if (event.causality[who] == Relatedness::unspecified) continue;
        words += (words.empty() ? "" : ", ") + std::string(kWho[who]) + " " + words_of(event.causality[who]);
    }
    return words.empty() ? "not stated" : words;
}

}  // namespace cellvigil
