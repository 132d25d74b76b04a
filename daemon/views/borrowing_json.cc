#include "daemon/views/borrowing_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace cellvigil::views {
namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

}  // namespace

json::value borrowing_json(const std::optional<Borrowing>& borrowing) {
    if (!borrowing) return nullptr;
    json::array readings;
    for (const BorrowedReading& reading : borrowing->readings) {
        readings.push_back(json::object{{"reference_events", reading.reference_events},
                                        {"posterior_mean", reading.mean},
                                        {"lower", reading.interval.lower},
                                        {"upper", reading.interval.upper},
                                        {"above_limit", reading.above_limit},
                                        {"above_reference", reading.above_reference},
                                        {"exceeds_reference", reading.exceeds_reference}});
    }
    return json::object{
        {"profile", borrowing->profile},
        {"analysis_set", borrowing->set},
        {"events_first", borrowing->events_first},
        {"events_last", borrowing->events_last},
        {"subjects", borrowing->subjects},
        {"person_days", borrowing->person_days ? json::value(*borrowing->person_days) : json::value(nullptr)},
        {"person_time_presumed", borrowing->person_time_presumed},
        {"data_cut", borrowing->data_cut},
        {"source_tier", name_of(borrowing->tier)},
        {"weight", borrowing->weight},
        {"why_nothing_is_borrowed", text_or_null(borrowing->why_not)},
        {"cannot_compare", text_or_null(borrowing->cannot_compare)},
        {"readings", readings.empty() ? json::value(nullptr) : json::value(std::move(readings))}};
}

}  // namespace cellvigil::views
