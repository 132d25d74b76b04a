// What the screens and the budgets last said, for the API.
#pragma once

#include <boost/json/fwd.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/looks.h"

namespace cellvigil::pipeline {

// Who has the event of each monitor that crossed, as far as `may_see` ("study/subject") allows, at most kMostNamed
// each:
// {"through":..,"signals":[{"alert_id","monitor","cohort","endpoint","subjects":[..],"more":false}]}. nullptr: no look
// yet.
std::string signal_subjects_json(const Looked* looked, const std::function<bool(std::string_view)>& may_see);

// nullptr: no look yet, an empty array.
boost::json::array budgets_json(const Looked* looked);
boost::json::array screens_json(const Looked* looked);
std::vector<metrics::ScreenGauges> screen_gauges(const Looked& looked);  // for /metrics

}  // namespace cellvigil::pipeline
