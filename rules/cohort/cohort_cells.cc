#include "rules/cohort/cohort_cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace cellvigil {
namespace {

// The enumerator of a name, by asking every one.
template <typename Enum>
std::optional<Enum> find_by_name(std::string_view name, int count) {
    for (int i = 0; i < count; ++i) {
        if (name == name_of(static_cast<Enum>(i))) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

std::string_view take_part(std::string_view& text, char end) {
    const std::size_t at = text.find(end);
    const std::string_view part = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    return part;
}

struct Place {
    TableKey key;
    std::string_view column;
};

std::optional<Place> place_of(std::string_view measure) {
    // A site's or a lot's name may hold any character: the column is behind the last mark, the stratum before it.
    const std::size_t mark = measure.rfind('#');
    if (mark == std::string_view::npos) return std::nullopt;
    Place place;
    place.column = measure.substr(mark + 1);
    std::string_view rest = measure.substr(0, mark);
    const auto set = find_by_name<AnalysisSet>(take_part(rest, '/'), 2);
    const std::string_view course = take_part(rest, '/');
    const auto endpoint = find_by_name<Endpoint>(take_part(rest, '/'), kEndpoints);
    const auto estimand = find_by_name<Estimand>(take_part(rest, '/'), 2);
    const auto side = find_by_name<GradeSide>(take_part(rest, '/'), 4);
    const auto counting = find_by_name<Counting>(take_part(rest, '/'), 2);
    const auto dimension = find_by_name<Dimension>(take_part(rest, '='), 8);
    if (!set || !endpoint || !estimand || !side || !counting || !dimension) return std::nullopt;
    if (course != "index" && course != "reinfusion") return std::nullopt;
    place.key = {
        *set, course == "reinfusion", {*endpoint, *estimand, *side, *counting}, {*dimension, std::string(rest)}};
    return place;
}

std::optional<std::size_t> number_in(std::string_view text, std::size_t below) {
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size() || number >= below) return std::nullopt;
    return number;
}

bool put(TableCell& into, std::string_view column, std::int32_t x, std::int64_t value) {
    if (x < -DayTable::kLastDay || x > DayTable::kLastDay) return false;
    if (value < -DayTable::kMostSubjects || value > DayTable::kMostSubjects) {
        if (column != "xx" && column != "xt" && column != "tt") return false;
    }
    if (column == "in") {
        into.days.enter(x, value);
    } else if (column == "out") {
        into.days.censor(x, value);
    } else if (column == "n") {
        into.subjects += value;
    } else if (column == "xx") {
        into.squares.events_squared += value;
    } else if (column == "xt") {
        into.squares.events_times_days += value;
    } else if (column == "tt") {
        into.squares.days_squared += value;
    } else if (column.starts_with('c')) {
        const auto cause = number_in(column.substr(1), kCauses);
        if (!cause) return false;
        into.days.have_event(x, *cause, value);
    } else if (column.starts_with('e')) {
        const auto exit = number_in(column.substr(1), kExits);
        if (!exit) return false;
        into.exits[*exit] += value;
    } else {
        return false;
    }
    return true;
}

void append(std::vector<CohortCell>& cells, const std::string& measure, std::int32_t x, std::int64_t value) {
    if (value != 0) cells.push_back({measure, x, value});
}

}  // namespace

std::string measure_of(const TableKey& key) {
    std::string text(name_of(key.set));
    text.append(key.reinfusion ? "/reinfusion/" : "/index/").append(name_of(key.endpoint.endpoint)).append("/");
    text.append(name_of(key.endpoint.estimand)).append("/").append(name_of(key.endpoint.side)).append("/");
    text.append(name_of(key.endpoint.counting)).append("/").append(name_of(key.stratum.dimension)).append("=");
    return text.append(key.stratum.value);
}

std::vector<CohortCell> cells_of(const CohortTable& table) {
    std::vector<CohortCell> cells;
    for (const auto& [key, cell] : table.cells()) {
        const std::string name = measure_of(key) + "#";
        for (std::size_t i = 0; i < cell.days.size(); ++i) {
            const DayTable::Row row = cell.days.row(i);
            append(cells, name + "in", row.day, row.entries);
            append(cells, name + "out", row.day, row.censored);
            for (std::size_t cause = 0; cause < kCauses; ++cause)
                append(cells, name + "c" + std::to_string(cause), row.day, row.events[cause]);
        }
        for (std::size_t exit = 0; exit < kExits; ++exit)
            append(cells, name + "e" + std::to_string(exit), 0, cell.exits[exit]);
        append(cells, name + "n", 0, cell.subjects);
        append(cells, name + "xx", 0, cell.squares.events_squared);
        append(cells, name + "xt", 0, cell.squares.events_times_days);
        append(cells, name + "tt", 0, cell.squares.days_squared);
    }
    std::sort(cells.begin(), cells.end(), [](const CohortCell& a, const CohortCell& b) {
        return a.measure != b.measure ? a.measure < b.measure : a.x < b.x;
    });
    return cells;
}

Result<CohortTable> table_of(const std::vector<CohortCell>& cells) {
    CohortTable table;
    for (const CohortCell& cell : cells) {
        if (cell.measure.find('#') == std::string::npos) continue;
        const auto place = place_of(cell.measure);
        if (!place || !put(table.at(place->key), place->column, cell.x, cell.value))
            return fail(Errc::corrupt, "a cohort's cell cannot be read: " + cell.measure);
    }
    table.drop_zeros();
    return table;
}

}  // namespace cellvigil
