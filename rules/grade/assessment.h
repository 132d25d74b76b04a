// A graded state of one subject at one time on one scale: the literal grade, the worst that remains possible, what decided,
// from which records. Source: docs/clinical/contract.md. Pure values.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include "rules/base/time.h"
#include "rules/event/body.h"

namespace cellvigil {

// 0..5, or "cannot grade" (kNotGradable), which is never 0.
using Grade = std::int8_t;
inline constexpr Grade kNotGradable = -1;

// Every flag but those of `informative` below asks for adjudication.
enum class Flag : std::uint8_t {
    // data
    implausible_input, temp_unknown, stale_input, carried_forward, imputed_date, not_enrolled, window_open, data_gap,
    // CRS
    unconfirmed_hypotension, vasopressin_only, pressor_crossover, nonstandard_pressor, paed_centile, baseline_support, map_only,
    o2_flow_missing, hfnc_low_flow, airway_reason, comfort_o2, untreated_hypoxia, masked_onset, no_fever_gate, late_onset,
    outside_window, recurrence, recurrence_masked, infusion_reaction_window, physiological_steroid,
    // attribution
    alt_cause_suspected, alt_cause_confirmed,
    // ICANS
    ice_total_mismatch, ice0_loc_missing, sedated, asleep, seizure_at_5min, icp_measured_only, ice_at_baseline, capd_at_baseline,
    capd_no_baseline, capd_incomplete, delayed_neurotoxicity, instrument_for_age, consciousness_from_score,
    weakness_depth_missing,
    // death
    death_cause_unknown,
    // laboratory scales
    single_value, normal_by_local_range, boundary, outside_validation,
};
inline constexpr int kFlags = static_cast<int>(Flag::outside_validation) + 1;
const char* name_of(Flag flag);
const char* name_of(Component component);
const char* name_of(Scale scale);

// A small set of enumerators as bits.
template <typename Enum>
class BitSet {
  public:
    constexpr BitSet() = default;
    constexpr BitSet(std::initializer_list<Enum> members) {
        for (const Enum member : members) add(member);
    }
    constexpr void add(Enum member) { bits_ |= std::uint64_t{1} << static_cast<unsigned>(member); }
    constexpr void add(BitSet others) { bits_ |= others.bits_; }
    constexpr void remove(Enum member) { bits_ &= ~(std::uint64_t{1} << static_cast<unsigned>(member)); }
    constexpr bool has(Enum member) const { return ((bits_ >> static_cast<unsigned>(member)) & 1U) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr std::uint64_t bits() const { return bits_; }
    static constexpr BitSet of_bits(std::uint64_t bits) {
        BitSet set;
        set.bits_ = bits;
        return set;
    }
    auto operator<=>(const BitSet&) const = default;

  private:
    std::uint64_t bits_ = 0;
};
using Flags = BitSet<Flag>;
using Components = BitSet<Component>;

// One record of the subject, by its place in the timeline's table of records: record_text() of the timeline names it.
// Comparable within one timeline only.
struct RecordRef {
    std::uint32_t index = 0xffffffff;
    bool known() const { return index != 0xffffffff; }
    bool operator==(const RecordRef&) const = default;
};

inline constexpr std::size_t kMaxEvidence = 8;

struct Assessment {
    Instant at{};                        // event time from which this holds
    Scale scale = Scale::unspecified;
    Grade grade = kNotGradable;
    Grade grade_upper = kNotGradable;    // >= grade
    std::uint16_t infusion = 0;          // 1.. : which index infusion of the subject
    std::uint16_t episode = 0;           // 1.. : the episode open at this time, or that would open next
    bool episode_open = false;
    bool under_surveillance = true;      // false: outside the window, nothing abnormal: no statement
    std::int32_t day = 0;                // infusion day of `at`
    Components deciding;
    Flags flags;
    std::array<RecordRef, kMaxEvidence> evidence{};  // the records that decided, known ones first

    bool needs_adjudication() const { return !flags.empty(); }
    // Same statement: all but the time and the evidence.
    bool says_same(const Assessment& other) const {
        return scale == other.scale && grade == other.grade && grade_upper == other.grade_upper && infusion == other.infusion &&
               episode == other.episode && episode_open == other.episode_open &&
               under_surveillance == other.under_surveillance && deciding == other.deciding && flags == other.flags;
    }
    bool operator==(const Assessment&) const = default;
    void add_evidence(RecordRef record) {
        if (!record.known()) return;
        for (RecordRef& slot : evidence) {
            if (slot == record) return;
            if (!slot.known()) {
                slot = record;
                return;
            }
        }
    }
};

// A clinical happening with a start and an end.
struct Episode {
    Scale scale = Scale::unspecified;
    std::uint16_t infusion = 0;
    std::uint16_t ordinal = 0;           // 1.. within the infusion
    Instant onset{};
    std::optional<Instant> resolved;     // last time any sign was present; nullopt: still open
    Grade max_grade = kNotGradable;
    Grade max_upper = kNotGradable;
    Instant max_at{};                    // when max_grade was first reached
    Flags flags;
    bool operator==(const Episode&) const = default;
};

}  // namespace cellvigil
