// One message of each kind of payload, for parsing into again and again: what one has allocated serves the next of its
// kind. For the sources of this folder only.
#pragma once

#include "cellvigil/v1/envelope.pb.h"

namespace cellvigil::wire {

struct PayloadMessages {
    v1::Enrollment enrollment;
    v1::Infusion infusion;
    v1::IceAssessment ice_assessment;
    v1::NeuroFinding neuro_finding;
    v1::Intervention intervention;
    v1::AdverseEventReport adverse_event;
    v1::Infection infection;
    v1::DiseaseStatus disease_status;
    v1::SubsequentTherapy subsequent_therapy;
    v1::Death death;
    v1::FollowUpContact contact;
    v1::ConsentChange consent_change;
    v1::SiteHeartbeat site_heartbeat;
    v1::Adjudication adjudication;
};

}  // namespace cellvigil::wire
