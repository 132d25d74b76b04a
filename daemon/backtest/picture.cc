#include "daemon/backtest/picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace cellvigil::backtest {
namespace {

constexpr double kDaysPerMonth = 365.25 / 12;
constexpr int kLeft = 60;
constexpr int kPlotWidth = 560;
constexpr int kLegendWidth = 260;
constexpr int kPlotHeight = 200;
constexpr int kPanelHeight = 280;
constexpr int kTop = 50;
constexpr int kMonthsPerTick = 12;
// Told apart by people who do not see red and green apart (Okabe and Ito); dashes for black and white.
constexpr std::array<const char*, simulate::kScenarios> kColours{"#000000", "#0072B2", "#E69F00", "#009E73",
                                                                 "#CC79A7", "#D55E00", "#56B4E9"};
constexpr std::array<const char*, simulate::kScenarios> kDashes{"none", "8 3", "2 2", "8 3 2 3", "12 4", "5 5", "1 4"};

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

struct Frame {
    int top = 0;
    int months = 12;
    double x(double days) const { return kLeft + kPlotWidth * days / kDaysPerMonth / months; }
    double y(double probability) const { return top + kPlotHeight * (1 - probability); }
};

std::string axes(const Frame& frame) {
    std::string svg;
    for (int percent = 0; percent <= 100; percent += 25) {
        const double y = frame.y(percent / 100.0);
        svg += fmt::format(
            "<line x1='{}' x2='{}' y1='{:.1f}' y2='{:.1f}' stroke='#ddd'/><text x='{}' y='{:.1f}' "
            "text-anchor='end'>{}%</text>\n",
            kLeft, kLeft + kPlotWidth, y, y, kLeft - 6, y + 4, percent);
    }
    for (int month = 0; month <= frame.months; month += kMonthsPerTick)
        svg += fmt::format("<text x='{:.1f}' y='{}' text-anchor='middle'>{}</text>\n", frame.x(month * kDaysPerMonth),
                           frame.top + kPlotHeight + 16, month);
    svg += fmt::format("<text x='{}' y='{}' text-anchor='middle'>months since the first infusion</text>\n",
                       kLeft + kPlotWidth / 2, frame.top + kPlotHeight + 32);
    return svg;
}

// A step up at every alarm, at most one point a month.
std::string line_of(const Characteristics& row, const Frame& frame) {
    std::string points;
    std::size_t alarms = 0;
    for (int month = 0; month <= frame.months; ++month) {
        const double until = month * kDaysPerMonth;
        while (alarms < row.alarm_days.size() && row.alarm_days[alarms] <= until) ++alarms;
        const double share = row.runs == 0 ? 0 : static_cast<double>(alarms) / static_cast<double>(row.runs);
        points += fmt::format("{:.1f},{:.1f} ", frame.x(until), frame.y(share));
    }
    const auto scenario = static_cast<std::size_t>(row.scenario);
    return fmt::format("<polyline points='{}' fill='none' stroke='{}' stroke-width='2' stroke-dasharray='{}'/>\n",
                       points, kColours.at(scenario), kDashes.at(scenario));
}

std::string legend(const Characteristics& row, int top, int line) {
    const auto scenario = static_cast<std::size_t>(row.scenario);
    const int x = kLeft + kPlotWidth + 20;
    const int y = top + 14 + 18 * line;
    return fmt::format(
        "<line x1='{}' x2='{}' y1='{}' y2='{}' stroke='{}' stroke-width='2' stroke-dasharray='{}'/><text x='{}' "
        "y='{}'>{} {:.1f}%</text>\n",
        x, x + 30, y - 4, y - 4, kColours.at(scenario), kDashes.at(scenario), x + 38, y, name_of(row.scenario),
        100 * row.alarm.value);
}

}  // namespace

std::string as_svg(const Heading& heading, const std::vector<Characteristics>& rows) {
    std::vector<std::string> monitors;
    std::int32_t last = 0;
    for (const Characteristics& row : rows) {
        if (std::find(monitors.begin(), monitors.end(), row.monitor) == monitors.end()) monitors.push_back(row.monitor);
        if (!row.alarm_days.empty()) last = std::max(last, row.alarm_days.back());
    }
    const int months = std::max(1, static_cast<int>(std::ceil(last / kDaysPerMonth / kMonthsPerTick))) * kMonthsPerTick;
    const int width = kLeft + kPlotWidth + kLegendWidth;
    const int height = kTop + kPanelHeight * static_cast<int>(monitors.size());
    std::string svg = fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}' viewBox='0 0 {} {}' font-family='sans-serif' "
        "font-size='12'>\n<rect width='100%' height='100%' fill='white'/>\n<text x='{}' y='20' font-size='15'>{}: "
        "cumulative probability of an alarm</text>\n<text x='{}' y='36' fill='#555'>{} cohorts of {} subjects like {}, "
        "rates {}, seed {}; dashed grey: exact alpha</text>\n",
        width, height, width, height, kLeft, escaped(heading.pack), kLeft, heading.runs, heading.subjects,
        escaped(heading.preset), heading.base == Base::at_limit ? "at the limits" : "of the product", heading.seed);
    for (std::size_t i = 0; i < monitors.size(); ++i) {
        const Frame frame{kTop + 24 + kPanelHeight * static_cast<int>(i), months};
        svg +=
            fmt::format("<text x='{}' y='{}' font-size='14'>{}</text>\n", kLeft, frame.top - 8, escaped(monitors[i]));
        svg += axes(frame);
        int line = 0;
        for (const Characteristics& row : rows) {
            if (row.monitor != monitors[i]) continue;
            if (line == 0)
                svg += fmt::format(
                    "<line x1='{}' x2='{}' y1='{:.1f}' y2='{:.1f}' stroke='#777' stroke-dasharray='4 4'/>\n", kLeft,
                    kLeft + kPlotWidth, frame.y(row.alpha), frame.y(row.alpha));
            svg += line_of(row, frame);
            svg += legend(row, frame.top, line++);
        }
    }
    return svg + "</svg>\n";
}

}  // namespace cellvigil::backtest
