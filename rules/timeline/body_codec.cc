#include "rules/timeline/body_codec.h"

#include <type_traits>
#include <utility>

namespace cellvigil {
namespace {

// One list of fields per struct serves the writer and the reader.
template <typename A>
void fields(A& a, Coding& v) {
    a(v.system), a(v.code), a(v.display);
}
template <typename A>
void fields(A& a, EffectiveTime& v) {
    a(v.from), a(v.until), a(v.offset), a(v.precision);
}
template <typename A>
void fields(A& a, Observation& v) {
    a(v.analyte), a(v.comparator), a(v.status), a(v.in_mmol_per_litre), a(v.value), a(v.value_as_sent), a(v.truth);
    a(v.reference_low), a(v.reference_high), a(v.code), a(v.text), a(v.panel);
}
template <typename A>
void fields(A& a, IceAssessment& v) {
    a(v.orientation), a(v.naming), a(v.commands), a(v.writing), a(v.attention), a(v.total), a(v.capd_total);
    a(v.capd_items_answered), a(v.consciousness), a(v.unassessable), a(v.rass), a(v.baseline), a(v.implausible);
    a(v.head_of_government);
}
template <typename A>
void fields(A& a, NeuroFinding& v) {
    a(v.kind), a(v.present), a(v.duration_seconds), a(v.returned_to_baseline), a(v.repetitive), a(v.other_cause),
        a(v.depth);
    a(v.seizure_type), a(v.papilloedema_stage), a(v.csf_opening);
}
template <typename A>
void fields(A& a, Intervention& v) {
    a(v.kind), a(v.phase), a(v.indication), a(v.device), a(v.flow_l_min), a(v.fio2), a(v.agent), a(v.route),
        a(v.by_infusion);
    a(v.push_dose), a(v.physiological), a(v.baseline), a(v.nocturnal_only), a(v.treatment), a(v.product),
        a(v.volume_ml);
    a(v.duration_min), a(v.rate), a(v.rate_unit), a(v.dose), a(v.dose_unit), a(v.agent_code), a(v.course), a(v.policy);
}
template <typename A>
void fields(A& a, Enrollment& v) {
    a(v.indication), a(v.age_years), a(v.age_days), a(v.sex), a(v.planned_product), a(v.prior_transplant),
        a(v.prior_zoster);
    a(v.zoster_vaccinated), a(v.antiviral_prophylaxis), a(v.developmental_delay), a(v.weight_kg), a(v.baseline_ice);
    a(v.baseline_capd), a(v.dose_level);
}
template <typename A>
void fields(A& a, Infusion& v) {
    a(v.product), a(v.number), a(v.dose), a(v.dose_per_kg), a(v.lot), a(v.lymphodepletion_start), a(v.weight_kg);
    a(v.out_of_specification), a(v.target), a(v.costimulatory_domain);
}
template <typename A>
void fields(A& a, Seriousness& v) {
    a(v.death), a(v.life_threatening), a(v.hospitalisation), a(v.disability), a(v.congenital_anomaly),
        a(v.other_important);
}
template <typename A>
void fields(A& a, SiteGrade& v) {
    a(v.grade), a(v.scale);
}
template <typename A>
void fields(A& a, AdverseEvent& v) {
    a(v.category), a(v.codes), a(v.verbatim), a(v.reported), a(v.seriousness), a(v.outcome);
    for (Relatedness& judged : v.causality) a(judged);
    a(v.dose_limiting), a(v.expected);
}
template <typename A>
void fields(A& a, Zoster& v) {
    a(v.dermatomes), a(v.non_contiguous), a(v.outside_lesions), a(v.disseminated), a(v.ophthalmic), a(v.oticus),
        a(v.cns);
    a(v.visceral), a(v.postherpetic_neuralgia), a(v.sine_herpete);
}
template <typename A>
void fields(A& a, Infection& v) {
    a(v.pathogen), a(v.organism), a(v.organism_code), a(v.site), a(v.certainty), a(v.severities), a(v.on_prophylaxis);
    a(v.hospitalised), a(v.viraemia_only), a(v.treatment_routes), a(v.zoster), a(v.outcome), a(v.linked_record),
        a(v.seriousness);
}
template <typename A>
void fields(A& a, DiseaseStatus& v) {
    a(v.response), a(v.criteria), a(v.mrd_negative);
}
template <typename A>
void fields(A& a, SubsequentTherapy& v) {
    a(v.kind), a(v.agent), a(v.intent);
}
template <typename A>
void fields(A& a, Death& v) {
    a(v.principal), a(v.contributing), a(v.codes), a(v.autopsy), a(v.relatedness);
}
template <typename A>
void fields(A& a, Surveillance& v) {
    a(v.domain), a(v.complete_through);
}
template <typename A>
void fields(A& a, Contact& v) {
    a(v.status), a(v.surveillance);
}
template <typename A>
void fields(A& a, ConsentChange& v) {
    a(v.scope);
}
template <typename A>
void fields(A& a, SiteHeartbeat& v) {
    a(v.data_complete_through), a(v.last_producer_sequence), a(v.open_queries);
}
template <typename A>
void fields(A& a, Adjudication& v) {
    a(v.scale), a(v.component), a(v.verdict), a(v.other_cause), a(v.clinician), a(v.role), a(v.reason), a(v.signed_at);
    a(v.assessment_id), a(v.judged_record);
}
template <typename A>
void fields(A&, Retraction&) {}

struct Writer {
    ByteWriter& out;
    template <typename T>
    void operator()(T& value) {
        if constexpr (std::is_enum_v<T>) {
            out.u8(static_cast<std::uint8_t>(value));
        } else if constexpr (std::is_unsigned_v<T>) {
            out.u64(value);
        } else if constexpr (std::is_signed_v<T>) {
            out.i64(value);
        } else {
            fields(*this, value);
        }
    }
    void operator()(bool& value) { out.u8(value ? 1 : 0); }
    void operator()(std::string& value) { out.text(value); }
    void operator()(Quantity& value) { out.i64(value.micro); }
    void operator()(Instant& value) { out.i64(value.time_since_epoch().count()); }
    void operator()(UtcOffset& value) { out.i64(value.count()); }
    template <typename T>
    void operator()(std::optional<T>& value) {
        out.u8(value ? 1 : 0);
        if (value) (*this)(*value);
    }
    template <typename T>
    void operator()(std::vector<T>& values) {
        out.u64(values.size());
        for (T& value : values) (*this)(value);
    }
};

struct Reader {
    ByteReader& in;
    template <typename T>
    void operator()(T& value) {
        if constexpr (std::is_enum_v<T>) {
            value = static_cast<T>(in.u8());
        } else if constexpr (std::is_unsigned_v<T>) {
            value = static_cast<T>(in.u64());
        } else if constexpr (std::is_signed_v<T>) {
            value = static_cast<T>(in.i64());
        } else {
            fields(*this, value);
        }
    }
    void operator()(bool& value) { value = in.u8() != 0; }
    void operator()(std::string& value) { value = std::string(in.text()); }
    void operator()(Quantity& value) { value.micro = in.i64(); }
    void operator()(Instant& value) { value = Instant(milliseconds(in.i64())); }
    void operator()(UtcOffset& value) { value = UtcOffset(in.i64()); }
    template <typename T>
    void operator()(std::optional<T>& value) {
        value.reset();
        if (in.u8() != 0) (*this)(value.emplace());
    }
    template <typename T>
    void operator()(std::vector<T>& values) {
        values.clear();
        const std::uint64_t count = in.u64();
        for (std::uint64_t i = 0; i < count && !in.failed(); ++i) (*this)(values.emplace_back());
    }
};

// An empty Body of the kind with this number.
template <std::size_t... Is>
Body empty_body(std::size_t kind, std::index_sequence<Is...>) {
    Body body = Retraction{};
    ((kind == Is ? static_cast<void>(body.emplace<Is>()) : static_cast<void>(0)), ...);
    return body;
}

}  // namespace

void write_body(ByteWriter& out, const Body& body) {
    Body copy = body;  // the field lists take references that are not const
    out.u8(static_cast<std::uint8_t>(copy.index()));
    Writer writer{out};
    std::visit([&writer](auto& value) { fields(writer, value); }, copy);
}

Body read_body(ByteReader& in) {
    const std::size_t kind = in.u8();
    Body body = empty_body(kind, std::make_index_sequence<std::variant_size_v<Body>>{});
    Reader reader{in};
    std::visit([&reader](auto& value) { fields(reader, value); }, body);
    return body;
}

}  // namespace cellvigil
