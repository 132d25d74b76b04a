// The layout is SAS technical note TS-140: records of 80 bytes, big-endian numbers, floating point as on an IBM
// mainframe.
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "daemon/import/table.h"

namespace cellvigil::import {
namespace {

constexpr std::size_t kRecord = 80;
constexpr std::string_view kLibrary = "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!";
constexpr std::string_view kMember = "HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!";
constexpr std::string_view kDescriptor = "HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!";
constexpr std::string_view kNames = "HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!";
constexpr std::string_view kObservations = "HEADER RECORD*******OBS     HEADER RECORD!!!!!!!";
constexpr std::size_t kMostVariables = 9999;

struct Variable {
    bool number = false;
    std::size_t length = 0;
    std::size_t position = 0;
};

class Bytes {
  public:
    explicit Bytes(std::string_view bytes) : rest_(bytes) {}

    Result<std::string_view> take(std::size_t count) {
        if (count > rest_.size()) return fail(Errc::invalid, "the transport file is cut");
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    Result<std::string_view> header(std::string_view expected) {
        auto record = take(kRecord);
        if (record && !record->starts_with(expected)) {
            return fail(Errc::invalid,
                        fmt::format("not a transport file of version 5: \"{}\" expected", expected.substr(20, 22)));
        }
        return record;
    }
    std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

std::size_t big_endian(std::string_view bytes) {
    std::size_t value = 0;
    for (const char byte : bytes) value = value * 256 + static_cast<unsigned char>(byte);
    return value;
}

// Digits in a fixed column; anything else is 0.
std::size_t digits(std::string_view text) {
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string_view trimmed(std::string_view text) {
    const auto last = text.find_last_not_of(' ');
    return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

// A missing value is a full stop, a letter or an underscore followed by zeros.
bool is_missing(std::string_view field) {
    const char mark = field.front();
    const bool marked = mark == '.' || mark == '_' || (mark >= 'A' && mark <= 'Z');
    return marked && field.find_first_not_of('\0', 1) == std::string_view::npos;
}

// Sign, exponent of 16 in excess of 64, fraction; shorter fields have lost their last bytes.
double ibm_number(std::string_view field) {
    std::uint64_t fraction = 0;
    for (std::size_t index = 1; index < 8; ++index)
        fraction = fraction * 256 + (index < field.size() ? static_cast<unsigned char>(field[index]) : 0U);
    const auto first = static_cast<unsigned char>(field.front());
    const int exponent = (first & 0x7F) - 64;
    const double value = std::ldexp(static_cast<double>(fraction), 4 * exponent - 56);
    return (first & 0x80) != 0 ? -value : value;
}

std::string number_text(std::string_view field) {
    if (is_missing(field)) return {};
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), ibm_number(field));
    return error == std::errc{} ? std::string(buffer.data(), end) : std::string{};
}

Result<std::vector<Variable>> read_variables(Bytes& bytes, std::size_t count, std::size_t size, Table& table) {
    std::vector<Variable> variables;
    for (std::size_t index = 0; index < count; ++index) {
        auto record = bytes.take(size);
        if (!record) return fail(record.error());
        const Variable variable{big_endian(record->substr(0, 2)) == 1, big_endian(record->substr(4, 2)),
                                big_endian(record->substr(84, 4))};
        if (variable.length == 0 || (variable.number && variable.length > 8))
            return fail(Errc::invalid, fmt::format("variable {}: a length of {} bytes", index + 1, variable.length));
        table.columns.emplace_back(trimmed(record->substr(8, 8)));
        variables.push_back(variable);
    }
    const std::size_t used = count * size % kRecord;
    if (used != 0)
        if (auto padding = bytes.take(kRecord - used); !padding) return fail(padding.error());
    return variables;
}

// The member's own headers, up to its observations.
Result<std::vector<Variable>> read_member_head(Bytes& bytes, Table& table) {
    auto member = bytes.header(kMember);
    if (!member) return fail(member.error());
    const std::size_t size = digits(member->substr(74, 4));
    if (size != 140 && size != 136) return fail(Errc::invalid, "variable descriptions are neither 140 nor 136 bytes");
    if (auto descriptor = bytes.header(kDescriptor); !descriptor) return fail(descriptor.error());
    auto first = bytes.take(kRecord);
    if (!first) return fail(first.error());
    table.name = std::string(trimmed(first->substr(8, 8)));
    if (auto second = bytes.take(kRecord); !second) return fail(second.error());
    auto names = bytes.header(kNames);
    if (!names) return fail(names.error());
    const std::size_t count = digits(names->substr(54, 4));
    if (count == 0 || count > kMostVariables) return fail(Errc::invalid, "no variables");
    auto variables = read_variables(bytes, count, size, table);
    if (!variables) return variables;
    if (auto observations = bytes.header(kObservations); !observations) return fail(observations.error());
    return variables;
}

// The last record is filled up with blanks, which must not be read as a row.
bool is_filling(std::string_view rest) {
    return rest.size() < kRecord && rest.find_first_not_of(' ') == std::string_view::npos;
}

}  // namespace

Result<Table> read_xpt(std::string_view file) {
    Bytes bytes(file);
    Table table;
    if (auto library = bytes.header(kLibrary); !library) return fail(library.error());
    if (auto stamps = bytes.take(2 * kRecord); !stamps) return fail(stamps.error());
    auto variables = read_member_head(bytes, table);
    if (!variables) return fail(variables.error());
    std::size_t width = 0;
    for (const Variable& variable : *variables) width = std::max(width, variable.position + variable.length);
    while (!bytes.rest().empty() && !is_filling(bytes.rest()) && !bytes.rest().starts_with(kMember)) {
        auto row_bytes = bytes.take(width);
        if (!row_bytes) return fail(row_bytes.error());
        Row row;
        row.line = table.rows.size() + 1;
        for (const Variable& variable : *variables) {
            const auto field = row_bytes->substr(variable.position, variable.length);
            row.cells.push_back(variable.number ? number_text(field) : utf8_of(std::string(trimmed(field))));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace cellvigil::import
