#include "daemon/metrics/clinical.h"
#include "daemon/metrics/counters.h"

namespace cellvigil::metrics {

const char* name_of(Processed outcome) {
    switch (outcome) {
        case Processed::applied:
            return "applied";
        case Processed::duplicate:
            return "duplicate";
        case Processed::superseded:
            return "superseded";
        case Processed::flagged:
            return "flagged";
        case Processed::quarantined:
            return "quarantined";
        case Processed::rejected:
            return "rejected";
    }
    return "";
}

const char* name_of(Rebalance reason) {
    switch (reason) {
        case Rebalance::assigned:
            return "assigned";
        case Rebalance::revoked:
            return "revoked";
        case Rebalance::lost:
            return "lost";
    }
    return "";
}

const char* name_of(BrokerError reason) {
    switch (reason) {
        case BrokerError::transport:
            return "transport";
        case BrokerError::timeout:
            return "timeout";
        case BrokerError::authentication:
            return "authentication";
        case BrokerError::other:
            return "other";
    }
    return "";
}

const char* name_of(AlertChange change) {
    switch (change) {
        case AlertChange::raised:
            return "raised";
        case AlertChange::updated:
            return "updated";
        case AlertChange::withdrawn:
            return "withdrawn";
    }
    return "";
}

const char* name_of(Delivery outcome) {
    switch (outcome) {
        case Delivery::delivered:
            return "delivered";
        case Delivery::retried:
            return "retried";
        case Delivery::failed:
            return "failed";
        case Delivery::suppressed:
            return "suppressed";
    }
    return "";
}

const char* name_of(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::crs:
            return "crs";
        case Endpoint::icans:
            return "icans";
    }
    return "";
}

}  // namespace cellvigil::metrics
