// CRS by the scales before ASTCT, each from raw data and beside it: Lee 2014, Penn, CTCAE 4.03, 5.0 and 6.0, CARTOX and
// MSKCC, by the grader contract of context.h. Reads what ASTCT grading knows (fever, pressure, oxygen, the episode) and
// keeps what these scales ask beyond it: doses over time, inspired oxygen, organs, admissions. docs/clinical/
// legacy-crs.md. Episodes are those of ASTCT; without one only CARTOX, whose text needs no fever, grades literally.
// Unknown is NA or a range, never 0. Pure.
#pragma once

#include <array>
#include <vector>

#include "rules/base/copy_on_write.h"
#include "rules/grade/context.h"
#include "rules/grade/crs_state.h"
#include "rules/grade/followed_episode.h"
#include "rules/grade/organ_toxicity.h"
#include "rules/grade/pressor_dose.h"

namespace cellvigil {

inline constexpr std::array<ScaleTerm, 7> kLegacyCrsScales{{
    {Scale::ctcae_5_0, Term::cytokine_release_syndrome},
    {Scale::ctcae_6_0, Term::cytokine_release_syndrome},
    {Scale::lee_2014, Term::none},
    {Scale::penn, Term::none},
    {Scale::ctcae_4_03, Term::cytokine_release_syndrome},
    {Scale::cartox_crs, Term::none},
    {Scale::mskcc, Term::none},
}};
inline constexpr ScaleSet kLegacyCrsSet{Scale::ctcae_5_0,  Scale::ctcae_6_0,  Scale::lee_2014, Scale::penn,
                                        Scale::ctcae_4_03, Scale::cartox_crs, Scale::mskcc};

// What must differ for the answer to differ without a fact of our own: compared at every vital sign.
struct LegacyPictureKey {
    Instant said{};              // time of ASTCT's last statement
    std::uint32_t readings = 0;  // fever, low pressures and saturations, oxygen, verdicts, silence: a bit each
    std::uint16_t episodes = 0;
    std::uint16_t pressors = 0;  // that run: ASTCT, asked first, takes a stated end out of the deadlines
    std::uint16_t imputed = 0;   // dates
    bool operator==(const LegacyPictureKey&) const = default;
};

struct Twice {  // the last two times
    Instant last = kAlways;
    Instant before = kAlways;
    void note(Instant at) {
        before = last;
        last = at;
    }
    bool operator==(const Twice&) const = default;
};

struct FractionSaid {  // inspired oxygen as last charted; nullopt: a device without one
    Instant at = kAlways;
    std::optional<Quantity> fraction;
    Source source;
    bool operator==(const FractionSaid&) const = default;
};

struct HospitalStay {
    Instant since = kAlways;  // kAlways: not admitted, or not told
    Instant until = kNever;
    Indication why = Indication::unspecified;
    Source source;
    bool operator==(const HospitalStay&) const = default;
};

struct LegacyCrsState {
    bool changed = true;  // something of our own since the last answer
    Instant next = kNever;
    LegacyPictureKey key;
    DoseTrack doses;
    OrganTrack organs;
    FractionSaid fio2;
    Twice boluses;           // for low pressure
    Twice boluses_possible;  // those of unknown volume among them
    HospitalStay stay;
    OrganCourse intravenous;  // antimicrobials into a vein, to treat
    AttributionTrack attribution;
    FollowedEpisode<kLegacyCrsScales.size()> episode;
    bool operator==(const LegacyCrsState&) const = default;
};

bool concerns_legacy_crs(const Fact& fact);
void begin_infusion(LegacyCrsState& state, const FoldContext& context);
void observe(LegacyCrsState& state, const Fact& fact, const FoldContext& context);
// Would say nothing new: the picture is as it was.
bool at_rest(const LegacyCrsState& state, Instant at, const FoldContext& context);
Instant next_deadline(const LegacyCrsState& state, Instant after, const FoldContext& context);
// Moves a deadline at `at` that readings have put off beyond it; false: it stands, and assess() has to look.
bool put_off_beyond(CopyOnWrite<LegacyCrsState>& box, Instant at, const FoldContext& context);
void assess(LegacyCrsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);
void append_open_episodes(const LegacyCrsState& state, std::vector<Episode>& episodes);

}  // namespace cellvigil
