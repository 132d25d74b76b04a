// Cumulative incidence of each cause when the causes compete, by Aalen and Johansen, with late entries: the share of
// subjects that had this cause first.
//
// F_k(t) = sum over days of S(before) d_k / n. Variance from the counts alone (delta method):
// sum [(F - F_i)^2 d / (n (n - d)) + S^2 d_k (n - d_k) / n^3 - 2 (F - F_i) S d_k / n^2], the first term 0 when
// everybody at risk has an event. When all subjects enter on one day it equals the infinitesimal jackknife of R's
// survival 3.5 (multi-state survfit); with entries scattered among the events the jackknife, which needs every subject,
// differs by a few per cent. cmprsk's variance has other denominators. Interval on the log(-log F) scale.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/stats/interval.h"
#include "rules/stats/risk_table.h"

namespace cellvigil {

struct IncidencePoint {
    std::int32_t day = 0;
    double incidence = 0;
    double se = 0;
    std::optional<Interval> interval = std::nullopt;  // nullopt: the incidence is 0 or 1
};

// Cumulative incidence of `cause` at the end of each of `days`, in their order. Time grows with the number of days of
// the table times that of `days`.
std::vector<IncidencePoint> aalen_johansen(const RiskTable& table, std::size_t cause,
                                           const std::vector<std::int32_t>& days, Confidence confidence);

}  // namespace cellvigil
